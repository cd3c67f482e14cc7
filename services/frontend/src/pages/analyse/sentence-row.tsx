import { memo, useEffect, useRef, useState } from 'react';
import { EmotionChip } from '../../emotion/emotion-chip.tsx';
import { intensities, inDisplayOrder, labelText } from '../../emotion/emotions.ts';
import { IntensityMark } from '../../emotion/intensity-mark.tsx';
import { formatShare, formatTime } from '../../format.ts';
import type { Prediction, Scored } from '../../service/client.ts';
import type { Sentence } from '../../transcript/parse.ts';

interface SentenceRowProps {
  sentence: Sentence;
  prediction: Prediction | undefined;
  pending: boolean;
  selected: boolean;
}

/** One sentence with its labels; opened, it shows how sure the model was of each. */
export const SentenceRow = memo(function SentenceRow({
  sentence,
  prediction,
  pending,
  selected,
}: SentenceRowProps) {
  const row = useRef<HTMLDetailsElement>(null);
  const [open, setOpen] = useState(false);

  useEffect(() => {
    if (!selected || !row.current) return;
    row.current.open = true;
    row.current.scrollIntoView({ block: 'center' });
    row.current.querySelector('summary')?.focus({ preventScroll: true });
  }, [selected]);

  const content = (
    <>
      {sentence.start !== undefined && <span className="sentence-time">{formatTime(sentence.start)}</span>}
      <span className="sentence-text">{sentence.text}</span>
    </>
  );
  if (!prediction) {
    return (
      <li className="sentence sentence-row sentence-pending">
        {content}
        <span className="sentence-missing">{pending ? 'Waiting' : 'Not read'}</span>
      </li>
    );
  }
  return (
    <li className="sentence" data-emotion={prediction.emotion.label}>
      <details
        ref={row}
        onToggle={(event) => {
          setOpen(event.currentTarget.open);
        }}
      >
        <summary className="sentence-row">
          {content}
          <span className="sentence-labels">
            <EmotionChip emotion={prediction.emotion} />
            <span className="sentence-sub-emotion">{labelText(prediction.sub_emotion.label)}</span>
            <IntensityMark intensity={prediction.intensity.label} />
          </span>
        </summary>
        {open && (
          <div className="sentence-scores">
            <Scores title="Emotion" scored={prediction.emotion} order={inDisplayOrder} coloured />
            <Scores title="Shade" scored={prediction.sub_emotion} order={likeliest(prediction.sub_emotion)} />
            <Scores title="Intensity" scored={prediction.intensity} order={byStrength} />
          </div>
        )}
      </details>
    </li>
  );
});

const byStrength = (labels: readonly string[]) => inDisplayOrder(labels, intensities);

/** Of 28 sub-emotions only the likeliest say something. */
const likeliest =
  ({ scores }: Scored) =>
  (labels: readonly string[]) =>
    [...labels].sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0)).slice(0, 5);

interface ScoresProps {
  title: string;
  scored: Scored;
  order: (labels: string[]) => string[];
  coloured?: boolean;
}

function Scores({ title, scored, order, coloured = false }: ScoresProps) {
  return (
    <section>
      <h3>{title}</h3>
      <dl className="scores">
        {order(Object.keys(scored.scores)).map((label) => (
          <div
            key={label}
            data-emotion={coloured ? label : undefined}
            data-chosen={label === scored.label || undefined}
          >
            <dt>{labelText(label)}</dt>
            <dd>
              <svg className="scores-bar" width="100%" height="6" aria-hidden>
                <rect className="scores-track" width="100%" height="6" rx="3" />
                <rect
                  className="distribution-fill"
                  width={`${100 * (scored.scores[label] ?? 0)}%`}
                  height="6"
                  rx="3"
                />
              </svg>
              <span className="scores-figure">{formatShare(scored.scores[label] ?? 0)}</span>
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
