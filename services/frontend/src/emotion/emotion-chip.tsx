import { formatShare } from '../format.ts';
import type { Scored } from '../service/client.ts';
import { EmotionFace } from './emotion-face.tsx';
import { certainFrom, labelText } from './emotions.ts';

/** Face, name and confidence; a doubtful one says so. */
export function EmotionChip({ emotion }: { emotion: Scored }) {
  const uncertain = emotion.confidence < certainFrom;
  return (
    <span className="emotion-chip" data-emotion={emotion.label} data-uncertain={uncertain || undefined}>
      <EmotionFace emotion={emotion.label} />
      <span className="emotion-chip-name">{labelText(emotion.label)}</span>
      <span className="emotion-chip-confidence">
        {formatShare(emotion.confidence)}
        <span className="visually-hidden"> confidence{uncertain && ', uncertain'}</span>
        {uncertain && <span aria-hidden> ?</span>}
      </span>
    </span>
  );
}
