import { formatCount, formatSentences } from '../../format.ts';
import type { Prediction } from '../../service/client.ts';
import type { Sentence } from '../../transcript/parse.ts';
import { NearScreen } from './near-screen.tsx';
import { SentenceRow } from './sentence-row.tsx';
import './sentences.css';

interface SentenceListProps {
  sentences: readonly Sentence[];
  predictions: readonly Prediction[];
  /** Whether the sentence of that index passes the filter. */
  matches: readonly boolean[];
  /** More answers are on their way. */
  pending: boolean;
  /** Brought into view and opened. */
  selected: number | undefined;
  onShowAll: () => void;
}

/** Rows per block; a short transcript is one block and always whole. */
const blockSize = 150;

/** Pixels that a row takes before its block has been on the screen. */
const typicalRowHeight = 52;

export function SentenceList(props: SentenceListProps) {
  const { sentences, predictions, matches, pending, selected, onShowAll } = props;
  const shown = sentences.flatMap((sentence, index) => (matches[index] ? { sentence, index } : []));
  const blocks = Array.from({ length: Math.ceil(shown.length / blockSize) }, (_block, at) =>
    shown.slice(at * blockSize, (at + 1) * blockSize),
  );
  const timed = sentences.some(({ start }) => start !== undefined);

  return (
    <section className="sentences card" aria-labelledby="sentences-title">
      <header className="sentences-header">
        <h2 id="sentences-title">Sentences</h2>
        {shown.length < sentences.length && (
          <p role="status">
            {formatCount(shown.length)} of {formatSentences(sentences.length)} shown{' '}
            <button className="sentences-all" type="button" onClick={onShowAll}>
              Show all
            </button>
          </p>
        )}
      </header>
      {shown.length === 0 && <p className="sentences-none">No sentence fits these filters.</p>}
      {blocks.map((block) => (
        <NearScreen
          key={block[0]?.index}
          always={blocks.length === 1 || block.some(({ index }) => index === selected)}
          expectedHeight={block.length * typicalRowHeight}
        >
          {() => (
            <ol data-timed={timed || undefined} start={(block[0]?.index ?? 0) + 1}>
              {block.map(({ sentence, index }) => (
                <SentenceRow
                  // Sentences repeat; their place in the transcript does not.
                  key={index}
                  sentence={sentence}
                  prediction={predictions[index]}
                  pending={pending}
                  selected={selected === index}
                />
              ))}
            </ol>
          )}
        </NearScreen>
      ))}
    </section>
  );
}
