import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { loadEnv } from '../env.ts';
import { readModel, type Model } from '../inference/model.ts';
import { tasks } from '../inference/tasks.ts';
import { createMetrics, type Metrics } from '../metrics.ts';
import { startFeedback, type Feedback, type FeedbackItem, type FeedbackOptions } from './feedback.ts';
import { openSqliteStore } from './sqlite.ts';
import type { FeedbackStore } from './store.ts';

const signal = new AbortController().signal;
const joyful: FeedbackItem = {
  text: 'We won!',
  emotion: 'happiness',
  sub_emotion: 'joy',
  intensity: 'strong',
};
const sad: FeedbackItem = { text: 'We lost.', emotion: 'sadness', sub_emotion: 'grief', intensity: 'strong' };

let model: Model;
beforeAll(async () => {
  model = await readModel(loadEnv(process.env).modelDir);
});

/** A model that finds strong joy in everything. */
function joyAlways(confidence: number, version = model.version): FeedbackOptions['classifier'] {
  const scored = (label: string) => ({ label, confidence, scores: {} });
  const prediction = {
    emotion: scored('happiness'),
    sub_emotion: scored('joy'),
    intensity: scored('strong'),
  };
  return {
    model: { ...model, version },
    classify: (texts, _signal, caller) => {
      if (caller) throw new Error('Nobody is served here.');
      return Promise.resolve(texts.map(() => prediction));
    },
  };
}

let store: FeedbackStore;
let metrics: Metrics;
let feedback: Feedback;
beforeEach(async () => {
  store = await openSqliteStore(':memory:');
  await start(joyAlways(0.9));
});
async function start(classifier: FeedbackOptions['classifier']): Promise<void> {
  metrics = createMetrics();
  feedback = await startFeedback({ store, classifier, metrics });
}

const add = (item: FeedbackItem, count: number) =>
  feedback.add(
    Array.from({ length: count }, () => item),
    { signal },
  );

async function figures() {
  const value = async (name: 'concept_drift_score' | 'drift_ready' | 'drift_window_size') =>
    (await metrics[name].get()).values[0]?.value;
  const bySource = async (name: 'model_accuracy_score' | 'model_f1_score') =>
    Object.fromEntries(
      (await metrics[name].get()).values
        .filter(({ labels }) => labels.source === 'feedback')
        .map(({ labels, value }) => [String(labels.task), value] as const),
    );
  return {
    accuracy: await bySource('model_accuracy_score'),
    f1: await bySource('model_f1_score'),
    drift: await value('concept_drift_score'),
    ready: await value('drift_ready'),
    size: await value('drift_window_size'),
  };
}

describe('what is published of feedback', () => {
  it('is nothing below 50 labels', async () => {
    await add(sad, 49);
    expect(await figures()).toEqual({ accuracy: {}, f1: {}, drift: 0, ready: 0, size: 49 });
    expect(feedback.accuracy.report()).toEqual({
      ready: false,
      score: 0,
      window: { rows: 49, of: 1000, minimum: 50 },
    });
  });

  it('is accuracy and weighted F1 of every task from 50 on', async () => {
    await add(joyful, 40);
    await add(sad, 10);
    const { accuracy, f1, ready, size } = await figures();
    expect({ ready, size }).toEqual({ ready: 1, size: 50 });
    expect(accuracy).toEqual({ emotion: 0.8, sub_emotion: 0.8, intensity: 1 });
    // Joy: 40 found among 50 predicted, of 40. Grief: never found.
    expect(f1.emotion).toBeCloseTo(0.8 * (80 / 90));
    expect(f1.intensity).toBe(1);
  });

  it('is the loss of the task that lost most, and why', async () => {
    const ids = await add(sad, 60);
    expect((await figures()).drift).toBeCloseTo(0.9);
    const { score, tasks: byTask } = feedback.accuracy.report();
    expect(score).toBe(byTask?.emotion.lost);
    expect(byTask?.emotion.expected).toBeCloseTo(0.9);
    expect(byTask?.emotion).toMatchObject({ observed: 0, examples: ids.slice(0, 5) });
    expect(byTask?.intensity).toMatchObject({ observed: 1, lost: 0, examples: [] });
  });

  it('is no loss where the model is as good as it says', async () => {
    await add(joyful, 54);
    await add(sad, 6);
    expect((await figures()).drift).toBe(0);
  });

  it('looks at the newest 1,000', async () => {
    await add(sad, 600);
    await add(joyful, 1000);
    const { accuracy, size } = await figures();
    expect(size).toBe(1000);
    for (const task of tasks) expect(accuracy[task]).toBe(1);
  });

  it('is the same after a restart', async () => {
    await add(sad, 30);
    await add(joyful, 1000);
    await add(sad, 25);
    const before = await figures();
    await start(joyAlways(0.9));
    expect(before.size).toBe(1000);
    expect(await figures()).toEqual(before);
  });

  it('begins anew with a new version of the model', async () => {
    await add(sad, 60);
    await start(joyAlways(0.9, '99.0.0'));
    expect(await figures()).toEqual({ accuracy: {}, f1: {}, drift: 0, ready: 0, size: 0 });
  });
});
