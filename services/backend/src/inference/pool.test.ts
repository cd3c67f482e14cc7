import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { StartError } from '../errors.ts';
import { createMetrics } from '../metrics.ts';
import { row } from './decode.ts';
import { WorkerPool, type PoolOptions } from './pool.ts';
import { SentenceQueue } from './queue.ts';

/** Speaks as worker.ts does; a text tells it what to do. */
const program = `
  import { parentPort, workerData } from 'node:worker_threads';
  if (workerData.modelDir === 'broken') throw new Error('no such model');
  const outputs = (n) => ({ emotion: new Float32Array(n).fill(7), sub_emotion: new Float32Array(n), intensity: new Float32Array(n) });
  parentPort.on('message', (texts) => {
    if (texts.includes('die')) process.exit(3);
    if (texts.includes('hang')) for (;;);
    if (texts.includes('throw')) throw new Error('thrown');
    if (texts.includes('fail')) return parentPort.postMessage({ kind: 'failed', message: 'bad tensor' });
    const traits = texts.map((text) => ({ tokens: text.length, unknown: 0, cluster: 0 }));
    const passes = [{ sentences: texts.length, seconds: 0.01 }];
    parentPort.postMessage({ kind: 'done', logits: outputs(texts.length), traits, passes });
  });
  parentPort.postMessage({ kind: 'ready' });
`;
const widths = { emotion: 1, sub_emotion: 1, intensity: 1 };
const labels = { emotion: ['e'], sub_emotion: ['s'], intensity: ['i'] };
const never = new AbortController().signal;

let queue: SentenceQueue;
let pool: WorkerPool | undefined;
afterEach(async () => {
  queue.close();
  await pool?.close();
  pool = undefined;
});

async function start(modelDir = 'fine', options: Partial<PoolOptions> = {}) {
  queue = new SentenceQueue({ waiting: 100, sentences: 10, characters: 1000, workers: 1 }, createMetrics());
  const onPass = vi.fn<PoolOptions['onPass']>();
  const error = vi.fn<PoolOptions['log']['error']>();
  pool = await WorkerPool.start(queue, {
    workers: 1,
    workerData: { modelDir, modelFile: '', maxTokens: 8, widths, centres: [[1]] },
    split: ({ logits, traits }) =>
      traits.map((ofOne, index) => ({ logits: row(logits, labels, index), traits: ofOne })),
    onPass,
    log: { error },
    script: new URL(`data:text/javascript,${encodeURIComponent(program)}`),
    ...options,
  });
  return { pool, onPass, error };
}

describe('the pool', () => {
  it('answers batches and reports their passes', async () => {
    const { pool, onPass } = await start();
    expect(pool.ready).toBe(true);
    const answers = await queue.push(['a', 'bb'], never);
    expect(answers.map(({ logits }) => logits.emotion[0])).toEqual([7, 7]);
    expect(answers.map(({ traits }) => traits.tokens)).toEqual([1, 2]);
    expect(onPass).toHaveBeenCalledWith({ sentences: 2, seconds: 0.01 });
  });

  it('gives a worker its next batch before it answers the last', async () => {
    const order: string[] = [];
    await start('fine', {
      split: ({ logits, traits }) => {
        order.push('answer');
        return traits.map((ofOne, index) => ({ logits: row(logits, labels, index), traits: ofOne }));
      },
    });
    const next = queue.next.bind(queue);
    vi.spyOn(queue, 'next').mockImplementation(async () => {
      const batch = await next();
      order.push('take');
      return batch;
    });
    await Promise.all(Array.from({ length: 3 }, () => queue.push(new Array<string>(10).fill('a'), never)));
    // The first batch was asked for before the spy was there.
    expect(order).toEqual(['take', 'answer', 'take', 'answer', 'answer']);
  });

  it.each(['die', 'throw'])(
    'replaces a worker that does "%s", and answers its batch with 503',
    async (text) => {
      const { pool, error } = await start();
      await expect(queue.push([text], never)).rejects.toMatchObject({
        status: 503,
        code: 'worker_lost',
        retryAfter: 1,
      });
      expect(pool.ready).toBe(false);
      expect(await queue.push(['a'], never)).toHaveLength(1);
      expect(pool.ready).toBe(true);
      expect(error).toHaveBeenCalledOnce();
    },
  );

  it('replaces a worker that does not come back, and answers its batch with 503', async () => {
    const { pool, error } = await start('fine', { wedgedAfter: 300 });
    const wedged = queue.push(['hang'], never);
    await sleep(50);
    const behind = queue.push(['a', 'b'], never);
    await expect(wedged).rejects.toMatchObject({ status: 503, code: 'worker_lost', retryAfter: 1 });
    expect(pool.ready).toBe(false);
    expect(await behind).toHaveLength(2);
    expect(pool.ready).toBe(true);
    expect(error.mock.calls).toEqual([[{ sentences: 1 }, 'an inference worker is wedged; starting another']]);
  });

  it('stays ready for the workers beside a wedged one', async () => {
    const { pool } = await start('fine', { wedgedAfter: 300, workers: 2 });
    const wedged = queue.push(['hang'], never);
    await sleep(50);
    expect(await queue.push(['a'], never)).toHaveLength(1);
    await expect(wedged).rejects.toMatchObject({ code: 'worker_lost' });
    expect(pool.ready).toBe(true);
  });

  it('closes in spite of a wedged worker', async () => {
    const { pool } = await start('fine', { wedgedAfter: 300 });
    const wedged = queue.push(['hang'], never);
    await sleep(50);
    queue.close();
    await Promise.all([pool.close(), expect(wedged).rejects.toMatchObject({ code: 'worker_lost' })]);
    expect(pool.ready).toBe(false);
  });

  it('keeps a worker whose model fails on a batch', async () => {
    const { pool, error } = await start();
    await expect(queue.push(['fail'], never)).rejects.toMatchObject({
      status: 500,
      code: 'inference_failed',
    });
    expect(pool.ready).toBe(true);
    expect(error.mock.calls[0]?.[0]).toMatchObject({ report: { message: 'bad tensor' }, sentences: 1 });
    expect(await queue.push(['a'], never)).toHaveLength(1);
  });

  it('says why it does not start', async () => {
    const starting = start('broken');
    await expect(starting).rejects.toThrow(StartError);
    await expect(starting).rejects.toThrow('The model in broken does not load (no such model)');
  });

  it('ends its workers when it closes', async () => {
    const { pool, error } = await start();
    queue.close();
    await pool.close();
    await sleep(20);
    expect(pool.ready).toBe(false);
    expect(error).not.toHaveBeenCalled();
  });
});
