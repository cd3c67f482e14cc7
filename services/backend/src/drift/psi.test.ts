import { describe, expect, it } from 'vitest';
import { binOf, contributions, psi } from './psi.ts';

describe('psi', () => {
  it('is 0 for the same shares and grows with the shift', () => {
    expect(psi([500, 500], [500, 500])).toBe(0);
    const small = psi([450, 550], [500, 500]);
    const large = psi([200, 800], [500, 500]);
    expect(small).toBeGreaterThan(0);
    expect(large).toBeGreaterThan(small);
    // (0.2 - 0.5) ln(0.2 / 0.5) + (0.8 - 0.5) ln(0.8 / 0.5), before half a count is added to each bin
    expect(large).toBeCloseTo(0.4159, 2);
  });

  it('is finite where a bin is empty', () => {
    expect(psi([1000, 0], [500, 500])).toBeGreaterThan(1);
    expect(Number.isFinite(psi([0, 0], [10, 0]))).toBe(true);
  });

  it('is the sum of what its bins add', () => {
    const [found, reference] = [
      [10, 20, 70],
      [300, 300, 400],
    ];
    const sum = contributions(found, reference).reduce((total, by) => total + by, 0);
    expect(sum).toBeCloseTo(psi(found, reference), 12);
  });
});

describe('binOf', () => {
  it('counts an edge to the bin below it', () => {
    expect([0, 7, 8, 10, 11].map((value) => binOf(value, [7, 10]))).toEqual([0, 0, 1, 1, 2]);
  });
});
