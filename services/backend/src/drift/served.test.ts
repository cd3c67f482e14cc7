import type { FastifyInstance } from 'fastify';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Static } from 'typebox';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { buildApp } from '../app.ts';
import { loadEnv } from '../env.ts';
import { openSqliteStore } from '../feedback/sqlite.ts';
import { startClassifier, type Classifier } from '../inference/classifier.ts';
import { readModel } from '../inference/model.ts';
import { createMetrics } from '../metrics.ts';
import type { driftReply } from '../schemas/drift.ts';

let dataDir: string;
let app: FastifyInstance;
let classifier: Classifier;
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'drift-'));
  await start();
});
afterEach(async () => {
  await app.close();
  await rm(dataDir, { recursive: true });
});

/** The service with the real model. */
async function start() {
  const model = await readModel(loadEnv(process.env).modelDir);
  const metrics = createMetrics();
  app = await buildApp({
    requestTimeoutSeconds: 120,
    maxBodyBytes: 1_000_000,
    openFeedbackStore: () => openSqliteStore(':memory:'),
    metrics,
    dataDir,
    startClassifier: async (log) =>
      (classifier = await startClassifier({ model, threads: 1, queueLimit: 1000, metrics, log })),
  });
}

async function post(url: string, payload: object, id: string) {
  const response = await app.inject({ method: 'POST', url, payload, headers: { 'x-request-id': id } });
  expect(response.statusCode).toBe(200);
}

const classify = (payload: object, id: string) => post('/v1/classify', payload, id);
const report = async () => (await app.inject('/v1/drift')).json<Static<typeof driftReply>>();

async function published(series: string): Promise<number> {
  const { body } = await app.inject('/metrics');
  const line = body.split('\n').find((one) => one.startsWith(`${series} `));
  return Number(line?.slice(series.length + 1));
}

/** Anything but what people say in films: long, and of one thing. */
function invented(n: number): string {
  const words =
    'quarterly liquidity amortisation of the subordinated tranche offsets deferred collateral under clause'.split(
      ' ',
    );
  return Array.from({ length: 30 }, (_, place) => words[(n * 7 + place * (1 + (n % 5))) % words.length]).join(
    ' ',
  );
}

describe('what the service observes', () => {
  it('is each sentence that a caller gets, with its tokens and cluster', async () => {
    const observe = vi.spyOn(classifier.drift, 'observe');
    await classify({ inputs: ['We won!', '🧿 🧿', 'word '.repeat(1000)], source: 'a video' }, 'one');
    await classify({ inputs: 'We won!' }, 'two');
    expect(observe.mock.calls.map(([{ id, source }]) => [id, source])).toEqual([
      ['one/0', 'a video'],
      ['one/1', 'a video'],
      ['one/2', 'a video'],
      ['two/0', 'two'],
    ]);
    const traits = observe.mock.calls.map(([, one]) => one);
    // Start and end marks count, as in training.
    expect(traits.map(({ tokens, unknown }) => [tokens, unknown])).toEqual([
      [5, 0],
      [4, 0.5],
      [128, 0],
      [5, 0],
    ]);
    for (const { cluster } of traits)
      expect(classifier.model.drift.cluster.centres[cluster]).toHaveLength(384);
    expect(traits[3]?.cluster).toBe(traits[0]?.cluster);
  });

  it('comes from the Open Inference Protocol too, with a source or without', async () => {
    const observe = vi.spyOn(classifier.drift, 'observe');
    const inputs = [{ name: 'text', datatype: 'BYTES', shape: [1], data: ['We won!'] }];
    const url = '/v2/models/emotion/infer';
    await post(url, { id: '42', inputs, parameters: { source: 'a video', priority: 1 } }, 'one');
    await post(url, { id: '42', inputs }, 'two');
    expect(observe.mock.calls.map(([{ id, source }]) => [id, source])).toEqual([
      ['one/0', 'a video'],
      ['two/0', 'two'],
    ]);
  });

  it('is a sentence once that a stuck transcription repeats', async () => {
    const inputs = ['We won!', 'Ah!', 'Ah!', 'Ah!'];
    await classify({ inputs, source: 'a video' }, 'one');
    await classify({ inputs: 'Ah!', source: 'a video' }, 'two');
    expect((await report()).window).toMatchObject({ sentences: 2, sources: 1 });
    await classify({ inputs }, 'three');
    expect((await report()).window).toMatchObject({ sentences: 4, sources: 2 });
  });

  it('is not what people correct', async () => {
    const item = { text: 'We won!', emotion: 'happiness', sub_emotion: 'joy', intensity: 'mild' };
    const payload = { items: [{ ...item, action: 'confirmed' }] };
    expect((await app.inject({ method: 'POST', url: '/v1/feedback', payload })).statusCode).toBe(201);
    const { window, concept } = await report();
    expect(window.sentences).toBe(0);
    expect(concept).toEqual({ ready: false, score: 0, window: { rows: 1, of: 1000, minimum: 50 } });
  });

  it('outlives the process, without its text', async () => {
    await classify({ inputs: ['We won!', 'He left without a word.'], source: 'a video' }, 'one');
    const before = await report();
    expect(before.window).toMatchObject({ sentences: 2, sources: 1 });
    await app.close();
    const kept = await readFile(join(dataDir, 'drift-window.json'), 'utf8');
    expect(kept).toContain('one/1');
    expect(kept).not.toMatch(/won|without/);
    await start();
    expect(await report()).toEqual(before);
    expect(await published('drift_window_size{type="data"}')).toBe(2);
  });
});

describe('1,000 sentences of another kind', { timeout: 240_000 }, () => {
  it('raise the scores, and the service says why', async () => {
    for (let request = 0; request < 10; request++) {
      expect(await published('data_drift_score')).toBe(0);
      const inputs = Array.from({ length: 100 }, (_, n) => invented(request * 100 + n));
      await classify({ inputs }, `request-${request}`);
    }
    expect(await published('drift_ready{type="data"}')).toBe(1);
    expect(await published('data_drift_score')).toBeGreaterThan(0.1);
    expect(await published('prediction_drift_score{task="emotion"}')).toBeGreaterThan(0.1);

    const { ready, window, data } = await report();
    expect([ready, window.sentences, window.sources]).toEqual([true, 1000, 10]);
    expect(data.score).toBe(await published('data_drift_score'));
    for (const [name, { psi }] of Object.entries(data.features)) {
      expect(await published(`drift_feature_psi{feature="${name}"}`)).toBe(psi);
    }
    const { bins, examples } = data.features.token_count;
    expect(bins.at(-1)?.window).toBeGreaterThan(0.9);
    expect(examples).toEqual([99, 98, 97, 96, 95].map((n) => `request-9/${n}`));
  });
});
