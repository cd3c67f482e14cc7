import { memo } from 'react';
import { useXAxisScale, useYAxisScale } from 'recharts';
import { isUncertain } from '../../analysis/summary.ts';
import { intensities } from '../../emotion/emotions.ts';
import type { Prediction } from '../../service/client.ts';
import type { Place } from './timeline-scale.ts';

/** The mark under the pointer, in pixels of the chart. */
export interface Pointed {
  index: number;
  x: number;
  y: number;
}

interface TimelineMarksProps {
  places: readonly Place[];
  predictions: readonly Prediction[];
  lanes: readonly string[];
  matches: readonly boolean[];
  onPoint: (pointed: Pointed | undefined) => void;
  onSelect: (index: number) => void;
}

/** Pixels, by intensity. */
const markHeights = [8, 14, 20];

/**
 * The marks inside the chart's axes. Plain rectangles instead of the library's Scatter, which takes a second for the
 * three thousand sentences of two hours, at each answer.
 */
export function TimelineMarks({
  places,
  predictions,
  lanes,
  matches,
  onPoint,
  onSelect,
}: TimelineMarksProps) {
  const x = useXAxisScale();
  const y = useYAxisScale();
  if (!x || !y) return null;
  return (
    <g
      onPointerLeave={() => {
        onPoint(undefined);
      }}
    >
      {predictions.map((prediction, index) => {
        const place = places[index];
        if (!place) return null;
        // A small gap keeps neighbours apart; in a long transcript each sentence still shows.
        const left = (x(place.from) ?? 0) + 1;
        const width = Math.max(1.5, (x(place.to) ?? 0) - left - 1.5);
        return (
          <Mark
            // Sentences repeat; their place in the transcript does not.
            key={index}
            index={index}
            left={left}
            width={width}
            middle={y(lanes.indexOf(prediction.emotion.label)) ?? 0}
            prediction={prediction}
            faded={!matches[index]}
            onPoint={onPoint}
            onSelect={onSelect}
          />
        );
      })}
    </g>
  );
}

interface MarkProps extends Pick<TimelineMarksProps, 'onPoint' | 'onSelect'> {
  index: number;
  left: number;
  width: number;
  middle: number;
  prediction: Prediction;
  faded: boolean;
}

const Mark = memo(function Mark({
  index,
  left,
  width,
  middle,
  prediction,
  faded,
  onPoint,
  onSelect,
}: MarkProps) {
  const strength = intensities.findIndex((label) => label === prediction.intensity.label);
  const height = markHeights[strength] ?? 14;
  return (
    <rect
      className="timeline-mark"
      data-emotion={prediction.emotion.label}
      data-uncertain={isUncertain(prediction) || undefined}
      data-faded={faded || undefined}
      x={left}
      y={middle - height / 2}
      width={width}
      height={height}
      rx={Math.min(3, width / 2)}
      onPointerEnter={() => {
        onPoint({ index, x: left + width / 2, y: middle + height / 2 });
      }}
      onClick={() => {
        onSelect(index);
      }}
    />
  );
});
