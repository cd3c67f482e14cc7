import { DriftMonitor } from '../drift/monitor.ts';
import type { Metrics } from '../metrics.ts';
import { decoder, row, type Prediction } from './decode.ts';
import type { Model } from './model.ts';
import { WorkerPool, type PoolOptions } from './pool.ts';
import { SentenceQueue } from './queue.ts';
import { RecentMean } from './recent-mean.ts';
import { tasks } from './tasks.ts';

/** Enough sentences to find some of the same length, few enough that the next batch starts soon. */
const batchLimits = { sentences: 256, characters: 8192 };

/** Predictions that the accuracy to expect is estimated on, the newest. */
const estimateWindow = 1000;

export interface ClassifierOptions {
  model: Model;
  threads: number;
  /** Sentences that may wait. */
  queueLimit: number;
  metrics: Metrics;
  log: PoolOptions['log'];
}

/** Who gets predictions. */
export interface Caller {
  /** The request's. */
  id: string;
  /** What the texts are part of, a video for example; without one the request is a source of its own. */
  source?: string | undefined;
}

export interface Classifier {
  readonly model: Model;
  /** Compares what callers send and get with what training saw. */
  readonly drift: DriftMonitor;
  /** Whether a worker answers. */
  readonly ready: boolean;
  /**
   * One prediction per text, in their order.
   * @param signal gives up what still waits.
   * @param caller who gets the predictions, so that they count in the metrics of predictions and in drift; without
   * one they do not.
   * @throws {ServiceError} 429 when the queue is full, 503 when a worker died, 500 when the model failed.
   */
  classify: (texts: readonly string[], signal: AbortSignal, caller?: Caller) => Promise<Prediction[]>;
  /** Refuses what waits and finishes what runs. */
  close: () => Promise<void>;
}

/** Starts the workers. @throws {StartError} when the model does not load. */
export async function startClassifier(options: ClassifierOptions): Promise<Classifier> {
  const { model, threads, queueLimit, metrics, log } = options;
  const queue = new SentenceQueue({ waiting: queueLimit, workers: threads, ...batchLimits }, metrics);
  const pool = await WorkerPool.start(queue, {
    workers: threads,
    workerData: model.files,
    split: ({ logits, traits }) =>
      traits.map((ofOne, index) => ({ logits: row(logits, model.labels, index), traits: ofOne })),
    onPass: ({ sentences, seconds }) => {
      metrics.inference_batch_size.observe(sentences);
      metrics.inference_seconds.observe(seconds);
    },
    log,
  });
  const decode = decoder(model);
  const observe = predictionObserver(metrics);
  const drift = new DriftMonitor(model.drift, model, metrics);
  publishModel(model, metrics);

  return {
    model,
    drift,
    get ready() {
      return pool.ready;
    },
    classify: async (texts, signal, caller) => {
      const answers = await queue.push(texts, signal);
      return answers.map(({ logits, traits, seconds }, index) => {
        const prediction = decode(logits);
        if (caller !== undefined) {
          observe(prediction, seconds);
          const { id, source = id } = caller;
          drift.observe({ id: `${id}/${index}`, source, text: texts[index] ?? '' }, traits, prediction);
        }
        return prediction;
      });
    },
    close: async () => {
      queue.close();
      await pool.close();
    },
  };
}

/** Counts the predictions that callers get. */
function predictionObserver(metrics: Metrics): (prediction: Prediction, seconds: number) => void {
  const recent = tasks.map((task) => ({ task, confidence: new RecentMean(estimateWindow) }));
  return (prediction, seconds) => {
    const { emotion, sub_emotion, intensity } = prediction;
    metrics.emotion_predictions_total.inc({
      emotion: emotion.label,
      sub_emotion: sub_emotion.label,
      intensity: intensity.label,
    });
    metrics.emotion_prediction_latency_seconds.observe(seconds);
    for (const { task, confidence } of recent) {
      metrics.model_confidence_distribution.observe({ task }, prediction[task].confidence);
      confidence.push(prediction[task].confidence);
      metrics.model_estimated_accuracy.set({ task }, confidence.mean);
    }
  };
}

/** What is known of the model before the first request. Counters start at 0 so that their first step is a rate. */
function publishModel({ name, version, hash, labels, tree, evaluation }: Model, metrics: Metrics): void {
  metrics.model_info.set({ name, version, hash }, 1);
  for (const task of tasks) {
    const source = 'evaluation';
    metrics.model_accuracy_score.set({ task, source }, evaluation[task].accuracy);
    metrics.model_f1_score.set({ task, source }, evaluation[task].weighted_f1);
    metrics.model_confidence_distribution.zero({ task });
  }
  for (const [emotion, subEmotions] of Object.entries(tree)) {
    for (const sub_emotion of subEmotions) {
      for (const intensity of labels.intensity) {
        metrics.emotion_predictions_total.inc({ emotion, sub_emotion, intensity }, 0);
      }
    }
  }
}
