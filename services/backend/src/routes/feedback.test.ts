import { parse } from 'csv-parse/sync';
import type { FastifyInstance } from 'fastify';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { buildApp, type AppOptions } from '../app.ts';
import { DriftMonitor } from '../drift/monitor.ts';
import { loadEnv } from '../env.ts';
import { openSqliteStore } from '../feedback/sqlite.ts';
import type { Prediction } from '../inference/decode.ts';
import { readModel, type Model } from '../inference/model.ts';
import { createMetrics, type Metrics } from '../metrics.ts';
import { logLines } from '../../testing/log-lines.ts';

let model: Model;
beforeAll(async () => {
  model = await readModel(loadEnv(process.env).modelDir);
});

const running: FastifyInstance[] = [];
let metrics: Metrics;
afterEach(async () => {
  await Promise.all(running.splice(0).map((app) => app.close()));
});

/** A model that finds joy in everything, and is 70% sure. */
const joy: Prediction = {
  emotion: { label: 'happiness', confidence: 0.7, scores: {} },
  sub_emotion: { label: 'joy', confidence: 0.7, scores: {} },
  intensity: { label: 'mild', confidence: 0.7, scores: {} },
};

async function start(options: Partial<AppOptions> = {}) {
  metrics = createMetrics();
  const app = await buildApp({
    requestTimeoutSeconds: 60,
    maxBodyBytes: 1_000_000,
    openFeedbackStore: () => openSqliteStore(':memory:'),
    metrics,
    startClassifier: () =>
      Promise.resolve({
        model,
        drift: new DriftMonitor(model.drift, model, metrics),
        ready: true,
        classify: (texts) => Promise.resolve(texts.map(() => joy)),
        close: () => Promise.resolve(),
      }),
    ...options,
  });
  running.push(app);
  return app;
}

const item = {
  text: 'We won!',
  emotion: 'happiness',
  sub_emotion: 'joy',
  intensity: 'strong',
  action: 'edited',
};
const timed = { text: 'No.', emotion: 'anger', sub_emotion: 'annoyance', intensity: 'strong' };

const post = (app: FastifyInstance, url: string, payload: object, headers = {}) =>
  app.inject({ method: 'POST', url, payload, headers });
const send = (app: FastifyInstance, items: object[], headers = {}) =>
  post(app, '/v1/feedback', { items }, headers);
const exported = async (app: FastifyInstance) => {
  const { body } = await app.inject('/v1/feedback.csv');
  return parse<Record<string, string>>(body, { columns: true });
};

