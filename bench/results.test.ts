import { describe, expect, it } from 'vitest';
import { summarize, type Figures, type Measurements } from './results.ts';

const rounds = (throughput: number, more: Partial<Figures> = {}): Figures[] =>
  [0.5, 1, 1, 1.1, 3].map((factor) => ({ throughput: throughput * factor, p50: 1, p99: 2, ...more }));

const good: Measurements = {
  limit: rounds(1000),
  one: rounds(700, { p50: 1.4 }),
  single: rounds(800, { loopDelay: 20 }),
  batched: rounds(960, { loopDelay: 30 }),
  halfLoad: rounds(400, { p99: 10 }),
  fastapi: rounds(500),
  mlserver: { missing: 'there is no python3' },
};

const met = (measurements: Measurements) => summarize(measurements).bars.map((bar) => bar.met);

describe('the results', () => {
  it('have the shape that programs read', () => {
    const results = summarize(good);
    expect(results).toMatchObject({ single_vs_limit: 0.8, batched_vs_limit: 0.96, single_vs_fastapi: 1.6 });
    expect(results.rows.map(({ name }) => name)).toHaveLength(7);
    expect(results.rows[0]).toEqual({
      name: 'limit: onnxruntime, full batches',
      sentences_per_second: 1000,
      p50_ms: 1,
      p99_ms: 2,
      loop_delay_p99_ms: null,
      rounds: [500, 1000, 1000, 1100, 3000],
    });
    expect(JSON.parse(JSON.stringify(results))).toEqual(results);
  });

  it('say why a row is left out', () => {
    expect(summarize(good).rows.at(-1)).toMatchObject({
      sentences_per_second: null,
      rounds: [],
      missing: 'there is no python3',
    });
    expect(summarize({}).rows[0]).toMatchObject({ missing: 'not measured' });
  });

  it('meet the bars exactly at their values', () => {
    expect(met(good)).toEqual([true, true, true, true, true, true]);
  });

  it.each<[string, Measurements, number]>([
    ['single sentences', { single: rounds(799, { loopDelay: 20 }) }, 0],
    ['batches', { batched: rounds(949, { loopDelay: 20 }) }, 1],
    ['FastAPI', { fastapi: rounds(540) }, 2],
    ['half load', { halfLoad: rounds(400, { p99: 25.1 }) }, 3],
    ['loop delay at single sentences', { single: rounds(800, { loopDelay: 50.1 }) }, 4],
    ['loop delay at batches', { batched: rounds(960, { loopDelay: 50.1 }) }, 5],
  ])('miss the bar of %s below it', (_what, change, place) => {
    expect(met({ ...good, ...change })).toEqual(met(good).with(place, false));
  });

  it('allow a slow model four times one raw inference', () => {
    const slow = { one: rounds(100, { p50: 10 }), halfLoad: rounds(50, { p99: 39 }) };
    expect(met({ ...good, ...slow })[3]).toBe(true);
  });

  it('do not call a bar met that was not measured', () => {
    const results = summarize({ ...good, fastapi: { missing: 'no network' } });
    expect(results.single_vs_fastapi).toBeNull();
    expect(results.bars[2]).toMatchObject({ value: null, met: false });
  });
});
