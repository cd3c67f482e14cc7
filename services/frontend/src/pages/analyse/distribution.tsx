import type { Summary } from '../../analysis/summary.ts';
import { EmotionFace } from '../../emotion/emotion-face.tsx';
import { certainFrom, labelText } from '../../emotion/emotions.ts';
import { IntensityMark } from '../../emotion/intensity-mark.tsx';
import { formatCount, formatShare } from '../../format.ts';

export interface Filter {
  /** Shown emotions; all of them while empty. */
  emotions: ReadonlySet<string>;
  uncertainOnly: boolean;
}

interface DistributionProps {
  summary: Summary;
  filter: Filter;
  onFilter: (filter: Filter) => void;
}

/** How often each emotion, intensity and sub-emotion came up; an emotion chosen here filters the sentences. */
export function Distribution({ summary, filter, onFilter }: DistributionProps) {
  const most = Math.max(...summary.emotions.map(({ share }) => share));
  const toggle = (label: string) => {
    const emotions = new Set(filter.emotions);
    if (!emotions.delete(label)) emotions.add(label);
    onFilter({ ...filter, emotions });
  };

  return (
    <aside className="distribution" aria-label="Totals and filters">
      <section className="card" aria-labelledby="distribution-emotions">
        <h2 id="distribution-emotions">Emotions</h2>
        <ul className="distribution-emotions">
          {summary.emotions.map(({ label, count, share }) => (
            <li key={label} data-emotion={label}>
              <button
                type="button"
                aria-pressed={filter.emotions.has(label)}
                disabled={count === 0 && !filter.emotions.has(label)}
                onClick={() => {
                  toggle(label);
                }}
              >
                <EmotionFace emotion={label} size={22} />
                <span className="distribution-name">{labelText(label)}</span>
                <Figures count={count} share={share} />
                <svg className="distribution-bar" width="100%" height="6" aria-hidden>
                  <rect className="distribution-fill" width={`${(100 * share) / most}%`} height="6" rx="3" />
                </svg>
              </button>
            </li>
          ))}
        </ul>
        <button
          className="distribution-uncertain"
          type="button"
          aria-pressed={filter.uncertainOnly}
          disabled={summary.uncertain === 0 && !filter.uncertainOnly}
          onClick={() => {
            onFilter({ ...filter, uncertainOnly: !filter.uncertainOnly });
          }}
        >
          <span>Uncertain (?), below {formatShare(certainFrom)}</span>
          <span className="distribution-figures">{formatCount(summary.uncertain)}</span>
        </button>
      </section>
      <section className="card" aria-labelledby="distribution-intensity">
        <h2 id="distribution-intensity">Intensity</h2>
        <ul className="distribution-plain">
          {summary.intensities.map(({ label, count, share }) => (
            <li key={label}>
              <IntensityMark intensity={label} />
              <Figures count={count} share={share} />
            </li>
          ))}
        </ul>
      </section>
      <section className="card" aria-labelledby="distribution-sub-emotions">
        <h2 id="distribution-sub-emotions">Most frequent shades</h2>
        <ul className="distribution-plain">
          {summary.subEmotions.slice(0, 5).map(({ label, count, share }) => (
            <li key={label}>
              {labelText(label)}
              <Figures count={count} share={share} />
            </li>
          ))}
        </ul>
      </section>
    </aside>
  );
}

function Figures({ count, share }: { count: number; share: number }) {
  return (
    <span className="distribution-figures">
      {formatCount(count)} <span className="distribution-share">{formatShare(share)}</span>
    </span>
  );
}
