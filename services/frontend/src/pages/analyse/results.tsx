import { lazy, Suspense, useCallback, useDeferredValue, useEffect, useMemo, useRef, useState } from 'react';
import type { Analysis } from '../../analysis/analysis.ts';
import { toCsv } from '../../analysis/csv.ts';
import { isUncertain, leading, summarise, type Summary } from '../../analysis/summary.ts';
import { formatSentences, formatShare } from '../../format.ts';
import { describeFormat } from './describe-format.ts';
import { Distribution, type Filter } from './distribution.tsx';
import { downloadText } from './download.ts';
import { Progress } from './progress.tsx';
import { SentenceList } from './sentence-list.tsx';
import './results.css';

// The chart library is most of the page's script; results can be read before it is there.
const EmotionTimeline = lazy(() => import('./emotion-timeline.tsx'));

const everything: Filter = { emotions: new Set(), uncertainOnly: false };

interface ResultsProps {
  analysis: Analysis;
  onStop: () => void;
  onResume: () => void;
  onEdit: () => void;
  onNew: () => void;
}

/** What the model read: in one line, along the time line, by emotion, and sentence by sentence. */
export function Results({ analysis, onStop, onResume, onEdit, onNew }: ResultsProps) {
  const { transcript, predictions, model, progress } = analysis;
  const [filter, setFilter] = useState(everything);
  const [selected, setSelected] = useState<number>();
  const heading = useRef<HTMLHeadingElement>(null);
  // Answers keep coming while a long transcript runs; typing and scrolling go first.
  const deferred = useDeferredValue(predictions);
  const summary = useMemo(() => summarise(deferred), [deferred]);

  useEffect(() => {
    heading.current?.focus();
  }, []);

  const matches = useMemo(() => {
    const { emotions, uncertainOnly } = filter;
    return transcript.sentences.map((_sentence, index) => {
      const prediction = deferred[index];
      if (!prediction) return emotions.size === 0 && !uncertainOnly;
      const emotionFits = emotions.size === 0 || emotions.has(prediction.emotion.label);
      return emotionFits && (!uncertainOnly || isUncertain(prediction));
    });
  }, [filter, transcript, deferred]);

  const showAll = useCallback(() => {
    setFilter(everything);
  }, []);
  const select = useCallback(
    (index: number) => {
      if (!matches[index]) showAll();
      setSelected(index);
    },
    [matches, showAll],
  );

  return (
    <div className="results">
      <header className="results-header">
        <div>
          <h1 ref={heading} tabIndex={-1}>
            {headline(summary, transcript.sentences.length)}
          </h1>
          <p className="results-about">
            {formatSentences(transcript.sentences.length)} · {describeFormat(transcript)}
            {model && ` · read by ${model.name} ${model.version}`}
          </p>
        </div>
        <div className="results-actions">
          <button className="button" type="button" onClick={onNew}>
            New text
          </button>
          <button className="button" type="button" onClick={onEdit}>
            Edit text
          </button>
          {predictions.length > 0 && (
            <button
              className="button button-primary"
              type="button"
              onClick={() => {
                downloadText('emotions.csv', 'text/csv', toCsv(transcript.sentences, predictions));
              }}
            >
              Download CSV
            </button>
          )}
        </div>
      </header>
      <Progress analysis={analysis} onStop={onStop} onResume={onResume} />
      <p className="visually-hidden" role="status">
        {progress.state === 'running' && predictions.length === 0 && 'Analysing.'}
        {progress.state === 'done' && `Done. ${headline(summary, transcript.sentences.length)}`}
      </p>
      {summary.total > 0 && (
        <>
          <Suspense fallback={<div className="timeline card" aria-busy />}>
            <EmotionTimeline
              sentences={transcript.sentences}
              predictions={deferred}
              matches={matches}
              onSelect={select}
            />
          </Suspense>
          <div className="results-body">
            <Distribution summary={summary} filter={filter} onFilter={setFilter} />
            <SentenceList
              sentences={transcript.sentences}
              predictions={deferred}
              matches={matches}
              pending={progress.state === 'running' || progress.state === 'waiting'}
              selected={selected}
              onShowAll={showAll}
            />
          </div>
        </>
      )}
    </div>
  );
}

/** "Mostly neutral (41%), then happiness (23%)"; before the first answer, how much there is to read. */
function headline(summary: Summary, sentences: number) {
  const [first, second] = leading(summary);
  if (!first) return `Reading ${formatSentences(sentences)}`;
  if (!second) return sentences === 1 ? `It reads as ${first.label}` : `All of it reads as ${first.label}`;
  const lead = first.share > 0.5 ? 'Mostly ' : '';
  const text = `${lead}${first.label} (${formatShare(first.share)}), then ${second.label} (${formatShare(second.share)})`;
  return text.charAt(0).toUpperCase() + text.slice(1);
}
