import type { RecordingRule } from './rule.ts';

/** How often an alert fired within a time, and for how long altogether. */
export interface Firings {
  times: number;
  seconds: number;
}

/**
 * What Prometheus would have made of an expression.
 * @param held per series that the expression returned: the evaluations at which it did, in ascending unix seconds
 * @param patience `for`, in seconds
 * @param step between two evaluations, in seconds
 */
export function firings(held: number[][], patience: number, step: number): Firings {
  // A missing evaluation ends the wait and the alert, as in Prometheus.
  const spans = held.flatMap((times) => runs(times, step)).filter(({ from, to }) => to - from >= patience);
  return {
    times: spans.length,
    seconds: spans.reduce((sum, { from, to }) => sum + to - from - patience, 0),
  };
}

interface Span {
  from: number;
  to: number;
}

function runs(times: number[], step: number): Span[] {
  const spans: Span[] = [];
  for (const time of times) {
    const last = spans.at(-1);
    // Half a step of tolerance: times are rounded on their way.
    if (last !== undefined && time - last.to <= step * 1.5) last.to = time;
    else spans.push({ from: time, to: time });
  }
  return spans;
}

/** The expression with the queries of recorded series in their place: a new one has no samples yet. */
export function inlined(expr: string, records: RecordingRule[]): string {
  return records.reduce((text, rule) => text.replaceAll(rule.record, `(${rule.expr})`), expr);
}
