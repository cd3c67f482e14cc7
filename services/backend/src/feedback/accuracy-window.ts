import { tasks } from '../inference/tasks.ts';
import type { Metrics } from '../metrics.ts';
import { accuracy, accuracyLost, weightedF1, type Audited } from './accuracy.ts';

/** Labelled texts that accuracy is measured on, the newest. */
export const windowSize = 1000;

/** Fewer say too little: with 50, the standard error of an accuracy is up to 7 points. */
const enough = 50;

type AccuracyMetrics = Pick<
  Metrics,
  'model_accuracy_score' | 'model_f1_score' | 'concept_drift_score' | 'drift_ready' | 'drift_window_size'
>;

/** The newest labelled texts, and the metrics that follow from them. */
export class AccuracyWindow {
  private readonly metrics: AccuracyMetrics;
  private rows: Audited[] = [];

  /** @param rows oldest first. */
  constructor(rows: readonly Audited[], metrics: AccuracyMetrics) {
    this.metrics = metrics;
    this.push(rows);
  }

  /** Lets the oldest rows go for these, and publishes what is true now. */
  push(rows: readonly Audited[]): void {
    this.rows = [...this.rows, ...rows].slice(-windowSize);
    const ready = this.rows.length >= enough;
    const type = 'concept';
    this.metrics.drift_window_size.set({ type }, this.rows.length);
    this.metrics.drift_ready.set({ type }, ready ? 1 : 0);
    if (!ready) {
      this.metrics.concept_drift_score.set(0);
      return;
    }
    const source = 'feedback';
    for (const task of tasks) {
      this.metrics.model_accuracy_score.set({ task, source }, accuracy(this.rows, task));
      this.metrics.model_f1_score.set({ task, source }, weightedF1(this.rows, task));
    }
    this.metrics.concept_drift_score.set(Math.max(...tasks.map((task) => accuracyLost(this.rows, task))));
  }
}
