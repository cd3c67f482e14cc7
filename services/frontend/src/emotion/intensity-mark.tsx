import { intensities, labelText } from './emotions.ts';

/** The intensity in words, with one to three bars. */
export function IntensityMark({ intensity }: { intensity: string }) {
  const level = intensities.findIndex((label) => label === intensity);
  return (
    <span className="intensity-mark">
      <svg width="14" height="12" viewBox="0 0 14 12" aria-hidden>
        {intensities.map((label, index) => (
          <rect
            key={label}
            className={index <= level ? 'intensity-bar' : 'intensity-bar intensity-bar-off'}
            x={index * 5}
            y={8 - index * 4}
            width="4"
            height={4 + index * 4}
            rx="1"
          />
        ))}
      </svg>
      {labelText(intensity)}
    </span>
  );
}
