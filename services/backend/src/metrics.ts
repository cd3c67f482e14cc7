import {
  catalogue,
  publishedMetrics,
  type LabelOf,
  type MetricDefinition,
  type PublishedMetric,
} from '@emotion-stack/metrics';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

type Instrument<N extends PublishedMetric> = {
  counter: Counter<LabelOf<N>>;
  gauge: Gauge<LabelOf<N>>;
  histogram: Histogram<LabelOf<N>>;
}[(typeof catalogue)[N]['kind']];

/** The instruments by the names of the catalogue. */
export type Metrics = { readonly [N in PublishedMetric]: Instrument<N> } & {
  /** Holds all of them, with Node's and the process's own. */
  readonly registry: Registry;
};

/** Registers every metric that the catalogue says is published, in a registry of its own. */
export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const instruments = publishedMetrics.map((name) => [name, instrument(name, registry)]);
  return { ...Object.fromEntries(instruments), registry } as Metrics;
}

function instrument(name: PublishedMetric, registry: Registry): Counter | Gauge | Histogram {
  const definition: MetricDefinition = catalogue[name];
  const options = { name, help: definition.help, labelNames: definition.labels, registers: [registry] };
  switch (definition.kind) {
    case 'counter':
      return new Counter(options);
    case 'gauge':
      return new Gauge(options);
    case 'histogram':
      return new Histogram({ ...options, buckets: [...definition.buckets] });
  }
}
