import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pack } from './pack.ts';

const lengths = fc.array(fc.integer({ min: 2, max: 128 }), { minLength: 1, maxLength: 80 });

describe('packing', () => {
  it('puts every sentence into one pass', () => {
    fc.assert(
      fc.property(lengths, (tokens) => {
        const packed = pack(tokens).flat();
        expect(packed.sort((a, b) => a - b)).toEqual(tokens.map((_, index) => index));
      }),
    );
  });

  it('keeps passes small', () => {
    fc.assert(
      fc.property(lengths, (tokens) => {
        for (const members of pack(tokens)) {
          const longest = Math.max(...members.map((index) => tokens[index] ?? 0));
          expect(members.length * longest).toBeLessThanOrEqual(512);
        }
      }),
    );
  });

  it('costs as little as the cheapest of all cuts', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 2, max: 40 }), { minLength: 1, maxLength: 8 }), (tokens) => {
        const sorted = [...tokens].sort((a, b) => a - b);
        const packed = pack(tokens).map((members) => members.map((index) => tokens[index] ?? 0));
        expect(cost(packed)).toBe(Math.min(...cuts(sorted).map(cost)));
      }),
    );
  });

  it('pads where that is cheaper than another pass, and not where it is not', () => {
    expect(pack([9, 10, 11, 10])).toEqual([[0, 1, 3, 2]]);
    expect(pack([9, 30])).toEqual([[0], [1]]);
  });

  it('puts sentences of the same length together', () => {
    expect(pack([9, 40, 9, 40, 9])).toEqual([
      [0, 2, 4],
      [1, 3],
    ]);
  });
});

/** In token places. */
function cost(passes: number[][]): number {
  return passes.reduce((sum, pass) => sum + 12 + pass.length * Math.max(...pass), 0);
}

/** Every way to cut a list into parts. */
function cuts(values: number[]): number[][][] {
  const [first, ...rest] = values;
  if (first === undefined) return [[]];
  return cuts(rest).flatMap(([part = [], ...parts]) => [
    [[first], ...(part.length > 0 ? [part] : []), ...parts],
    ...(part.length > 0 ? [[[first, ...part], ...parts]] : []),
  ]);
}