describe('POST /v1/feedback', () => {
  it('stores what people said, and gives an id for each', async () => {
    const app = await start();
    const other = { ...timed, action: 'confirmed', source: 'video 1', start_time: 0, end_time: 1.5 };
    const response = await send(app, [item, other]);
    expect(response.statusCode).toBe(201);
    const { record_count, ids } = response.json<{ record_count: number; ids: string[] }>();
    expect(record_count).toBe(2);
    expect(new Set(ids).size).toBe(2);
    const { text, emotion, sub_emotion, intensity } = item;
    expect(await exported(app)).toEqual([{ text, emotion, sub_emotion, intensity }, timed]);
  });

  it.each([
    [
      [{ ...item, sub_emotion: 'grief' }],
      'items/0/sub_emotion',
      '"grief" is no shade of happiness: give one of',
    ],
    [[item, { ...item, emotion: 'hate' }], 'items/1/emotion', 'is not known: give one of anger, disgust'],
    [[{ ...item, sub_emotion: 'toString' }], 'items/0/sub_emotion', 'is not known'],
    [[{ ...item, intensity: 'Strong' }], 'items/0/intensity', 'give one of mild, moderate, strong'],
    [[{ ...item, action: 'skipped' }], 'items/0/action', 'give one of edited, confirmed'],
    [[{ ...item, action: undefined }], 'items/0/action', 'is missing'],
    [[{ ...item, text: ' ' }], 'items/0/text', 'is empty'],
    [[{ ...item, text: 'a\0b' }], 'items/0/text', 'NUL'],
    [[{ ...item, source: 'a\ud83d' }], 'items/0/source', 'surrogate'],
    [[{ ...item, start_time: 2, end_time: 1 }], 'items/0/end_time', 'give at least start_time, 2'],
    [[{ ...item, start_time: -1 }], 'items/0/start_time', '>= 0'],
    [[{ ...item, key: '' }], 'items/0/key', 'is empty'],
    [[{ ...item, id: 7 }], 'items/0/id', 'is not known here'],
    [[], 'items', 'give at least 1'],
  ])('refuses %j, and stores nothing', async (items, field, words) => {
    const app = await start();
    const response = await send(app, items);
    expect(response.statusCode).toBe(422);
    expect(response.json()).toEqual({
      code: 'invalid_input',
      message: expect.stringContaining(words) as string,
      field,
    });
    expect(await exported(app)).toEqual([]);
  });

  it('stores what is sent again once, and answers the same', async () => {
    const app = await start();
    const headers = { 'idempotency-key': 'r1' };
    const items = [{ ...item, key: 'k1' }, timed].map((one) => ({ ...one, action: 'edited' }));
    const first = await send(app, items, headers);
    const again = await send(app, items, headers);
    expect(again.statusCode).toBe(201);
    expect(again.json<unknown>()).toEqual(first.json());
    expect(await exported(app)).toHaveLength(2);
    expect((await metrics.drift_window_size.get()).values[0]?.value).toBe(2);
  });

  it('refuses a key that was used for other content', async () => {
    const app = await start();
    await send(app, [{ ...item, key: 'k1' }]);
    const response = await send(app, [item, { ...item, key: 'k1', intensity: 'mild' }]);
    expect(response.statusCode).toBe(409);
    expect(response.json()).toMatchObject({ code: 'key_reused', field: 'items/1/key' });

    const headers = { 'idempotency-key': 'r1' };
    await send(app, [item], headers);
    const longer = await send(app, [item, item], headers);
    expect(longer.statusCode).toBe(409);
    expect(longer.json<{ message: string }>().message).toContain('Idempotency-Key');
    expect(await exported(app)).toHaveLength(2);
  });

  it('stores more texts than the model is asked about at once', async () => {
    const app = await start();
    const texts = Array.from({ length: 600 }, (_, n) => `Sentence ${n}.`);
    expect(
      (
        await send(
          app,
          texts.map((text) => ({ ...item, text })),
        )
      ).statusCode,
    ).toBe(201);
    expect((await exported(app)).map(({ text }) => text)).toEqual(texts);
  });

  it('says when it cannot store, and logs why, without the texts', async () => {
    const { lines, logger } = logLines();
    const failing = async () => ({
      ...(await openSqliteStore(':memory:')),
      add: () => Promise.reject(Object.assign(new Error('disk full'), { code: 'FULL', detail: 'We won!' })),
    });
    const app = await start({ openFeedbackStore: failing, logger });
    const response = await send(app, [item]);
    expect(response.statusCode).toBe(503);
    expect(response.headers['retry-after']).toBe('5');
    expect(response.json()).toMatchObject({ code: 'feedback_unavailable' });
    expect(lines.join()).toContain('disk full (FULL)');
    expect(lines.join()).not.toContain('We won!');
  });
});

