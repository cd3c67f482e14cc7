import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FeedbackItem } from './feedback.ts';
import { keyed } from './keys.ts';

const item: FeedbackItem = { text: 'a', emotion: 'fear', sub_emotion: 'fear', intensity: 'mild' };

describe('keys', () => {
  it('are those of the items, else made from that of the request, else none', () => {
    const items = [item, { ...item, key: 'k' }, item];
    expect(keyed(items, 'r').map(({ key }) => key)).toEqual(['request:r:0', 'item:k', 'request:r:2']);
    expect(keyed(items, undefined).map(({ key }) => key)).toEqual([null, 'item:k', null]);
  });

  it('never meet, whatever they are', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (own, ofRequest) => {
        const keys = keyed([item, { ...item, key: own }], ofRequest).map(({ key }) => key);
        expect(keys[0]).not.toBe(keys[1]);
      }),
    );
  });
});

describe('the fingerprint', () => {
  const of = (items: FeedbackItem[], requestKey?: string) =>
    keyed(items, requestKey).map(({ fingerprint }) => fingerprint);

  it('is the same for the same content, in whichever order it was written', () => {
    const { text, ...labels } = item;
    expect(of([{ ...labels, text }])).toEqual(of([item]));
  });

  it.each([
    { text: 'b' },
    { emotion: 'anger' },
    { sub_emotion: 'nervousness' },
    { intensity: 'strong' },
    { action: 'edited' as const },
    { source: 'video' },
    { start_time: 0 },
    { end_time: 0 },
    { key: 'k' },
  ])('differs where %j does', (change) => {
    expect(of([{ ...item, ...change }])).not.toEqual(of([item]));
  });

  it('of an item under the key of the request is that of the whole request', () => {
    expect(of([item, item], 'r')[0]).not.toBe(of([item], 'r')[0]);
    expect(of([item, { ...item, key: 'k' }], 'r')[1]).toBe(of([{ ...item, key: 'k' }])[0]);
  });
});
