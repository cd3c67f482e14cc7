import { useCallback, useEffect, useReducer, useRef } from 'react';
import { ServiceError } from '../service/client.ts';
import type { Transcript } from '../transcript/parse.ts';
import { reduceAnalysis } from './analysis.ts';
import { classifyAll } from './classify-all.ts';

/** The one analysis that the page shows: starts it, stops it, goes on where it ended, and forgets it. */
export function useAnalysis() {
  const [analysis, dispatch] = useReducer(reduceAnalysis, null);
  const running = useRef<AbortController>(null);

  const run = useCallback(async (texts: readonly string[]) => {
    running.current?.abort();
    const controller = new AbortController();
    running.current = controller;
    try {
      await classifyAll(texts, {
        signal: controller.signal,
        onAnswer: ({ model, predictions }) => {
          if (!controller.signal.aborted) dispatch({ type: 'answered', model, predictions });
        },
        onPause: (seconds) => {
          dispatch({ type: 'paused', seconds });
        },
      });
    } catch (error) {
      if (controller.signal.aborted) return;
      if (!(error instanceof ServiceError)) throw error;
      dispatch({ type: 'failed', error });
    }
  }, []);

  const start = useCallback(
    (transcript: Transcript) => {
      dispatch({ type: 'started', transcript });
      void run(transcript.sentences.map(({ text }) => text));
    },
    [run],
  );

  /** Goes on after a stop or a failure; what is there already is kept. */
  const resume = useCallback(() => {
    if (analysis === null) return;
    dispatch({ type: 'resumed' });
    void run(analysis.transcript.sentences.slice(analysis.predictions.length).map(({ text }) => text));
  }, [analysis, run]);

  const stop = useCallback(() => {
    running.current?.abort();
    dispatch({ type: 'stopped' });
  }, []);

  const clear = useCallback(() => {
    running.current?.abort();
    dispatch({ type: 'cleared' });
  }, []);

  useEffect(() => () => running.current?.abort(), []);

  return { analysis, start, resume, stop, clear };
}