describe('POST /save-feedback', () => {
  const save = (app: FastifyInstance, rows: object[], headers = {}) =>
    post(app, '/save-feedback', { videoTitle: 'The final', feedbackData: rows }, headers);

  it('answers as the original did, from the same store', async () => {
    const app = await start();
    const response = await save(app, [
      { ...timed, start_time: '00:00:12', end_time: '00:01:02.5' },
      { ...timed, start_time: 63, end_time: '64' },
    ]);
    expect(response.statusCode).toBe(200);
    expect(response.json()).toEqual({
      success: true,
      filename: 'feedback.csv',
      message: 'Rows of feedback stored: 2.',
      record_count: 2,
    });
    expect(await exported(app)).toEqual([timed, timed]);
  });

  it('tells edited rows from confirmed ones, and reads times, by what is stored', async () => {
    const stored: object[] = [];
    const watched = async () => {
      const store = await openSqliteStore(':memory:');
      return {
        ...store,
        add: (rows: Parameters<typeof store.add>[0]) => (stored.push(...rows), store.add(rows)),
      };
    };
    const app = await start({ openFeedbackStore: watched });
    const agreed = { text: 'Yes!', emotion: 'happiness', sub_emotion: 'joy', intensity: 'mild' };
    const times = { start_time: '1:00:12.25', end_time: 3613 };
    await save(app, [
      { ...agreed, ...times },
      { ...agreed, ...times, intensity: 'strong' },
    ]);
    const common = { source: 'The final', start_time: 3612.25, end_time: 3613, predicted_intensity: 'mild' };
    expect(stored).toMatchObject([
      { ...common, action: 'confirmed' },
      { ...common, action: 'edited', intensity: 'strong' },
    ]);
  });

  it.each([
    [{ start_time: 'soon', end_time: 1 }, 'start_time', '"soon": give seconds, or a time such as'],
    [{ start_time: 2, end_time: '00:00:01' }, 'end_time', 'give at least start_time'],
    [{ start_time: 0, end_time: 1, sub_emotion: 'joy' }, 'sub_emotion', 'is no shade of anger'],
    [{ start_time: 0 }, 'end_time', 'is missing'],
  ])('refuses %j', async (change, name, words) => {
    const response = await save(await start(), [{ ...timed, ...change }]);
    expect(response.statusCode).toBe(422);
    expect(response.json()).toMatchObject({ code: 'invalid_input', field: `feedbackData/0/${name}` });
    expect(response.json<{ message: string }>().message).toContain(words);
  });

  it('stores what is sent again under the same Idempotency-Key once', async () => {
    const app = await start();
    const rows = [{ ...timed, start_time: 0, end_time: 1 }];
    const headers = { 'idempotency-key': 'r1' };
    await save(app, rows, headers);
    expect((await save(app, rows, headers)).statusCode).toBe(200);
    expect(await exported(app)).toHaveLength(1);
  });
});

describe('GET /v1/feedback.csv', () => {
  it('gives every text back to the letter', async () => {
    const app = await start();
    const texts = ['=1+1', '@a', '"q", and\r\nmore', 'a\rb', ' 😀 ', '\ufeffx', ','];
    await send(
      app,
      texts.map((text) => ({ ...item, text })),
    );
    expect((await exported(app)).map(({ text }) => text)).toEqual(texts);
  });

  it('is a file with the columns of the training data, also when there is no feedback', async () => {
    const { headers, body } = await (await start()).inject('/v1/feedback.csv');
    expect(headers['content-type']).toBe('text/csv; charset=utf-8; header=present');
    expect(headers['content-disposition']).toBe('attachment; filename="feedback.csv"');
    expect(body).toBe('text,emotion,sub_emotion,intensity\n');
  });

  it('says when it cannot read', async () => {
    const failing = async () => ({
      ...(await openSqliteStore(':memory:')),
      // eslint-disable-next-line require-yield
      rows: async function* () {
        throw await Promise.resolve(new Error('disk gone'));
      },
    });
    const response = await (await start({ openFeedbackStore: failing })).inject('/v1/feedback.csv');
    expect(response.statusCode).toBe(503);
    expect(response.headers['content-type']).toContain('application/json');
    expect(response.json()).toMatchObject({ code: 'feedback_unavailable' });
  });
});

describe('the OpenAPI document', () => {
  it.each(['/v1/feedback', '/save-feedback'])('carries an example for %s that works', async (path) => {
    const app = await start();
    const { paths } = (await app.inject('/docs/json')).json<{ paths: Record<string, { post: Described }> }>();
    const example = paths[path]?.post.requestBody.content['application/json'].example;
    expect((await post(app, path, example ?? {})).statusCode).toBeLessThan(300);
  });
});

interface Described {
  requestBody: { content: { 'application/json': { example?: object } } };
}
