import type { FastifyInstance, InjectOptions } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildApp } from '../app.ts';
import { loadEnv } from '../env.ts';
import { openSqliteStore } from '../feedback/sqlite.ts';
import { startClassifier } from '../inference/classifier.ts';
import { readModel, type Model } from '../inference/model.ts';
import { createMetrics } from '../metrics.ts';

interface ClassifyAnswer {
  predictions: Record<'emotion' | 'sub_emotion' | 'intensity', { label: string }>[];
}

let model: Model;
let app: FastifyInstance;
beforeAll(async () => {
  model = await readModel(loadEnv(process.env).modelDir);
  const metrics = createMetrics();
  app = await buildApp({
    requestTimeoutSeconds: 60,
    maxBodyBytes: 100_000,
    openFeedbackStore: () => openSqliteStore(':memory:'),
    metrics,
    startClassifier: (log) => startClassifier({ model, threads: 1, queueLimit: 1000, metrics, log }),
  });
});
afterAll(() => app.close());

const classify = (payload: InjectOptions['payload'], contentType = 'application/json') =>
  app.inject({
    method: 'POST',
    url: '/v1/classify',
    headers: { 'content-type': contentType },
    ...(payload !== undefined && { payload }),
  });

describe('POST /v1/classify', () => {
  it('answers one text', async () => {
    const response = await classify({ inputs: 'We won!' });
    expect(response.statusCode).toBe(200);
    const { name, version } = model;
    const body: unknown = response.json();
    expect(body).toMatchObject({ model: { name, version }, predictions: [{ intensity: {} }] });
  });

  it('answers a list in its order, with labels of the tree', async () => {
    const inputs = Array.from({ length: 256 }, (_, index) => `Sentence number ${index}.`);
    const { predictions } = (await classify({ inputs })).json<ClassifyAnswer>();
    expect(predictions).toHaveLength(256);
    for (const { emotion, sub_emotion, intensity } of predictions) {
      expect(model.tree[emotion.label]).toContain(sub_emotion.label);
      expect(model.labels.intensity).toContain(intensity.label);
    }
    const [last] = (await classify({ inputs: inputs.at(-1) })).json<ClassifyAnswer>().predictions;
    expect(predictions.at(-1)?.emotion.label).toBe(last?.emotion.label);
  });

  it.each([
    [{ inputs: '' }, 'inputs', 'is empty'],
    [{ inputs: ' \n\t' }, 'inputs', 'is empty'],
    [{ inputs: [] }, 'inputs', 'give at least 1'],
    [{ inputs: ['a', 'b', 'c', ''] }, 'inputs/3', 'is empty'],
    [{ inputs: ['a', 7] }, 'inputs/1', 'must be string'],
    [{ inputs: 7 }, 'inputs', 'must be string or array'],
    [{ inputs: null }, 'inputs', 'must be string or array'],
    [{ inputs: 'x'.repeat(5001) }, 'inputs', 'at most 5000 characters'],
    [{ inputs: ['a', 'x'.repeat(5001)] }, 'inputs/1', 'at most 5000 characters'],
    [{ inputs: new Array<string>(257).fill('a') }, 'inputs', 'at most 256'],
    [{}, 'inputs', 'is missing'],
    [{ inputs: 'a', source: '' }, 'source', 'is empty'],
    [{ inputs: 'a', source: 'x'.repeat(501) }, 'source', 'at most 500 characters'],
    [{ inputs: 'a', model: 'b' }, 'model', 'is not known here'],
  ])('refuses %j', async (payload, field, words) => {
    const response = await classify(payload);
    expect(response.statusCode).toBe(422);
    expect(response.json()).toEqual({
      code: 'invalid_input',
      message: expect.stringContaining(`${field} `) as string,
      field,
    });
    expect(response.json<{ message: string }>().message).toContain(words);
  });

  it('takes 5,000 characters, however many bytes they have', async () => {
    expect((await classify({ inputs: '😀'.repeat(5000) })).statusCode).toBe(200);
  });

  it.each([
    ['broken JSON', '{"inputs": "a"', 400, 'invalid_json'],
    ['an empty body', '', 400, 'invalid_json'],
    ['a poisoned prototype', '{"inputs": "a", "__proto__": {"x": 1}}', 400, 'invalid_json'],
    ['a list as the body', '["a"]', 422, 'invalid_input'],
    ['a body over the limit', `{"inputs": "${'x'.repeat(100_000)}"}`, 413, 'body_too_large'],
  ])('refuses %s', async (_name, payload, status, code) => {
    const response = await classify(payload);
    expect(response.statusCode).toBe(status);
    expect(response.json()).toMatchObject({ code });
  });

  it('refuses what is not JSON', async () => {
    const response = await classify('We won!', 'text/plain');
    expect(response.statusCode).toBe(415);
    expect(response.json()).toMatchObject({ code: 'unsupported_media_type' });
  });
});
