import { describe, expect, it } from 'vitest';
import { DriftWindow } from './window.ts';

const observation = (n: number) => ({ id: `request-${n}`, source: `video-${n % 3}`, bins: { size: n % 2 } });

describe('the drift window', () => {
  it('counts the newest sentences only', () => {
    const window = new DriftWindow(4, { size: 2 });
    for (const n of [0, 0, 0, 0]) window.add(observation(n));
    expect([window.full, window.sourceCount, window.counts('size')]).toEqual([true, 1, [4, 0]]);
    for (const n of [1, 2, 3]) window.add(observation(n));
    expect(window.counts('size')).toEqual([2, 2]);
    expect(window.sourceCount).toBe(3);
    expect(window.size).toBe(4);
  });

  it('gives its sentences oldest first, and takes them back', () => {
    const window = new DriftWindow(3, { size: 2 });
    for (const n of [1, 2, 3, 4, 5]) window.add(observation(n));
    expect(window.observations().map(({ id }) => id)).toEqual(['request-3', 'request-4', 'request-5']);
    const again = new DriftWindow(3, { size: 2 });
    for (const kept of window.observations()) again.add(kept);
    expect(again.counts('size')).toEqual(window.counts('size'));
    expect(again.observations()).toEqual(window.observations());
  });
});
