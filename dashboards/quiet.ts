import { isPlanned, metricOf, seriesNames } from '@emotion-stack/metrics';

/**
 * A panel whose query may rightly return nothing is declared quiet: its `empty` says why, and stands where its values
 * would. `./stack verify` takes every other empty answer for a fault, because an empty panel looks the same whether
 * nothing has happened or the query is wrong.
 */
export const noData = 'No data';

/** Why a panel may be empty; undefined where it may not. `noValue` is the text that Grafana shows in its place. */
export function declared(noValue: string | undefined, expressions: readonly string[]): string | undefined {
  return unpublished(expressions) ?? (noValue === noData ? undefined : noValue);
}

/** Names the metrics that the catalogue has and nobody publishes yet, as a sentence; undefined where there are none. */
export function unpublished(expressions: readonly string[]): string | undefined {
  const names = expressions.flatMap(seriesNames).map((series) => metricOf(series) ?? series);
  const planned = [...new Set(names)].filter(isPlanned);
  return planned.length === 0 ? undefined : `No service publishes ${planned.join(' and ')} yet`;
}
