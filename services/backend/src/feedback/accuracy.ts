import type { ByTask, Task } from '../inference/tasks.ts';

/** What a person and the model say of the same text. */
export interface Audited {
  /** Of the feedback. */
  id: string;
  truth: ByTask<string>;
  predicted: ByTask<string>;
  /** Calibrated probability of the predicted label. */
  confidence: ByTask<number>;
}

/** Share of labels predicted right, 0 to 1. */
export function accuracy(rows: readonly Audited[], task: Task): number {
  return mean(rows.map((row) => right(row, task)));
}

/**
 * F1 of each label, weighted by how often it is the true one, 0 to 1; as scikit-learn's `average="weighted"`, with 0 for
 * a label that was never predicted right.
 */
export function weightedF1(rows: readonly Audited[], task: Task): number {
  const true_ = count(rows.map(({ truth }) => truth[task]));
  const predicted = count(rows.map((row) => row.predicted[task]));
  const hits = count(rows.filter((row) => right(row, task) === 1).map(({ truth }) => truth[task]));
  let total = 0;
  for (const [label, support] of true_) {
    const f1 = (2 * (hits.get(label) ?? 0)) / (support + (predicted.get(label) ?? 0));
    total += f1 * support;
  }
  return total / rows.length;
}

/** Accuracies of 0 to 1, and what lies between them. */
export interface Loss {
  /** Mean confidence. */
  expected: number;
  observed: number;
  /** Of the difference. */
  standardError: number;
  /** max(0, expected - observed - 1.64 SE): what chance does not explain. */
  lost: number;
}

/**
 * Accuracy lost beyond chance on these rows. Of a calibrated model it is above 0 in 5% of windows.
 *
 * SE is that of the mean difference of confidence and outcome, row by row. The rows are the same on both sides, so the
 * two vary together; the SE of the observed accuracy alone would be too large where confidence tells right from wrong,
 * and 0 where every answer is wrong.
 */
export function accuracyLoss(rows: readonly Audited[], task: Task): Loss {
  const expected = mean(rows.map(({ confidence }) => confidence[task]));
  const observed = accuracy(rows, task);
  const difference = expected - observed;
  const squares = rows.map((row) => (row.confidence[task] - right(row, task) - difference) ** 2);
  const standardError = Math.sqrt(mean(squares) / (rows.length - 1));
  return { expected, observed, standardError, lost: Math.max(0, difference - 1.64 * standardError) };
}

/** Whether the model predicted what is true, 1 or 0. */
export function right({ truth, predicted }: Audited, task: Task): 0 | 1 {
  return truth[task] === predicted[task] ? 1 : 0;
}

function count(labels: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1);
  return counts;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
