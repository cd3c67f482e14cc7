import { useState } from 'react';
import { useAnalysis } from '../../analysis/use-analysis.ts';
import { Notice } from '../../notice.tsx';
import type { ServiceState } from '../../service/use-service.ts';
import { Composer } from './composer.tsx';
import { LabelOverview } from './label-overview.tsx';
import { Results } from './results.tsx';

interface AnalysePageProps {
  service: ServiceState;
  onRetry: () => void;
}

/** First the text, then what the model reads in it. */
export function AnalysePage({ service, onRetry }: AnalysePageProps) {
  const [text, setText] = useState('');
  const { analysis, start, resume, stop, clear } = useAnalysis();

  if (analysis) {
    return (
      <Results
        analysis={analysis}
        onStop={stop}
        onResume={resume}
        onEdit={clear}
        onNew={() => {
          setText('');
          clear();
        }}
      />
    );
  }
  return (
    <div className="compose">
      {service.state === 'unreachable' && (
        <Notice
          title={service.error.message}
          message={service.error.advice}
          action={{ label: 'Try again', onClick: onRetry }}
        />
      )}
      <Composer text={text} onChange={setText} onAnalyse={start} />
      {service.state === 'ready' && <LabelOverview labels={service.labels} />}
    </div>
  );
}
