import { describe, expect, it } from 'vitest';
import { accuracy, accuracyLoss, weightedF1, type Audited } from './accuracy.ts';

const all = <T>(value: T) => ({ emotion: value, sub_emotion: value, intensity: value });
const row = (truth: string, predicted: string, confidence = 0.5): Audited => ({
  id: '',
  truth: all(truth),
  predicted: all(predicted),
  confidence: all(confidence),
});

/** Numbers from 0 to 1, the same each time (mulberry32). */
function generator(seed: number): () => number {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

describe('accuracy', () => {
  const rows = [row('a', 'a'), row('a', 'b'), row('a', 'a'), row('b', 'c'), row('b', 'b'), row('d', 'a')];

  it('is the share of labels that are right', () => {
    expect(accuracy(rows, 'emotion')).toBeCloseTo(3 / 6);
  });

  it('as weighted F1 counts every label by how often it is true', () => {
    // a: 2 of 3 predicted right, 2 of 3 found; b: 1 of 2 and 1 of 2; d: never predicted; c: never true.
    expect(weightedF1(rows, 'emotion')).toBeCloseTo((3 * (2 / 3) + 2 * 0.5 + 0) / 6);
  });
});

describe('the accuracy lost', () => {
  /** The scores of windows of 1,000 answers, each right with a probability that differs from its confidence. */
  const scores = (windows: number, right: (confidence: number) => number) => {
    const random = generator(7);
    return Array.from({ length: windows }, () => {
      const rows = Array.from({ length: 1000 }, () => {
        const confidence = 0.3 + 0.7 * random();
        return row('a', random() < right(confidence) ? 'a' : 'b', confidence);
      });
      return accuracyLoss(rows, 'emotion').lost;
    });
  };

  it('is above 0 in one of twenty windows of a model that is as good as it says', () => {
    const found = scores(1000, (confidence) => confidence).filter((score) => score > 0);
    expect(found.length).toBeGreaterThan(30);
    expect(found.length).toBeLessThan(70);
    expect(Math.max(...found)).toBeLessThan(0.05);
  });

  it('is 0 for a model that is better than it says', () => {
    expect(Math.max(...scores(50, (confidence) => confidence + 0.1))).toBe(0);
  });

  it('is found, and is not overstated, when one answer in ten turns wrong', () => {
    const found = scores(50, (confidence) => 0.9 * confidence);
    expect(Math.min(...found)).toBeGreaterThan(0);
    expect(Math.max(...found)).toBeLessThan(0.1);
  });

  it('is the confidence where every answer is wrong', () => {
    expect(
      accuracyLoss(
        Array.from({ length: 50 }, () => row('a', 'b', 0.75)),
        'emotion',
      ).lost,
    ).toBe(0.75);
  });

  it('takes 1.64 standard errors of the difference off', () => {
    const rows = [row('a', 'a', 0.9), row('a', 'b', 0.8), row('a', 'b', 0.7), row('a', 'b', 0.6)];
    const differences = [-0.1, 0.8, 0.7, 0.6];
    const squares = differences.reduce((sum, difference) => sum + (difference - 0.5) ** 2, 0);
    expect(accuracyLoss(rows, 'emotion').lost).toBeCloseTo(0.5 - 1.64 * Math.sqrt(squares / 3 / 4));
  });
});
