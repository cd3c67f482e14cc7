import { afterEach, describe, expect, it, vi } from 'vitest';
import { answer, json } from '../testing.ts';
import { classify } from './client.ts';

const call = (response: () => Promise<Response>) => {
  vi.stubGlobal('fetch', vi.fn(response));
  return classify(['a', 'b'], new AbortController().signal);
};

afterEach(() => {
  vi.unstubAllGlobals();
});

describe('classify', () => {
  it('returns one prediction per text', async () => {
    const { predictions } = await call(() => Promise.resolve(json(answer(['a', 'b']))));
    expect(predictions).toHaveLength(2);
  });

  it('refuses an answer that does not fit the question', async () => {
    const outcome = call(() => Promise.resolve(json(answer(['a']))));
    await expect(outcome).rejects.toThrow('1 predictions for 2 sentences');
  });

  it('tells a server that is gone from a device without network', async () => {
    const failing = () => Promise.reject(new TypeError('Failed to fetch'));
    vi.stubGlobal('navigator', { onLine: true });
    await expect(call(failing)).rejects.toMatchObject({ advice: 'See whether it runs: ./stack status' });
    vi.stubGlobal('navigator', { onLine: false });
    await expect(call(failing)).rejects.toMatchObject({ message: 'This device is offline.' });
  });

  it('says so when the answer is not JSON', async () => {
    const outcome = call(() => Promise.resolve(new Response('<h1>Bad gateway</h1>', { status: 502 })));
    await expect(outcome).rejects.toThrow('status 502');
  });

  it.each([
    [400, 'Change the text'],
    [401, 'BACKEND_API_KEY'],
    [429, 'Wait a moment'],
    [500, 'Try again'],
  ])('advises what to do about a %s', async (status, advice) => {
    const outcome = call(() => Promise.resolve(json({ code: 'x', message: 'Why.' }, status)));
    await expect(outcome).rejects.toMatchObject({
      message: 'Why.',
      advice: expect.stringContaining(advice) as string,
    });
  });
});
