import { EmotionChip } from '../../emotion/emotion-chip.tsx';
import { labelText } from '../../emotion/emotions.ts';
import { IntensityMark } from '../../emotion/intensity-mark.tsx';
import { formatTime } from '../../format.ts';
import type { Prediction } from '../../service/client.ts';
import type { Sentence } from '../../transcript/parse.ts';
import type { Pointed } from './timeline-marks.tsx';

interface TimelineTooltipProps {
  pointed: Pointed;
  sentence: Sentence | undefined;
  prediction: Prediction | undefined;
}

/** The sentence under the pointer, below its mark and within the chart. */
export function TimelineTooltip({ pointed, sentence, prediction }: TimelineTooltipProps) {
  if (!sentence || !prediction) return null;
  return (
    <div
      className="timeline-tooltip card"
      // Half its width is at most 11rem (see timeline.css); it must not leave the card at either side.
      style={{ top: pointed.y + 8, left: `clamp(min(11rem, 29vw), ${pointed.x}px, 100% - min(11rem, 29vw))` }}
    >
      <p>
        {sentence.start !== undefined && <span className="sentence-time">{formatTime(sentence.start)} </span>}
        {sentence.text}
      </p>
      <p className="timeline-tooltip-labels">
        <EmotionChip emotion={prediction.emotion} />
        {labelText(prediction.sub_emotion.label)}
        <IntensityMark intensity={prediction.intensity.label} />
      </p>
    </div>
  );
}
