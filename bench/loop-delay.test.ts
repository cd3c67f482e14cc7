import { collectDefaultMetrics, Registry } from 'prom-client';
import { expect, it } from 'vitest';
import { loopDelayP99 } from './loop-delay.ts';

const help = '# HELP nodejs_eventloop_lag_p99_seconds The 99th percentile.\n';

it('is read in milliseconds, with labels or without', () => {
  expect(loopDelayP99(`${help}nodejs_eventloop_lag_p99_seconds 0.0125\n`)).toBe(12.5);
  expect(loopDelayP99(`${help}nodejs_eventloop_lag_p99_seconds{app="x"} 1e-3\n`)).toBe(1);
});

it.each(['', help, `${help}nodejs_eventloop_lag_p99_seconds NaN\n`])('is not made up from %j', (metrics) => {
  expect(() => loopDelayP99(metrics)).toThrow(/nodejs_eventloop_lag_p99_seconds/);
});

it('begins anew at each scrape', async () => {
  const register = new Registry();
  collectDefaultMetrics({ register });
  await nextTurn();
  const end = performance.now() + 200;
  while (performance.now() < end);
  await nextTurn();
  expect(loopDelayP99(await register.metrics())).toBeGreaterThan(100);
  await nextTurn();
  expect(loopDelayP99(await register.metrics())).toBeLessThan(100);
});

/** Long enough for the histogram's own timer. */
function nextTurn() {
  return new Promise((resolve) => setTimeout(resolve, 50));
}
