import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { loadEnv } from '../env.ts';
import { StartError } from '../errors.ts';
import { createMetrics, type Metrics } from '../metrics.ts';
import { startClassifier, type Classifier, type ClassifierOptions } from './classifier.ts';
import { readModel, type Model } from './model.ts';
import { tasks } from './tasks.ts';

const never = new AbortController().signal;
const log = { error: vi.fn<ClassifierOptions['log']['error']>() };
let model: Model;
let metrics: Metrics;
let classifier: Classifier;

beforeAll(async () => {
  model = await readModel(loadEnv(process.env).modelDir);
  metrics = createMetrics();
  classifier = await startClassifier({ model, threads: 1, queueLimit: 1000, metrics, log });
});
afterAll(() => classifier.close());

const sentences = [
  'Yes.',
  'I can not believe that we actually won the cup after all these years!',
  'He left without a word.',
  'What do you mean, the keys are gone?',
  'They cut the power at noon, and nobody told us.',
  'That smell makes me sick.',
  'The train to the airport leaves at ten past four from platform two, as it does every day.',
  'I am so scared of what the doctor will say tomorrow.',
];

describe('the classifier', () => {
  it('starts every series of predictions at 0', async () => {
    const { values } = await metrics.emotion_predictions_total.get();
    expect(values).toHaveLength(28 * 3);
    expect(values.every(({ value }) => value === 0)).toBe(true);
  });

  it('publishes what is known of the model', async () => {
    const [info] = (await metrics.model_info.get()).values;
    expect(info).toMatchObject({
      value: 1,
      labels: { name: model.name, version: model.version, hash: model.hash },
    });
    for (const [name, figure] of [
      ['model_accuracy_score', 'accuracy'],
      ['model_f1_score', 'weighted_f1'],
    ] as const) {
      const { values } = await metrics[name].get();
      expect(values.map(({ labels, value }) => [labels.task, labels.source, value])).toEqual(
        tasks.map((task) => [task, 'evaluation', model.evaluation[task][figure]]),
      );
    }
  });

  it('says of a sentence in a batch what it says of it alone', async () => {
    const together = await classifier.classify(sentences, never);
    for (const [index, sentence] of sentences.entries()) {
      const [alone] = await classifier.classify([sentence], never);
      for (const task of tasks) {
        for (const [label, p] of Object.entries(alone?.[task].scores ?? {})) {
          expect(Math.abs((together[index]?.[task].scores[label] ?? 0) - p)).toBeLessThan(0.03);
        }
      }
    }
  });

  it('answers any text, the same each time', async () => {
    const texts = [
      '\u0000',
      '\ud83d',
      '😀'.repeat(2500),
      '感情を分類する',
      '\u200b\u202e \t\r\n.',
      '!'.repeat(5000),
      'word '.repeat(1000),
      'a'.repeat(5000),
    ];
    const predictions = await classifier.classify(texts, never);
    for (const { emotion, sub_emotion } of predictions) {
      expect(model.tree[emotion.label]).toContain(sub_emotion.label);
      expect(emotion.confidence).toBeGreaterThan(0);
    }
    expect(await classifier.classify(texts, never)).toEqual(predictions);
  });

  it('counts every sentence once', async () => {
    const before = await totals();
    await classifier.classify(sentences, never, { id: 'request' });
    const after = await totals();
    expect(after.predictions - before.predictions).toBe(sentences.length);
    expect(after.latencies - before.latencies).toBe(sentences.length);
    expect(after.confidences - before.confidences).toBe(3 * sentences.length);
    expect(after.batched - before.batched).toBe(sentences.length);
    expect(after.seconds).toBeGreaterThan(before.seconds);
  });

  it('does not count what no caller gets', async () => {
    const before = await totals();
    const { observed } = classifier.drift;
    await classifier.classify(sentences, never);
    const after = await totals();
    expect(classifier.drift.observed).toBe(observed);
    const { predictions, latencies, confidences } = before;
    expect(after).toMatchObject({ predictions, latencies, confidences });
    expect(after.batched - before.batched).toBe(sentences.length);
  });

  it('estimates its accuracy by the confidence of what callers got', async () => {
    const { values } = await metrics.model_confidence_distribution.get();
    for (const { labels, value } of (await metrics.model_estimated_accuracy.get()).values) {
      const part = (name: string) =>
        values.find(
          (sample) =>
            sample.labels.task === labels.task && 'metricName' in sample && sample.metricName === name,
        )?.value ?? 0;
      const count = part('model_confidence_distribution_count');
      expect(count).toBeGreaterThan(0);
      expect(value).toBeCloseTo(part('model_confidence_distribution_sum') / count, 6);
    }
  });
});

it('does not start with the centres of another model', async () => {
  const other = { ...model, files: { ...model.files, centres: [[1], [-1]] } };
  const starting = startClassifier({
    model: other,
    threads: 1,
    queueLimit: 1000,
    metrics: createMetrics(),
    log,
  });
  await expect(starting).rejects.toThrow(StartError);
  await expect(starting).rejects.toThrow(/gives 384 values for embedding, the centres in drift\.json have 1/);
});

async function totals() {
  const sum = async (name: keyof Omit<Metrics, 'registry'>, series: string = name) =>
    (await metrics[name].get()).values
      .filter((value) => !('metricName' in value) || value.metricName === series)
      .reduce((total, { value }) => total + value, 0);
  return {
    predictions: await sum('emotion_predictions_total'),
    latencies: await sum('emotion_prediction_latency_seconds', 'emotion_prediction_latency_seconds_count'),
    confidences: await sum('model_confidence_distribution', 'model_confidence_distribution_count'),
    batched: await sum('inference_batch_size', 'inference_batch_size_sum'),
    seconds: await sum('inference_seconds', 'inference_seconds_sum'),
  };
}
