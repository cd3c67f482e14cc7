import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { buildApp } from '../app.ts';
import { DriftMonitor } from '../drift/monitor.ts';
import { loadEnv } from '../env.ts';
import { openSqliteStore } from '../feedback/sqlite.ts';
import { decoder, row } from '../inference/decode.ts';
import { readModel } from '../inference/model.ts';
import { WorkerPool } from '../inference/pool.ts';
import { SentenceQueue } from '../inference/queue.ts';
import { createMetrics } from '../metrics.ts';

/** Speaks as worker.ts does; a text of "hang" never comes back, and loading takes a moment. */
const program = `
  import { parentPort, workerData } from 'node:worker_threads';
  const outputs = (n) => Object.fromEntries(
    Object.entries(workerData.widths).map(([task, width]) => [task, new Float32Array(n * width)]),
  );
  parentPort.on('message', (texts) => {
    if (texts.includes('hang')) for (;;);
    const traits = texts.map(() => ({ tokens: 3, unknown: 0, cluster: 0 }));
    parentPort.postMessage({ kind: 'done', logits: outputs(texts.length), traits, passes: [] });
  });
  setTimeout(() => parentPort.postMessage({ kind: 'ready' }), 300);
`;

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

/** The service with real worker threads that run the program above. */
async function start() {
  const model = await readModel(loadEnv(process.env).modelDir);
  const metrics = createMetrics();
  const queue = new SentenceQueue({ waiting: 1000, sentences: 64, characters: 8192, workers: 1 }, metrics);
  const pool = await WorkerPool.start(queue, {
    workers: 1,
    workerData: model.files,
    split: ({ logits, traits }) =>
      traits.map((ofOne, index) => ({ logits: row(logits, model.labels, index), traits: ofOne })),
    onPass: vi.fn(),
    log: { error: vi.fn() },
    script: new URL(`data:text/javascript,${encodeURIComponent(program)}`),
    wedgedAfter: 400,
  });
  const decode = decoder(model);
  const app = await buildApp({
    requestTimeoutSeconds: 60,
    maxBodyBytes: 100_000,
    openFeedbackStore: () => openSqliteStore(':memory:'),
    metrics,
    startClassifier: () =>
      Promise.resolve({
        model,
        drift: new DriftMonitor(model.drift, model, metrics),
        get ready() {
          return pool.ready;
        },
        classify: async (texts, signal) =>
          (await queue.push(texts, signal)).map(({ logits }) => decode(logits)),
        close: async () => {
          queue.close();
          await pool.close();
        },
      }),
  });
  closing.push(() => app.close());
  return app;
}

describe('/ready', () => {
  it('says 503 while a wedged worker is replaced, whose requests get 503 too, and then 200 again', async () => {
    const app = await start();
    const classify = (inputs: string) =>
      app.inject({ method: 'POST', url: '/v1/classify', payload: { inputs } });
    const statusOf = async (url: string) => (await app.inject(url)).statusCode;
    expect(await statusOf('/ready')).toBe(200);
    const wedged = classify('hang');
    await sleep(50);
    const behind = classify('We won!');

    const response = await wedged;
    expect(response.statusCode).toBe(503);
    expect(response.headers['retry-after']).toBe('1');
    expect(response.json()).toMatchObject({ code: 'worker_lost' });
    expect(await statusOf('/ready')).toBe(503);
    expect(await statusOf('/health')).toBe(200);

    expect((await behind).statusCode).toBe(200);
    expect(await statusOf('/ready')).toBe(200);
  });
});
