import { useDeferredValue, useEffect, useMemo, useRef, useState, type KeyboardEvent } from 'react';
import { formatSentences } from '../../format.ts';
import { exampleTranscript } from '../../transcript/example.ts';
import { parseTranscript, type Transcript } from '../../transcript/parse.ts';
import { describeFormat } from './describe-format.ts';
import './composer.css';

interface ComposerProps {
  text: string;
  onChange: (text: string) => void;
  onAnalyse: (transcript: Transcript) => void;
}

/** Takes text or a transcript and says, while it is typed, what was recognised in it. */
export function Composer({ text, onChange, onAnalyse }: ComposerProps) {
  const field = useRef<HTMLTextAreaElement>(null);
  const [refused, setRefused] = useState(false);
  const shown = useDeferredValue(text);
  const transcript = useMemo(() => parseTranscript(shown), [shown]);

  // Back from the results, the text is what the reader came for.
  useEffect(() => {
    if (text !== '') field.current?.focus();
    // eslint-disable-next-line react-hooks/exhaustive-deps -- only where the page opens
  }, []);

  const analyse = (input: string) => {
    const parsed = parseTranscript(input);
    setRefused(parsed.sentences.length === 0);
    if (parsed.sentences.length > 0) onAnalyse(parsed);
    else field.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) analyse(text);
  };

  return (
    <form
      className="composer"
      onSubmit={(event) => {
        event.preventDefault();
        analyse(text);
      }}
    >
      <h1>How does it feel?</h1>
      <p className="composer-lead">
        Paste a text or the transcript of a video. Every sentence gets its emotion, the shade of it, and how
        strong it is.
      </p>
      <div className="composer-card card">
        <label className="composer-label" htmlFor="transcript">
          Text or transcript
        </label>
        <textarea
          id="transcript"
          ref={field}
          value={text}
          rows={9}
          spellCheck={false}
          placeholder={'I can’t believe we made it!\nI was so afraid we would miss the train…'}
          aria-describedby="transcript-status"
          aria-invalid={refused || undefined}
          onKeyDown={onKeyDown}
          onChange={(event) => {
            setRefused(false);
            onChange(event.target.value);
          }}
        />
        <div className="composer-bar">
          <p className="composer-status" id="transcript-status" role={refused ? 'alert' : undefined}>
            {refused
              ? 'There is no word to analyse yet. Write or paste some text, or try the example.'
              : describe(shown, transcript)}
          </p>
          <button
            className="button"
            type="button"
            onClick={() => {
              onChange(exampleTranscript);
              analyse(exampleTranscript);
            }}
          >
            Try an example
          </button>
          <button className="button button-primary" type="submit">
            Analyse
          </button>
        </div>
      </div>
    </form>
  );
}

function describe(text: string, transcript: Transcript) {
  if (text.trim() === '') return 'Plain text, SRT, WebVTT, or lines that begin with a time.';
  const count = transcript.sentences.length;
  if (count === 0) return 'No words found in this text yet.';
  return `${formatSentences(count)} · ${describeFormat(transcript)}`;
}
