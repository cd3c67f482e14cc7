/**
 * Milliseconds by which a Node.js service's main loop was late, 99th percentile since the last scrape: prom-client
 * begins anew at each. The histogram behind it asks every 10 ms and counts those in: an idle loop shows 10.
 * @param metrics in Prometheus' text format.
 */
export function loopDelayP99(metrics: string): number {
  const name = 'nodejs_eventloop_lag_p99_seconds';
  const value = new RegExp(`^${name}(?:\\{[^}]*\\})? (\\S+)`, 'm').exec(metrics)?.[1];
  const seconds = Number(value);
  if (value === undefined || Number.isNaN(seconds)) {
    throw new Error(
      `/metrics says "${value ?? 'nothing'}" of ${name}: the service must publish Node's metrics`,
    );
  }
  return seconds * 1000;
}
