import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Prediction } from '../service/client.ts';
import { answer, json } from '../testing.ts';
import { batchSize, classifyAll } from './classify-all.ts';

const fetchMock = vi.fn<(path: string, init: RequestInit) => Promise<Response>>();
const inputsOf = (init: RequestInit) => (JSON.parse(init.body as string) as { inputs: string[] }).inputs;
const classifier = (_path: string, init: RequestInit) => Promise.resolve(json(answer(inputsOf(init))));

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('fetch', fetchMock);
  fetchMock.mockReset().mockImplementation(classifier);
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

function run(texts: string[], controller = new AbortController()) {
  const predictions: Prediction[] = [];
  const sizes: number[] = [];
  const pauses: number[] = [];
  const finished = classifyAll(texts, {
    signal: controller.signal,
    onAnswer: (batch) => {
      predictions.push(...batch.predictions);
      sizes.push(batch.predictions.length);
    },
    onPause: (seconds) => pauses.push(seconds),
  });
  return { finished, predictions, sizes, pauses };
}

describe('classifyAll', () => {
  it('sends batches that the service takes and hands the answers over in order', async () => {
    const texts = Array.from({ length: 150 }, (_, index) =>
      index === 100 ? 'so happy' : `sentence ${index}`,
    );
    const { finished, predictions, sizes } = run(texts);
    await finished;
    expect(sizes).toEqual([batchSize, batchSize, 22]);
    expect(predictions.findIndex(({ emotion }) => emotion.label === 'happiness')).toBe(100);
  });

  it('waits as long as a busy service asks, then goes on', async () => {
    const busy = json({ code: 'queue_full', message: 'Busy.' }, 503, { 'retry-after': '4' });
    fetchMock.mockResolvedValueOnce(busy);
    const { finished, predictions, pauses } = run(['a']);
    await vi.advanceTimersByTimeAsync(3_999);
    expect(fetchMock).toHaveBeenCalledTimes(1);
    await vi.advanceTimersByTimeAsync(1);
    await finished;
    expect([pauses, predictions.length]).toEqual([[4], 1]);
  });

  it('gives up on a service that stays busy', async () => {
    fetchMock.mockImplementation(() =>
      Promise.resolve(json({ code: 'queue_full', message: 'Busy.' }, 429, { 'retry-after': '1' })),
    );
    const { finished, pauses } = run(['a']);
    const outcome = expect(finished).rejects.toThrow('Busy.');
    await vi.advanceTimersByTimeAsync(60_000);
    await outcome;
    expect(pauses).toHaveLength(5);
  });

  it('keeps what came before a failure, and tells the failure in the words of the service', async () => {
    fetchMock
      .mockImplementationOnce(classifier)
      .mockResolvedValueOnce(json({ code: 'backend_unreachable', message: 'No backend.' }, 503));
    const { finished, predictions } = run(Array.from({ length: 100 }, () => 'a'));
    await expect(finished).rejects.toMatchObject({
      message: 'No backend.',
      advice: 'Try again in a moment.',
    });
    expect(predictions).toHaveLength(batchSize);
  });

  it('stops during a wait', async () => {
    fetchMock.mockResolvedValue(json({ message: 'Busy.' }, 503, { 'retry-after': '20' }));
    const controller = new AbortController();
    const { finished } = run(['a'], controller);
    const outcome = expect(finished).rejects.toThrow('stopped');
    await vi.advanceTimersByTimeAsync(1_000);
    controller.abort();
    await outcome;
    expect(vi.getTimerCount()).toBe(0);
  });
});
