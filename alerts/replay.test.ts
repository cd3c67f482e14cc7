import { describe, expect, it } from 'vitest';
import { concerns } from './index.ts';
import { firings, inlined } from './replay.ts';

/** Evaluations every 15 s from one time to another, both included. */
const every15 = (from: number, to: number) =>
  Array.from({ length: (to - from) / 15 + 1 }, (_, i) => from + i * 15);

describe('firings', () => {
  it('wait for `for`, and then last as long as the expression holds', () => {
    expect(firings([every15(0, 120)], 120, 15)).toEqual({ times: 1, seconds: 0 });
    expect(firings([every15(0, 105)], 120, 15)).toEqual({ times: 0, seconds: 0 });
    expect(firings([every15(0, 300)], 120, 15)).toEqual({ times: 1, seconds: 180 });
  });

  it('begin anew after a gap', () => {
    expect(firings([[...every15(0, 105), ...every15(135, 240)]], 120, 15)).toEqual({ times: 0, seconds: 0 });
    expect(firings([[...every15(0, 120), ...every15(300, 435)]], 120, 15)).toEqual({ times: 2, seconds: 15 });
  });

  it('count each series by itself', () => {
    expect(firings([every15(0, 60), every15(30, 120)], 60, 15)).toEqual({ times: 2, seconds: 30 });
    expect(firings([], 60, 15)).toEqual({ times: 0, seconds: 0 });
  });

  it('are there at once without `for`', () => {
    expect(firings([[0], [600]], 0, 15)).toEqual({ times: 2, seconds: 0 });
  });
});

describe('inlined', () => {
  it('leaves no recorded series', () => {
    expect(inlined('a:b:c > 1 and a:b:c < 2', [{ record: 'a:b:c', expr: 'x / y' }])).toBe(
      '(x / y) > 1 and (x / y) < 2',
    );
    for (const { rules } of concerns) {
      const records = rules.filter((rule) => 'record' in rule);
      for (const rule of rules) if ('alert' in rule) expect(inlined(rule.expr, records)).not.toMatch(/\w:\w/);
    }
  });
});
