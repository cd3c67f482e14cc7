import type { Task } from '../inference/tasks.ts';
import type { Audited } from './accuracy.ts';

/** `edited`: a person gave other labels than they were shown; `confirmed`: they agreed. */
export const actions = ['edited', 'confirmed'] as const;
export type Action = (typeof actions)[number];

/** One text that a person labelled, with what the model says of it. Named as the columns are, in both databases. */
export interface FeedbackRow
  extends Record<Task, string>, Record<`predicted_${Task}`, string>, Record<`${Task}_confidence`, number> {
  /** UUID. */
  id: string;
  /** At most one row has it, so that sending it again stores nothing twice; null where none was given. */
  key: string | null;
  /** Hash of what was sent under the key. */
  fingerprint: string;
  /** ISO 8601, UTC. */
  received_at: string;
  action: Action;
  text: string;
  /** Where the text comes from, such as the id of a video. */
  source: string | null;
  /** Seconds from the beginning of the source. */
  start_time: number | null;
  end_time: number | null;
  model_name: string;
  model_version: string;
}

/** The columns of the training data. */
export type TrainingRow = Pick<FeedbackRow, 'text' | Task>;

/** Labelled texts, kept for good. */
export interface FeedbackStore {
  /**
   * Adds all rows or none. Rows whose key and fingerprint are stored already are left as they are.
   * @returns once the rows survive a crash: the id under which each is stored, and whether it is new.
   * @throws {KeyReusedError} when a key is stored with another fingerprint.
   */
  add: (rows: readonly FeedbackRow[]) => Promise<{ id: string; added: boolean }[]>;
  /** The newest rows that this version of this model was asked about, oldest first. */
  newest: (model: { name: string; version: string }, limit: number) => Promise<Audited[]>;
  /** All rows, oldest first. */
  rows: () => AsyncIterable<TrainingRow>;
  close: () => Promise<void>;
}

/** A key that is stored with other content. */
export class KeyReusedError extends Error {
  /** Place of the row in what was to be added. */
  readonly index: number;

  constructor(index: number) {
    super(`The key of row ${index} is stored with other content.`);
    this.name = 'KeyReusedError';
    this.index = index;
  }
}
