import type { MetricDefinition } from '@emotion-stack/metrics';

export const exampleMetric = {
  inference_timeouts_total: {
    kind: 'counter',
    help: 'Sentences whose prediction came too late for their caller.',
    labels: [],
  },
} as const satisfies Record<string, MetricDefinition>;
