import { setImmediate as turn } from 'node:timers/promises';
import { beforeEach, describe, expect, it } from 'vitest';
import { createMetrics, type Metrics } from '../metrics.ts';
import type { Logits } from './decode.ts';
import { SentenceQueue, type Batch } from './queue.ts';

const never = new AbortController().signal;
const logitsOf = (text: string): Logits => ({
  emotion: Float32Array.of(text.length),
  sub_emotion: Float32Array.of(0),
  intensity: Float32Array.of(0),
});
const answer = (batch: Batch) => {
  const traits = { tokens: 3, unknown: 0, cluster: 0 };
  batch.resolve(
    batch.texts.map((text) => ({ logits: logitsOf(text), traits: { ...traits, tokens: text.length } })),
  );
};

let metrics: Metrics;
let queue: SentenceQueue;
beforeEach(() => {
  metrics = createMetrics();
  queue = new SentenceQueue({ waiting: 8, sentences: 4, characters: 100, workers: 1 }, metrics);
});

describe('the queue', () => {
  it('answers each request in the order of its texts', async () => {
    const first = queue.push(['a', 'bbb'], never);
    const second = queue.push(['cc'], never);
    answer(await pull());
    expect((await first).map(({ logits, traits }) => [logits.emotion[0], traits.tokens])).toEqual([
      [1, 1],
      [3, 3],
    ]);
    const [only] = await second;
    expect(only?.logits.emotion[0]).toBe(2);
    expect(only?.seconds).toBeGreaterThan(0);
  });

  it('batches what arrived in the same turn, for a worker that waits already', async () => {
    const batch = queue.next();
    void queue.push(['a'], never);
    void queue.push(['b'], never);
    expect((await batch)?.texts).toEqual(['a', 'b']);
  });

  it('gives what waited before at once, and not at the end of the turn', async () => {
    void queue.push(['a', 'b'], never);
    await turn();
    let batch: Batch | undefined;
    void queue.next().then((taken) => (batch = taken));
    await Promise.resolve();
    expect(batch?.texts).toEqual(['a', 'b']);
  });

  it('leaves the other workers their share, beyond 64 sentences', async () => {
    queue = new SentenceQueue({ waiting: 2000, sentences: 256, characters: 1e6, workers: 3 }, metrics);
    const taken = async (sentences: number) => {
      void queue.push(new Array<string>(sentences).fill('x'), never);
      const batches = [await pull(), await pull(), await pull()];
      return batches.map(({ texts }) => texts.length);
    };
    expect(await taken(150)).toEqual([64, 64, 22]);
    expect(await taken(300)).toEqual([100, 67, 64]);
    expect(await taken(1500 - 69)).toEqual([256, 256, 256]);
  });

  it('splits by sentences and by characters, and takes a longer text alone', async () => {
    const long = 'x'.repeat(150);
    void queue.push(['1', '2', '3', '4', '5', 'y'.repeat(60), 'z'.repeat(60), long], never);
    const batches = [await pull(), await pull(), await pull(), await pull()];
    expect(batches.map(({ texts }) => texts.map(({ length }) => length))).toEqual([
      [1, 1, 1, 1],
      [1, 60],
      [60],
      [150],
    ]);
  });

  it('refuses all texts of a request that does not fit, and says when to come back', async () => {
    void queue.push(['1', '2', '3', '4', '5', '6'], never);
    await expect(queue.push(['7', '8', '9'], never)).rejects.toMatchObject({
      status: 429,
      code: 'queue_full',
      retryAfter: 1,
    });
    expect(await value('inference_rejected_total')).toBe(3);
    expect(await value('inference_queue_depth')).toBe(6);
    void queue.push(['7', '8'], never);
    expect(await value('inference_queue_depth')).toBe(8);
  });

  it('forgets texts whose caller left, and those of nobody else', async () => {
    const caller = new AbortController();
    const left = queue.push(['a', 'b'], caller.signal);
    const stayed = queue.push(['cc'], never);
    caller.abort(new Error('The caller left.'));
    await expect(left).rejects.toThrow('The caller left.');
    const batch = await pull();
    expect(batch.texts).toEqual(['cc']);
    answer(batch);
    expect(await stayed).toHaveLength(1);
  });

  it('passes on why a batch failed', async () => {
    const pushed = queue.push(['a'], never);
    (await pull()).reject(new Error('The worker died.'));
    await expect(pushed).rejects.toThrow('The worker died.');
  });

  it('sends workers home and refuses what waits when it closes', async () => {
    const waiting = queue.push(['a'], never);
    queue.close();
    await expect(waiting).rejects.toMatchObject({ status: 503, code: 'shutting_down' });
    expect(await queue.next()).toBeUndefined();
  });
});

async function pull(): Promise<Batch> {
  const batch = await queue.next();
  if (batch === undefined) throw new Error('The queue is closed.');
  await turn();
  return batch;
}

async function value(name: 'inference_queue_depth' | 'inference_rejected_total') {
  return (await metrics[name].get()).values[0]?.value;
}
