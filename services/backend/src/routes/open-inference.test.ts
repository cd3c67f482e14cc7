import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildApp } from '../app.ts';
import { loadEnv } from '../env.ts';
import { ServiceError } from '../errors.ts';
import { openSqliteStore } from '../feedback/sqlite.ts';
import { startClassifier } from '../inference/classifier.ts';
import { readModel, type Model } from '../inference/model.ts';
import { tasks } from '../inference/tasks.ts';
import { createMetrics, type Metrics } from '../metrics.ts';
import type { ResponseOutput, TensorMetadata } from '../schemas/open-inference.ts';
import { startFakeOnce } from '../../testing/fake.ts';

let model: Model;
let metrics: Metrics;
let app: FastifyInstance;
beforeAll(async () => {
  model = await readModel(loadEnv(process.env).modelDir);
  metrics = createMetrics();
  app = await buildApp({
    requestTimeoutSeconds: 60,
    maxBodyBytes: 100_000,
    openFeedbackStore: () => openSqliteStore(':memory:'),
    metrics,
    startClassifier: (log) => startClassifier({ model, threads: 1, queueLimit: 300, metrics, log }),
  });
});
afterAll(() => app.close());

const url = '/v2/models/emotion/infer';
const input = (data: unknown, shape: unknown) => ({ name: 'text', datatype: 'BYTES', shape, data });
const infer = (payload: object | string, to = app) =>
  to.inject({ method: 'POST', url, payload, headers: { 'content-type': 'application/json' } });
const texts = ['We won!', 'He left without a word.', 'That smell makes me sick.'];

interface Answer {
  id?: string;
  model_name: string;
  model_version: string;
  outputs: ResponseOutput[];
}

describe('POST /v2/models/emotion/infer', () => {
  it('says as tensors what /v1/classify says', async () => {
    const body = (await infer({ inputs: [input(texts, [3])] })).json<Answer>();
    expect(body).toMatchObject({ model_name: 'emotion', model_version: model.version });
    expect(body).not.toHaveProperty('id');
    const classified = await app.inject({ method: 'POST', url: '/v1/classify', payload: { inputs: texts } });
    const { predictions } = classified.json<{
      predictions: Record<string, { label: string; scores: Record<string, number> }>[];
    }>();
    expect(body.outputs).toEqual(
      tasks.flatMap((task) => [
        {
          name: task,
          datatype: 'BYTES',
          shape: [3],
          data: predictions.map((prediction) => prediction[task]?.label),
        },
        {
          name: `${task}_probabilities`,
          datatype: 'FP32',
          shape: [3, model.labels[task].length],
          data: predictions.flatMap((one) => model.labels[task].map((label) => one[task]?.scores[label])),
        },
      ]),
    );
  });

  it('names its columns in the metadata', async () => {
    const { outputs } = (await infer({ inputs: [input(texts, [3])] })).json<Answer>();
    const metadata = (await app.inject('/v2/models/emotion')).json<{ outputs: TensorMetadata[] }>().outputs;
    expect(metadata.map(({ name }) => name)).toEqual(outputs.map(({ name }) => name));
    for (const [index, { datatype, shape, parameters }] of metadata.entries()) {
      const output = outputs[index];
      expect(output).toMatchObject({ datatype, shape: [3, ...shape.slice(1)] });
      if (parameters === undefined) continue;
      const labels = parameters.labels.split(',');
      const firstRow = (output?.data as number[]).slice(0, labels.length);
      expect(firstRow.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 5);
      if (output?.name === 'emotion_probabilities') {
        const likeliest = firstRow.indexOf(Math.max(...firstRow));
        expect(outputs[0]?.data[0]).toBe(labels[likeliest]);
      }
    }
  });

  it('takes a column of texts, flat or row by row', async () => {
    const [flat, column, rows] = await Promise.all(
      [
        input(texts, [3]),
        input(texts, [3, 1]),
        input(
          texts.map((text) => [text]),
          [3, 1],
        ),
      ].map(async (one) => (await infer({ inputs: [one] })).json<Answer>().outputs),
    );
    expect(column).toEqual(flat);
    expect(rows).toEqual(flat);
  });

  it('gives back the id and the outputs that were asked for, in that order', async () => {
    const outputs = [
      { name: 'intensity' },
      { name: 'emotion_probabilities', parameters: { binary_data: false } },
    ];
    const body = (
      await infer({ id: 'a 1', inputs: [input(texts, [3])], outputs, parameters: {} })
    ).json<Answer>();
    expect(body.id).toBe('a 1');
    expect(body.outputs.map(({ name }) => name)).toEqual(['intensity', 'emotion_probabilities']);
    expect((await infer({ inputs: [input(texts, [3])], outputs: [] })).json<Answer>().outputs).toHaveLength(
      6,
    );
  });

  it('waits in the same queue and is counted in the same metrics', async () => {
    const counted = async () => {
      const { values } = await metrics.emotion_predictions_total.get();
      return values.reduce((total, { value }) => total + value, 0);
    };
    const before = await counted();
    expect((await infer({ inputs: [input(texts, [3])] })).statusCode).toBe(200);
    expect((await counted()) - before).toBe(3);
    const full = { inputs: [input(new Array<string>(256).fill('a'), [256])] };
    const statuses = await Promise.all([infer(full), infer(full)]);
    expect(statuses.map(({ statusCode }) => statusCode)).toEqual([200, 429]);
  });

  it.each([
    [{}, 'inputs', 'is missing'],
    [{ inputs: [] }, 'inputs', 'give at least 1'],
    [{ inputs: [input(['a'], [1]), input(['a'], [1])] }, 'inputs', 'give at most 1'],
    [{ inputs: [{ ...input(['a'], [1]), name: 'texts' }] }, 'inputs/0/name', 'must be "text"'],
    [{ inputs: [{ ...input(['a'], [1]), datatype: 'FP32' }] }, 'inputs/0/datatype', 'must be "BYTES"'],
    [{ inputs: [input(['a', ''], [2])] }, 'inputs/0/data/1', 'is empty'],
    [{ inputs: [input([['a'], [' ']], [2, 1])] }, 'inputs/0/data/1/0', 'is empty'],
    [{ inputs: [input(['a', 7], [2])] }, 'inputs/0/data/1', 'must be string'],
    [{ inputs: [input(['x'.repeat(5001)], [1])] }, 'inputs/0/data/0', 'at most 5000'],
    [{ inputs: [input(new Array<string>(257).fill('a'), [257])] }, 'inputs/0/data', 'at most 256'],
    [
      { inputs: [input(['a', 'b'], [3])] },
      'inputs/0/shape',
      'is [3] and data has 2 texts: give [2] or [2, 1]',
    ],
    [{ inputs: [input(['a', 'b'], [1, 2])] }, 'inputs/0/shape', 'is [1, 2] and data has 2 texts'],
    [{ inputs: [input(['a'], [0])] }, 'inputs/0/shape/0', 'must be >= 1'],
    [
      { inputs: [input(['a'], [1])], outputs: [{ name: 'mood' }] },
      'outputs/0/name',
      'is not known: give one of emotion, ',
    ],
    [{ inputs: [input(['a'], [1])], output: [] }, 'output', 'is not known here'],
    [{ inputs: [input(['a'], [1])], id: 7 }, 'id', 'must be string'],
  ])('refuses %j', async (payload, field, words) => {
    const response = await infer(payload);
    const message = expect.stringContaining(words) as string;
    expect(response.json()).toEqual({ error: message, code: 'invalid_input', message, field });
    expect(response.statusCode).toBe(422);
  });
});

