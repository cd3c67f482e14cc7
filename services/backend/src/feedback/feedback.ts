import { randomUUID } from 'node:crypto';
import { maxInputs } from '../env.ts';
import { ServiceError } from '../errors.ts';
import type { Classifier } from '../inference/classifier.ts';
import type { Prediction } from '../inference/decode.ts';
import { tasks, type ByTask } from '../inference/tasks.ts';
import type { Metrics } from '../metrics.ts';
import { AccuracyWindow, windowSize } from './accuracy-window.ts';
import { keyed } from './keys.ts';
import { audited } from './sql-store.ts';
import {
  KeyReusedError,
  type Action,
  type FeedbackRow,
  type FeedbackStore,
  type TrainingRow,
} from './store.ts';

/** What a person says of one text. Times are seconds from the beginning of the source. */
export interface FeedbackItem extends ByTask<string> {
  text: string;
  /** Where it is missing: edited when a label differs from the model's, else confirmed. */
  action?: Action;
  source?: string;
  start_time?: number;
  end_time?: number;
  /** Makes sending the item again harmless. */
  key?: string;
}

export interface Feedback {
  /** How right the model is by it. */
  readonly accuracy: AccuracyWindow;
  /**
   * Stores all items or none, each with the model's own answer on its text.
   * @param requestKey makes sending the whole list again harmless.
   * @param signal gives up what still waits for the model.
   * @returns once they survive a crash: the id of each; for those that were stored before, the id from then.
   * @throws {ServiceError} 409 for a key of other content, 503 when they can't be stored, and what classifying throws.
   */
  add: (
    items: readonly FeedbackItem[],
    options: { requestKey?: string | undefined; signal: AbortSignal },
  ) => Promise<string[]>;
  /** All there is, oldest first, in the columns of the training data. @throws {ServiceError} 503 */
  rows: () => AsyncIterable<TrainingRow>;
}

export interface FeedbackOptions {
  store: FeedbackStore;
  classifier: Pick<Classifier, 'model' | 'classify'>;
  metrics: Metrics;
}

/** Measures the model on what is stored, and from then on on what comes. */
export async function startFeedback({ store, classifier, metrics }: FeedbackOptions): Promise<Feedback> {
  const { model } = classifier;
  const accuracy = new AccuracyWindow(await store.newest(model, windowSize), metrics);

  /** A part at a time: the queue has room for one request, and others want to be served in between. */
  const predict = async (texts: readonly string[], signal: AbortSignal) => {
    const predictions: Prediction[] = [];
    for (let start = 0; start < texts.length; start += maxInputs) {
      const part = texts.slice(start, start + maxInputs);
      predictions.push(...(await classifier.classify(part, signal)));
    }
    return predictions;
  };

  return {
    accuracy,
    add: async (items, { requestKey, signal }) => {
      const predictions = await predict(
        items.map(({ text }) => text),
        signal,
      );
      const received_at = new Date().toISOString();
      const { name: model_name, version: model_version } = model;
      const rows = keyed(items, requestKey).map(({ item, ...key }, index): FeedbackRow => {
        const prediction = predictions[index];
        if (prediction === undefined) throw new Error(`The model did not answer text ${index}.`);
        const labels = labelled(item, prediction);
        return { id: randomUUID(), ...key, received_at, ...labels, model_name, model_version };
      });
      const stored = await store.add(rows).catch((error: unknown) => {
        throw refusal(error, items);
      });
      accuracy.push(rows.filter((_row, index) => stored[index]?.added).map(audited));
      return stored.map(({ id }) => id);
    },

    rows: async function* () {
      try {
        yield* store.rows();
      } catch (error) {
        throw unavailable('The feedback could not be read; try again a little later.', error);
      }
    },
  };
}

function labelled(item: FeedbackItem, prediction: Prediction) {
  const { text, emotion, sub_emotion, intensity, source = null, start_time = null, end_time = null } = item;
  const differs = tasks.some((task) => item[task] !== prediction[task].label);
  return {
    ...{ text, emotion, sub_emotion, intensity, source, start_time, end_time },
    action: item.action ?? (differs ? 'edited' : 'confirmed'),
    predicted_emotion: prediction.emotion.label,
    predicted_sub_emotion: prediction.sub_emotion.label,
    predicted_intensity: prediction.intensity.label,
    emotion_confidence: prediction.emotion.confidence,
    sub_emotion_confidence: prediction.sub_emotion.confidence,
    intensity_confidence: prediction.intensity.confidence,
  } as const;
}

function refusal(error: unknown, items: readonly FeedbackItem[]): ServiceError {
  if (!(error instanceof KeyReusedError)) {
    return unavailable(
      'The feedback could not be stored; send it again, with the same key, a little later.',
      error,
    );
  }
  if (items[error.index]?.key === undefined) {
    const message =
      'The Idempotency-Key was used before for another request: give this one a key of its own.';
    return new ServiceError(409, 'key_reused', message);
  }
  const field = `items/${error.index}/key`;
  const message = `${field} was used before for other content: give each correction a key of its own.`;
  return new ServiceError(409, 'key_reused', message, { field });
}

/** The log gets the database's words, but none of its details: those may quote a text. */
function unavailable(message: string, error: unknown): ServiceError {
  const { message: reason, code = 'unknown' } = error as Error & { code?: string };
  const cause = new Error(`${reason} (${code})`);
  return new ServiceError(503, 'feedback_unavailable', message, { retryAfter: 5, cause });
}
