import { parse } from 'csv-parse/sync';
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { loadEnv } from '../env.ts';
import { createMetrics } from '../metrics.ts';
import { startClassifier, type Classifier } from './classifier.ts';
import type { Prediction } from './decode.ts';
import { readModel, type Model } from './model.ts';
import { tasks, type ByTask } from './tasks.ts';

/** What training/emotion/package.py wrote beside the model: per task the label, and the probabilities in order. */
type Expected = ByTask<{ label: string; scores: number[] }>;

const expectedDir = resolve(import.meta.dirname, '../../../../training/expected');
/** The sentences that the model was made of are not part of the project. */
const dataDir = process.env.EMOTION_DATA ?? resolve(import.meta.dirname, '../../../../../shared/data');
const dataFile = resolve(dataDir, 'emotion-transcripts/train.csv');

const never = new AbortController().signal;
let model: Model;
let classifier: Classifier;
beforeAll(async () => {
  model = await readModel(loadEnv(process.env).modelDir);
  const log = { error: vi.fn<() => void>() };
  classifier = await startClassifier({ model, threads: 1, queueLimit: 1000, metrics: createMetrics(), log });
});
afterAll(() => classifier.close());

describe('the service says what training measured', () => {
  it('of sentences of our own', async () => {
    const samples = read('samples.json') as (Expected & { text: string })[];
    expect(samples.length).toBeGreaterThanOrEqual(60);
    await reproduces(
      samples.map(({ text }) => text),
      samples,
    );
  });

  const missing = existsSync(dataFile)
    ? ''
    : ` (skipped: there is no ${dataFile}; EMOTION_DATA names its folder)`;
  it.skipIf(missing !== '')(`of 500 sentences of the training data${missing}`, async () => {
    const rows = read('rows.json') as (Expected & { row: number })[];
    expect(rows).toHaveLength(500);
    const data: { text: string }[] = parse(readFileSync(dataFile), { columns: true, bom: true });
    const texts = data.map(({ text }) => text.trim()).filter((text) => text !== '');
    await reproduces(
      rows.map(({ row }) => texts[row] ?? ''),
      rows,
    );
  });
});

function read(name: string): unknown {
  return JSON.parse(readFileSync(resolve(expectedDir, name), 'utf8'));
}

/** Per task 99.5% of the labels, and every probability within 0.03. */
async function reproduces(texts: readonly string[], expected: readonly Expected[]): Promise<void> {
  const predictions = await classifier.classify(texts, never);
  for (const task of tasks) {
    const same = predictions.filter(
      (prediction, index) => prediction[task].label === expected[index]?.[task].label,
    );
    expect(same.length / texts.length, `${task}: labels that are the same`).toBeGreaterThanOrEqual(0.995);
    const differences = predictions.flatMap((prediction, index) => differ(prediction, expected[index], task));
    expect(Math.max(...differences), `${task}: largest difference of a probability`).toBeLessThan(0.03);
  }
}

function differ(prediction: Prediction, expected: Expected | undefined, task: keyof Expected): number[] {
  return model.labels[task].map((label, place) =>
    Math.abs((prediction[task].scores[label] ?? NaN) - (expected?.[task].scores[place] ?? NaN)),
  );
}
