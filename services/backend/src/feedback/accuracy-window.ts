import { tasks, type ByTask, type Task } from '../inference/tasks.ts';
import type { Metrics } from '../metrics.ts';
import { accuracy, accuracyLoss, right, weightedF1, type Audited, type Loss } from './accuracy.ts';

/** Labelled texts that accuracy is measured on, the newest. */
export const windowSize = 1000;

/** Fewer say too little: with 50, the standard error of an accuracy is up to 7 points. */
const enough = 50;

/** Rows named per task. */
const maxExamples = 5;

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
    const { ready } = this;
    const type = 'concept';
    this.metrics.drift_window_size.set({ type }, this.rows.length);
    this.metrics.drift_ready.set({ type }, ready ? 1 : 0);
    this.metrics.concept_drift_score.set(this.lost);
    if (!ready) return;
    const source = 'feedback';
    for (const task of tasks) {
      this.metrics.model_accuracy_score.set({ task, source }, accuracy(this.rows, task));
      this.metrics.model_f1_score.set({ task, source }, weightedF1(this.rows, task));
    }
  }

  /** Where concept_drift_score comes from. */
  report() {
    const { ready, rows } = this;
    return {
      ready,
      score: this.lost,
      window: { rows: rows.length, of: windowSize, minimum: enough },
      ...(ready && { tasks: this.explained() }),
    };
  }

  /** Whether the window says enough to be judged. */
  private get ready(): boolean {
    return this.rows.length >= enough;
  }

  /** Of the task that lost most; 0 while the window is not ready. */
  private get lost(): number {
    return this.ready ? Math.max(...tasks.map((task) => accuracyLoss(this.rows, task).lost)) : 0;
  }

  private explained(): ByTask<Loss & { examples: string[] }> {
    const explain = (task: Task) => ({
      ...accuracyLoss(this.rows, task),
      examples: this.surestMistakes(task),
    });
    return {
      emotion: explain('emotion'),
      sub_emotion: explain('sub_emotion'),
      intensity: explain('intensity'),
    };
  }

  /** Ids of the rows that cost the most. */
  private surestMistakes(task: Task): string[] {
    return this.rows
      .filter((row) => right(row, task) === 0)
      .sort((one, other) => other.confidence[task] - one.confidence[task])
      .slice(0, maxExamples)
      .map(({ id }) => id);
  }
}
