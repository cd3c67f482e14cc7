/**
 * Every metric that this project's own services publish, once. Services register from it, dashboards and alerts
 * query through it (see promql.ts), so that a renamed metric breaks the compile and not the night shift.
 */

interface Described {
  readonly help: string;
  readonly labels: readonly string[];
  /**
   * No service publishes it yet. Dashboards and alerts already query it and say so; a service registers only the
   * others, and the end-to-end test asks for exactly those (see `publishedMetrics`). Removed with the first sample.
   */
  readonly planned?: true;
}

interface Counter extends Described {
  readonly kind: 'counter';
}

interface Gauge extends Described {
  readonly kind: 'gauge';
}

interface Histogram extends Described {
  readonly kind: 'histogram';
  /** Upper bounds in the unit of the name, ascending, without +Inf. */
  readonly buckets: readonly number[];
}

export type MetricDefinition = Counter | Gauge | Histogram;

/** Seconds. Up to 60, so that the alert HighPredictionLatency (30 s) lies inside the buckets. */
const latencyBuckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 30, 45, 60] as const;

/** A score from 0 to 1 in tenths. */
const scoreBuckets = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1] as const;

export const catalogue = {
  emotion_predictions_total: {
    kind: 'counter',
    help: 'Sentences classified, by predicted labels.',
    labels: ['emotion', 'sub_emotion', 'intensity'],
  },
  emotion_prediction_latency_seconds: {
    kind: 'histogram',
    help: 'Time from accepting a sentence to its prediction, as the caller waits.',
    labels: [],
    buckets: latencyBuckets,
  },
  model_confidence_distribution: {
    kind: 'histogram',
    help: 'Probability of the predicted label.',
    labels: ['task'],
    buckets: scoreBuckets,
  },
  model_accuracy_score: {
    kind: 'gauge',
    help: 'Share of labels predicted right; source says whether from feedback or from the shipped evaluation.',
    labels: ['task', 'source'],
  },
  model_f1_score: {
    kind: 'gauge',
    help: 'Weighted F1 of the predicted labels; source says whether from feedback or from the shipped evaluation.',
    labels: ['task', 'source'],
  },
  model_estimated_accuracy: {
    kind: 'gauge',
    help: 'Accuracy to expect on the newest 1,000 sentences: their mean calibrated confidence.',
    labels: ['task'],
  },
  data_drift_score: {
    kind: 'gauge',
    help: 'Largest PSI of the recent inputs against those of training; 0 until the window is full.',
    labels: [],
  },
  prediction_drift_score: {
    kind: 'gauge',
    help: 'PSI of recent predicted labels or confidences against those of training, the larger; 0 until the window is full.',
    labels: ['task'],
  },
  concept_drift_score: {
    kind: 'gauge',
    help: 'Accuracy lost on labelled feedback beyond chance, of the task that lost most; 0 below 50 labels.',
    labels: [],
  },
  drift_feature_psi: {
    kind: 'gauge',
    help: 'PSI of one property of the inputs; data_drift_score is their maximum; 0 until the window is full.',
    labels: ['feature'],
  },
  drift_ready: {
    kind: 'gauge',
    help: '1 when the window holds enough sentences from enough sources to judge drift, else 0.',
    labels: ['type'],
  },
  drift_window_size: {
    kind: 'gauge',
    help: 'Sentences in the drift window.',
    labels: ['type'],
  },
  transcription_latency_seconds: {
    kind: 'histogram',
    help: 'Time from a complete upload to its transcript.',
    labels: [],
    buckets: [1, 2.5, 5, 10, 20, 30, 60, 120, 180, 300],
    planned: true,
  },
  audio_quality_score: {
    kind: 'histogram',
    help: 'Quality of an uploaded recording, from its noise, clipping and bandwidth.',
    labels: [],
    buckets: scoreBuckets,
    planned: true,
  },
  transcript_confidence_score: {
    kind: 'histogram',
    help: 'Confidence of a transcribed sentence, from its token and no-speech probabilities.',
    labels: [],
    buckets: scoreBuckets,
    planned: true,
  },
  model_info: {
    kind: 'gauge',
    help: 'Always 1; says which model answers.',
    labels: ['name', 'version', 'hash'],
  },
  active_requests_count: { kind: 'gauge', help: 'HTTP requests being answered now.', labels: [] },
  http_requests_total: { kind: 'counter', help: 'HTTP requests answered.', labels: ['method', 'route'] },
  api_errors_total: {
    kind: 'counter',
    help: 'HTTP requests answered with a status from 400 up.',
    labels: ['method', 'route'],
  },
  http_request_duration_seconds: {
    kind: 'histogram',
    help: 'Time from the request line to the last byte of the answer.',
    labels: ['method', 'route', 'status'],
    buckets: latencyBuckets,
  },
  inference_queue_depth: { kind: 'gauge', help: 'Sentences waiting for a worker.', labels: [] },
  inference_batch_size: {
    kind: 'histogram',
    help: 'Sentences that went through the model together.',
    labels: [],
    buckets: [1, 2, 4, 8, 16, 32, 64],
  },
  inference_rejected_total: {
    kind: 'counter',
    help: 'Sentences refused because the queue was full.',
    labels: [],
  },
  inference_seconds: {
    kind: 'histogram',
    help: 'Time of one batch in the model, tokenizing included.',
    labels: [],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
  },
  backup_last_success_timestamp_seconds: {
    kind: 'gauge',
    help: 'When the newest complete backup was made, in seconds since 1970.',
    labels: [],
    planned: true,
  },
} as const satisfies Record<string, MetricDefinition>;

export type MetricName = keyof typeof catalogue;

/** The names that a service publishes today. */
export type PublishedMetric = {
  [N in MetricName]: (typeof catalogue)[N] extends { planned: true } ? never : N;
}[MetricName];

/** Every name that a service publishes today: what to register, and what the end-to-end test asks for. */
export const publishedMetrics = (Object.keys(catalogue) as MetricName[]).filter(
  (name): name is PublishedMetric => !isPlanned(name),
);

/** Whether this metric is ours and no service publishes it yet. */
export function isPlanned(name: string): boolean {
  return Object.hasOwn(catalogue, name) && 'planned' in catalogue[name as MetricName];
}

/** The label names of one metric. */
export type LabelOf<N extends MetricName> = (typeof catalogue)[N]['labels'][number];
