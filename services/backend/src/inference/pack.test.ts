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

  it('keeps passes small and pads little', () => {
    fc.assert(
      fc.property(lengths, (tokens) => {
        for (const members of pack(tokens)) {
          const own = members.map((index) => tokens[index] ?? 0);
          const padded = own.length * Math.max(...own);
          const real = own.reduce((sum, length) => sum + length, 0);
          expect(padded).toBeLessThanOrEqual(512);
          expect(padded).toBeLessThanOrEqual(real * 1.1);
        }
      }),
    );
  });

  it('puts sentences of the same length together', () => {
    expect(pack([9, 40, 9, 40, 9])).toEqual([
      [0, 2, 4],
      [1, 3],
    ]);
  });
});
