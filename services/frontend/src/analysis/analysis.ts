import { ServiceError, type Model, type Prediction } from '../service/client.ts';
import type { Transcript } from '../transcript/parse.ts';

/** A transcript on its way through the model. Predictions arrive in the order of the sentences. */
export interface Analysis {
  transcript: Transcript;
  predictions: readonly Prediction[];
  /** Absent until the first answer. */
  model?: Model;
  progress:
    | { state: 'running' }
    /** The service asked for a pause, in seconds. */
    | { state: 'waiting'; seconds: number }
    | { state: 'done' }
    | { state: 'stopped' }
    | { state: 'failed'; error: ServiceError };
}

export type AnalysisEvent =
  | { type: 'started'; transcript: Transcript }
  | { type: 'resumed' }
  | { type: 'answered'; model: Model; predictions: readonly Prediction[] }
  | { type: 'paused'; seconds: number }
  | { type: 'stopped' }
  | { type: 'failed'; error: ServiceError }
  | { type: 'cleared' };

export function reduceAnalysis(analysis: Analysis | null, event: AnalysisEvent): Analysis | null {
  if (event.type === 'started') {
    return { transcript: event.transcript, predictions: [], progress: { state: 'running' } };
  }
  if (analysis === null || event.type === 'cleared') return null;
  switch (event.type) {
    case 'resumed':
      return { ...analysis, progress: { state: 'running' } };
    case 'answered': {
      const predictions = [...analysis.predictions, ...event.predictions];
      const done = predictions.length === analysis.transcript.sentences.length;
      return { ...analysis, predictions, model: event.model, progress: { state: done ? 'done' : 'running' } };
    }
    case 'paused':
      return { ...analysis, progress: { state: 'waiting', seconds: event.seconds } };
    case 'stopped':
      return { ...analysis, progress: { state: 'stopped' } };
    case 'failed':
      return { ...analysis, progress: { state: 'failed', error: event.error } };
  }
}
