import { describe, expect, it } from 'vitest';
import { seconds } from './duration.ts';
import { concerns } from './index.ts';
import { faulty, mutants } from './mutants.ts';

const rule = (expr: string, patience?: string) => ({
  alert: 'Any',
  expr,
  ...(patience === undefined ? {} : { for: patience }),
  labels: {},
  annotations: {},
});
const exprs = (expr: string) => faulty(rule(expr)).map(([, changed]) => changed.expr);

describe('faulty', () => {
  it('flips the comparison and moves the threshold a tenth up and down', () => {
    expect(exprs('a > 30')).toEqual(['a < 30', 'a > 27', 'a > 33']);
    expect(exprs('a < 0.05')).toEqual(['a > 0.05', 'a < 0.045', 'a < 0.055']);
  });

  it('moves what counts things by one, and leaves "any at all" alone', () => {
    expect(exprs('a > 1')).toEqual(['a < 1', 'a > 0', 'a > 2']);
    expect(exprs('a == 0')).toEqual(['a != 0']);
  });

  it('weakens guards, one at a time', () => {
    expect(exprs('a == 0 and b unless c')).toEqual([
      'a != 0 and b unless c',
      'a == 0 or b unless c',
      'a == 0 and b and c',
    ]);
  });

  it('leaves matchers alone', () => {
    expect(exprs('a{x=~" > 3 and "} == 0')).toEqual(['a{x=~" > 3 and "} != 0']);
  });

  it('removes, halves and doubles `for`', () => {
    expect(faulty(rule('vector(1)', '2m15s')).map(([, changed]) => changed.for)).toEqual([
      undefined,
      '67.5s',
      '270s',
    ]);
  });
});

describe('mutants', () => {
  it('are several of every alert but the Watchdog, with names of their own', () => {
    const all = mutants(concerns);
    expect(all.length).toBeGreaterThan(200);
    expect(new Set(all.map(({ files }) => files.name)).size).toBe(all.length);
    const without = concerns
      .flatMap(({ rules }) => rules.flatMap((one) => ('alert' in one ? one.alert : [])))
      .filter((name) => !all.some(({ fault }) => fault.startsWith(`${name}:`)));
    expect(without).toEqual(['Watchdog']);
  });
});

it('seconds reads durations of several units', () => {
  expect(['45s', '2m15s', '1h', '7d'].map(seconds)).toEqual([45, 135, 3600, 604_800]);
});