describe('errors below /v2', () => {
  it('have the message under `error` too, whoever refuses', async () => {
    const broken = await startFakeOnce({ classify: () => Promise.reject(new Error('unforeseen')) });
    const busy = await startFakeOnce({
      classify: () => Promise.reject(new ServiceError(429, 'queue_full', 'Full.', { retryAfter: 3 })),
    });
    const closed = await startFakeOnce({}, { apiKeys: ['a-key-for-tests'] });
    const right = { inputs: [input(['a'], [1])] };
    const answers = [
      [400, await infer('{"inputs"')],
      [400, await app.inject('/v2/%zz')],
      [401, await closed.inject('/v2')],
      [404, await app.inject('/v2/models/mood')],
      [404, await app.inject('/v2/models/emotion/versions/0')],
      [405, await app.inject(url)],
      [413, await infer(`{"id": "${'x'.repeat(100_000)}"}`)],
      [
        415,
        await app.inject({ method: 'POST', url, payload: 'a', headers: { 'content-type': 'text/plain' } }),
      ],
      [429, await infer(right, busy)],
      [500, await infer(right, broken)],
    ] as const;
    for (const [status, response] of answers) {
      expect(response.statusCode).toBe(status);
      const { error, code, message } = response.json<Record<string, string>>();
      expect(code).toMatch(/^[a-z_]+$/);
      expect(message).not.toBe('');
      expect(error).toBe(message);
    }
    expect((await app.inject('/v2x')).json()).not.toHaveProperty('error');
  });
});

describe('the protocol’s server and model', () => {
  it('are described', async () => {
    expect((await app.inject('/v2')).json()).toEqual({
      name: 'emotion-stack',
      version: expect.stringMatching(/^\d+\.\d+\.\d+$/) as string,
      extensions: [],
    });
    expect((await app.inject('/v2/models/emotion')).json()).toMatchObject({
      name: 'emotion',
      versions: [model.version],
      platform: 'onnxruntime_onnx',
      inputs: [{ name: 'text', datatype: 'BYTES', shape: [-1] }],
      outputs: { length: 6 },
    });
  });

  it('answer below the version that the metadata names, and below no other', async () => {
    const versioned = `/v2/models/emotion/versions/${model.version}`;
    expect((await app.inject(versioned)).json()).toEqual((await app.inject('/v2/models/emotion')).json());
    expect((await app.inject(`${versioned}/ready`)).statusCode).toBe(200);
    const payload = { inputs: [input(['a'], [1])] };
    const response = await app.inject({ method: 'POST', url: `${versioned}/infer`, payload });
    expect(response.statusCode).toBe(200);
    for (const path of ['', '/ready']) {
      expect((await app.inject(`/v2/models/emotion/versions/9${path}`)).statusCode).toBe(404);
    }
  });

  it('say whether they are ready', async () => {
    const loading = await startFakeOnce({ ready: false });
    expect((await loading.inject('/v2/health/live')).json()).toEqual({ live: true });
    for (const path of ['/v2/health/ready', '/v2/models/emotion/ready']) {
      expect((await app.inject(path)).json()).toMatchObject({ ready: true });
      const response = await loading.inject(path);
      expect(response.statusCode).toBe(503);
      expect(response.headers['retry-after']).toBe('1');
      expect(response.json()).toMatchObject({ error: 'No inference worker answers.', code: 'not_ready' });
    }
  });
});
