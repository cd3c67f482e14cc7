import type { Analysis } from '../../analysis/analysis.ts';
import { formatCount } from '../../format.ts';
import { Notice } from '../../notice.tsx';

interface ProgressProps {
  analysis: Analysis;
  onStop: () => void;
  onResume: () => void;
}

/** How far the analysis is, and the way on where it ended early. Nothing once all is read. */
export function Progress({ analysis, onStop, onResume }: ProgressProps) {
  const { progress, predictions, transcript } = analysis;
  const total = transcript.sentences.length;
  const soFar = `${formatCount(predictions.length)} of ${formatCount(total)} sentences read`;

  switch (progress.state) {
    case 'done':
      return null;
    case 'failed':
      return (
        <Notice
          title={progress.error.message}
          message={`${progress.error.advice} ${predictions.length > 0 ? `${soFar}; they are kept.` : ''}`}
          action={{ label: 'Try again', onClick: onResume }}
        />
      );
    case 'stopped':
      return (
        <Notice
          tone="remark"
          title="Stopped"
          message={`${soFar}.`}
          action={{ label: 'Read the rest', onClick: onResume }}
        />
      );
    case 'running':
    case 'waiting':
      return (
        <div className="progress">
          <label htmlFor="progress">
            {progress.state === 'waiting'
              ? `The service is busy; going on in ${progress.seconds} s. ${soFar}`
              : soFar}
          </label>
          <progress id="progress" max={total} value={predictions.length} />
          <button className="button" type="button" onClick={onStop}>
            Stop
          </button>
        </div>
      );
  }
}
