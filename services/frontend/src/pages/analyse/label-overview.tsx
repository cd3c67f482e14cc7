import { EmotionFace } from '../../emotion/emotion-face.tsx';
import { inDisplayOrder, labelText } from '../../emotion/emotions.ts';
import type { LabelTree } from '../../service/use-service.ts';

/** What the running model can tell apart, as it says itself. */
export function LabelOverview({ labels }: { labels: LabelTree }) {
  const emotions = inDisplayOrder(Object.keys(labels.emotions));
  return (
    <section className="label-overview" aria-labelledby="label-overview-title">
      <h2 id="label-overview-title">
        {emotions.length} emotions, each in its shades, from {labels.intensities.at(0)} to{' '}
        {labels.intensities.at(-1)}
      </h2>
      <ul>
        {emotions.map((label) => (
          <li key={label}>
            <EmotionFace emotion={label} size={28} />
            <div>
              <h3>{labelText(label)}</h3>
              <p>{labels.emotions[label]?.map(labelText).join(', ').toLowerCase()}</p>
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}
