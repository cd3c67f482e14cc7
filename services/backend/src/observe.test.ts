import { publishedMetrics } from '@emotion-stack/metrics';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildApp } from './app.ts';
import { loadEnv } from './env.ts';
import { openSqliteStore } from './feedback/sqlite.ts';
import { startClassifier } from './inference/classifier.ts';
import { readModel } from './inference/model.ts';
import { createMetrics } from './metrics.ts';

let app: FastifyInstance;
beforeAll(async () => {
  const model = await readModel(loadEnv(process.env).modelDir);
  const metrics = createMetrics();
  app = await buildApp({
    requestTimeoutSeconds: 60,
    maxBodyBytes: 1_000_000,
    openFeedbackStore: () => openSqliteStore(':memory:'),
    metrics,
    startClassifier: (log) => startClassifier({ model, threads: 1, queueLimit: 1000, metrics, log }),
  });
});
afterAll(() => app.close());

/** The samples of one metric by their labels, as Prometheus reads them. */
async function samples(name: string): Promise<Map<string, number>> {
  const { body } = await app.inject('/metrics');
  const lines = body.matchAll(/^(\w+)(?:\{(.*)\})? (\S+)$/gm);
  return new Map(
    [...lines]
      .filter(([, found]) => found === name)
      .map(([, , labels = '', value]) => [labels, Number(value)]),
  );
}

const classify = { method: 'POST', url: '/v1/classify' } as const;

describe('/metrics', () => {
  it('speaks the text format and has every metric that the catalogue says is published', async () => {
    const response = await app.inject('/metrics');
    expect(response.headers['content-type']).toContain('text/plain; version=0.0.4');
    for (const name of publishedMetrics) expect(response.body).toContain(`# TYPE ${name} `);
    expect(response.body).toContain('nodejs_eventloop_lag_p99_seconds');
    expect(response.body).toContain('nodejs_gc_duration_seconds');
    expect(response.body).toContain('process_resident_memory_bytes');
  });

  it('gives every request series its error series from the start', async () => {
    const requests = await samples('http_requests_total');
    expect(requests.get('method="POST",route="/v1/classify"')).toBe(0);
    expect(requests.get('method="GET",route="unknown"')).toBe(0);
    expect([...(await samples('api_errors_total')).keys()]).toEqual([...requests.keys()]);
  });

  it('counts answers, and those from 400 up as errors', async () => {
    await app.inject({ ...classify, payload: { inputs: 'We won!' } });
    await app.inject({ ...classify, payload: { inputs: '' } });
    const labels = 'method="POST",route="/v1/classify"';
    expect((await samples('http_requests_total')).get(labels)).toBe(2);
    expect((await samples('api_errors_total')).get(labels)).toBe(1);
    const durations = await samples('http_request_duration_seconds_count');
    expect(durations.get(`${labels},status="200"`)).toBe(1);
    expect(durations.get(`${labels},status="422"`)).toBe(1);
    expect((await samples('active_requests_count')).get('')).toBe(0);
  });

  it('does not count probes and scrapes', async () => {
    for (const url of ['/health', '/ready', '/metrics']) await app.inject(url);
    const series = [...(await samples('http_requests_total')).keys()].join();
    expect(series).not.toMatch(/health|ready|metrics/);
  });

  it('counts the page of the document as one route', async () => {
    const before = await samples('http_requests_total');
    for (const url of ['/docs', '/docs/', '/docs/json', '/docs/static/nothing.js']) await app.inject(url);
    const after = await samples('http_requests_total');
    expect([...after.keys()]).toEqual([...before.keys()]);
    expect(after.get('method="GET",route="/docs"')).toBe(4);
  });

  it('counts methods that a path does not have as requests to no route', async () => {
    const labels = 'method="DELETE",route="unknown"';
    await app.inject({ method: 'DELETE', url: '/v1/classify' });
    expect((await samples('http_requests_total')).get(labels)).toBe(1);
    expect((await samples('api_errors_total')).get(labels)).toBe(1);
  });

  it('adds no series for urls that nobody knows', async () => {
    await app.inject('/wp-admin');
    await app.inject('/%zz');
    const before = await samples('http_requests_total');
    for (let n = 0; n < 500; n++) await app.inject(`/x${n}?y=${n}`);
    const after = await samples('http_requests_total');
    expect([...after.keys()]).toEqual([...before.keys()]);
    expect(after.get('method="GET",route="unknown"')).toBe(502);
    expect([...(await samples('api_errors_total')).keys()]).toEqual([...after.keys()]);
  });
});
