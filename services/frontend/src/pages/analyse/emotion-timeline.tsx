import { memo, useMemo, useState } from 'react';
import { DefaultZIndexes, ReferenceLine, ResponsiveContainer, ScatterChart, XAxis, YAxis } from 'recharts';
import { emotions, inDisplayOrder, labelText } from '../../emotion/emotions.ts';
import { formatCount, formatTime } from '../../format.ts';
import type { Prediction } from '../../service/client.ts';
import type { Sentence } from '../../transcript/parse.ts';
import { TimelineMarks, type Pointed } from './timeline-marks.tsx';
import { axisTicks, placeSentences } from './timeline-scale.ts';
import { TimelineTooltip } from './timeline-tooltip.tsx';
import './timeline.css';

interface EmotionTimelineProps {
  sentences: readonly Sentence[];
  predictions: readonly Prediction[];
  matches: readonly boolean[];
  onSelect: (index: number) => void;
}

/** Pixels. */
const laneHeight = 34;
const axisHeight = 28;

/** Each sentence as a mark: along the time, in the lane of its emotion, the taller the stronger. */
export default memo(function EmotionTimeline(props: EmotionTimelineProps) {
  const { sentences, predictions, matches, onSelect } = props;
  const [pointed, setPointed] = useState<Pointed>();
  const { places, end, timed } = useMemo(() => placeSentences(sentences), [sentences]);
  const lanes = useMemo(
    () => inDisplayOrder(new Set([...emotions, ...predictions.map(({ emotion }) => emotion.label)])),
    [predictions],
  );
  const title = timed ? 'Over time' : 'From start to end';

  return (
    <figure className="timeline card">
      <figcaption className="timeline-caption">
        <h2>{title}</h2>
        <p>One mark per sentence: the taller, the stronger; outlined where the model is uncertain.</p>
      </figcaption>
      <div
        className="timeline-chart"
        role="img"
        aria-label={`Emotions ${title.toLowerCase()}. The list below says the same.`}
      >
        <ResponsiveContainer width="100%" height={lanes.length * laneHeight + axisHeight}>
          <ScatterChart accessibilityLayer={false} margin={{ top: 0, right: 12, bottom: 0, left: 0 }}>
            {lanes.map((label, lane) => (
              <ReferenceLine key={label} y={lane} className="timeline-lane" zIndex={DefaultZIndexes.grid} />
            ))}
            <XAxis
              type="number"
              // Names no data: without a key the axis would count entries instead of taking its domain.
              dataKey="time"
              domain={[0, end]}
              allowDataOverflow
              ticks={axisTicks(end, timed)}
              tickFormatter={timed ? formatTime : formatCount}
              height={axisHeight}
              tickLine={false}
              axisLine={false}
              interval="preserveStartEnd"
            />
            <YAxis
              type="number"
              domain={[-0.5, lanes.length - 0.5]}
              allowDataOverflow
              reversed
              ticks={lanes.map((_label, lane) => lane)}
              tickFormatter={(lane: number) => labelText(lanes[lane] ?? '')}
              width={80}
              interval={0}
              tickLine={false}
              axisLine={false}
            />
            <TimelineMarks
              places={places}
              predictions={predictions}
              lanes={lanes}
              matches={matches}
              onPoint={setPointed}
              onSelect={onSelect}
            />
          </ScatterChart>
        </ResponsiveContainer>
        {pointed && (
          <TimelineTooltip
            pointed={pointed}
            sentence={sentences[pointed.index]}
            prediction={predictions[pointed.index]}
          />
        )}
      </div>
    </figure>
  );
});
