import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RecentMean } from './recent-mean.ts';

describe('a recent mean', () => {
  it('is that of the newest values', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 50 }),
        fc.integer({ min: 1, max: 20 }),
        (values, size) => {
          const recent = new RecentMean(size);
          for (const value of values) recent.push(value);
          const newest = values.slice(-size);
          expect(recent.mean).toBeCloseTo(newest.reduce((a, b) => a + b) / newest.length, 9);
        },
      ),
    );
  });
});
