import { catalogue } from './catalogue.ts';
import { foreign, type Job } from './foreign.ts';

/** Every metric that may be queried: our own and those of other programs. */
export const metrics = { ...catalogue, ...foreign };

type Metrics = typeof metrics;
type Name = keyof Metrics;
type OfKind<K> = { [N in Name]: Metrics[N]['kind'] extends K ? N : never }[Name];

export type GaugeName = OfKind<'gauge'>;
export type HistogramName = OfKind<'histogram'>;
/** What only ever grows: counters, and the three series of a histogram. */
export type CounterName = OfKind<'counter'> | `${HistogramName}_${'count' | 'sum' | 'bucket'}`;

type LabelsOf<N extends Name> = Metrics[N]['labels'][number];

/** Label names by series name; a histogram stands here as its three series. */
type SeriesLabels = { [N in OfKind<'gauge' | 'counter'>]: LabelsOf<N> } & {
  [H in HistogramName as `${H}_${'count' | 'sum'}`]: LabelsOf<H>;
} & { [H in HistogramName as `${H}_bucket`]: LabelsOf<H> | 'le' };

/** Prometheus adds `job` and `instance` to every series. */
type Label<S extends keyof SeriesLabels> = SeriesLabels[S] | 'job' | 'instance';

/**
 * The bounds that `le` may take. Only those with a fraction: Prometheus 3 stores `le="1"` as `le="1.0"`, so that a
 * matcher on a whole number finds nothing on one of the two versions.
 */
type Bounds<S> = {
  [H in HistogramName]: S extends `${H}_bucket`
    ? Metrics[H] extends { buckets: readonly (infer B extends number)[] }
      ? Extract<`${B}`, `${string}.${string}`>
      : never
    : never;
}[HistogramName];

type Value<T extends string> = T | RegExp | { readonly not: T | RegExp };
type Values<T extends string> = Value<T> | readonly Value<T>[];

/**
 * Label matchers of one series: a string is `=`, a RegExp `=~` (anchored), `{ not }` turns either around, and of
 * several on one label each must hold.
 */
export type Matchers<S extends keyof SeriesLabels> = {
  readonly [L in Label<S>]?: Values<L extends 'job' ? Job : L extends 'le' ? Bounds<S> : string>;
};

declare const labels: unique symbol;

/** A PromQL instant vector that carries the labels L. It is a string: arithmetic is a template literal. */
export type Expr<L extends string = string> = string & { readonly [labels]: L };

/** `5m` in rules; in dashboards Grafana's variables, which follow the zoom. */
export type Window = `${number}${'s' | 'm' | 'h' | 'd'}` | '$__rate_interval' | '$__range';

/** Grafana: at least four scrapes, at least one pixel. */
const dashboardWindow = '$__rate_interval';

function selector(name: string, where: object): string {
  const matchers = Object.entries(where).flatMap(
    ([label, values]: [string, Value<string> | Value<string>[]]) =>
      [values].flat().map((value) => matcher(label, value)),
  );
  return matchers.length === 0 ? name : `${name}{${matchers.join(',')}}`;
}

function matcher(label: string, value: Value<string>): string {
  const negated = typeof value === 'object' && 'not' in value;
  const wanted = negated ? value.not : value;
  return typeof wanted === 'string'
    ? `${label}${negated ? '!=' : '='}${JSON.stringify(wanted)}`
    : `${label}${negated ? '!~' : '=~'}${JSON.stringify(wanted.source)}`;
}

/** The present value of a gauge. */
export function gauge<G extends GaugeName>(name: G, where: Matchers<G> = {}): Expr<Label<G>> {
  return selector(name, where) as Expr<Label<G>>;
}

/** What a gauge will be in so many seconds if it goes on as in the window: a straight line through its samples. */
export function predict<G extends GaugeName>(
  name: G,
  where: Matchers<G>,
  window: Window,
  seconds: number,
): Expr<Label<G>> {
  return `predict_linear(${selector(name, where)}[${window}], ${seconds})` as Expr<Label<G>>;
}

function overWindow(fn: string) {
  return <C extends CounterName>(
    name: C,
    where: Matchers<C> = {},
    window: Window = dashboardWindow,
  ): Expr<Label<C>> => `${fn}(${selector(name, where)}[${window}])` as Expr<Label<C>>;
}

/** Growth of a counter per second, averaged over the window. */
export const rate = overWindow('rate');

/** Growth of a counter over the window. */
export const increase = overWindow('increase');

/** How often a counter started again from zero within the window: restarts of what publishes it. */
export const resets = overWindow('resets');

function aggregation(op: string) {
  return <L extends string, B extends L = never>(expr: Expr<L>, by: readonly B[] = []): Expr<B> =>
    (by.length === 0 ? `${op}(${expr})` : `${op} by (${by.join(', ')}) (${expr})`) as Expr<B>;
}

/** Aggregations over every label but those in `by`, each of which the expression must carry. */
export const sum = aggregation('sum');
export const avg = aggregation('avg');
export const max = aggregation('max');
export const count = aggregation('count');

/** The k largest series. */
export function topk<L extends string>(k: number, expr: Expr<L>): Expr<L> {
  return `topk(${k}, ${expr})` as Expr<L>;
}

/**
 * The q-quantile (0 to 1) of what a histogram observed within the window, in the histogram's unit, interpolated
 * inside its bucket. NaN where nothing was observed.
 */
export function quantile<H extends HistogramName, B extends LabelsOf<H> = never>(
  q: number,
  name: H,
  by: readonly B[] = [],
  where: Matchers<`${H}_bucket`> = {},
  window: Window = dashboardWindow,
): Expr<B> {
  const buckets = `rate(${selector(`${name}_bucket`, where)}[${window}])`;
  return `histogram_quantile(${q}, sum by (${['le', ...by].join(', ')}) (${buckets}))` as Expr<B>;
}

/** The mean of what a histogram observed within the window, in the histogram's unit. NaN where nothing was. */
export function mean<H extends HistogramName>(
  name: H,
  where: Matchers<`${H}_sum`> = {},
  window: Window = dashboardWindow,
): Expr<LabelsOf<H> | 'job' | 'instance'> {
  const series = (suffix: string) => `rate(${selector(`${name}_${suffix}`, where)}[${window}])`;
  return `${series('sum')} / ${series('count')}` as Expr<LabelsOf<H> | 'job' | 'instance'>;
}
