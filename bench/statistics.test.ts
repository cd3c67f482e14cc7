import { describe, expect, it } from 'vitest';
import { median, percentile } from './statistics.ts';

describe('a percentile', () => {
  const hundred = Array.from({ length: 100 }, (_, index) => 100 - index);

  it.each([
    [50, 50],
    [99, 99],
    [100, 100],
    [0, 1],
  ])('%d of 1 to 100 is %d', (percent, expected) => {
    expect(percentile(hundred, percent)).toBe(expected);
  });

  it('is the only value where there is one', () => {
    expect(percentile([7], 99)).toBe(7);
  });

  it('sorts by size, not by letters', () => {
    expect(percentile([10, 9, 100], 50)).toBe(10);
  });

  it('is none of nothing', () => {
    expect(() => percentile([], 50)).toThrow(/longer/);
  });
});

describe('a median', () => {
  it.each([
    [[3, 1, 2], 2],
    [[4, 1, 3, 2], 2.5],
    [[5], 5],
  ])('of %j is %d', (values, expected) => {
    expect(median(values)).toBe(expected);
  });

  it('is none of nothing', () => {
    expect(() => median([])).toThrow();
  });
});
