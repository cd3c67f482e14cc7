import { once } from 'node:events';
import { Agent, METHODS, request, type IncomingMessage } from 'node:http';
import fc from 'fast-check';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildApp } from './app.ts';
import { loadEnv } from './env.ts';
import { openSqliteStore } from './feedback/sqlite.ts';
import { startClassifier } from './inference/classifier.ts';
import { readModel } from './inference/model.ts';
import { createMetrics } from './metrics.ts';
import { startFake } from '../testing/fake.ts';

let app: FastifyInstance;
let paths: Record<string, Record<string, unknown>>;
beforeAll(async () => {
  app = await startFake();
  ({ paths } = (await app.inject('/docs/json')).json<{ paths: typeof paths }>());
});
afterAll(() => app.close());

const postRoutes = () =>
  Object.entries(paths)
    .filter(([, operations]) => 'post' in operations)
    .map(([path]) => path.replace('{version}', '0.1.0'));

/** Texts of any characters, lone surrogates and control characters too. */
const anyText = fc.string({ unit: 'binary', maxLength: 200 });

const labels = { emotion: 'happiness', sub_emotion: 'joy', intensity: 'strong' };

/** Feedback that is right, or may be. */
function anyItems(right: object, more: Record<string, fc.Arbitrary<unknown>>) {
  const item = fc.record(
    {
      text: anyText,
      emotion: fc.constantFrom('happiness', 'anger', 'toString'),
      sub_emotion: fc.constantFrom('joy', 'annoyance', 'constructor'),
      intensity: fc.constantFrom('mild', 'strong'),
      start_time: fc.oneof(fc.double(), anyText, fc.constantFrom('00:01:23.5', '1:2:3:4')),
      end_time: fc.oneof(fc.double(), anyText, fc.constantFrom(0, '83.5')),
      ...more,
    },
    { requiredKeys: [] },
  );
  return fc.array(fc.oneof(fc.constant(right), item), { minLength: 1, maxLength: 3 });
}

/** What a body may hold: anything at all, and what is nearly right. */
const anyBody = fc.oneof(
  fc.json({ maxDepth: 4 }),
  fc
    .record({ inputs: fc.oneof(anyText, fc.array(fc.oneof(anyText, fc.jsonValue()), { maxLength: 5 })) })
    .map((body) => JSON.stringify(body)),
  fc
    .record(
      {
        id: fc.jsonValue(),
        inputs: fc.array(
          fc.record(
            {
              name: fc.constantFrom('text', 'x'),
              datatype: fc.constantFrom('BYTES', 'FP32'),
              shape: fc.oneof(fc.array(fc.integer({ min: -1, max: 3 }), { maxLength: 3 }), fc.jsonValue()),
              data: fc.oneof(
                fc.array(fc.oneof(anyText, fc.array(anyText)), { maxLength: 3 }),
                fc.jsonValue(),
              ),
            },
            { requiredKeys: [] },
          ),
          { maxLength: 2 },
        ),
        outputs: fc.oneof(
          fc.array(fc.record({ name: fc.constantFrom('emotion', 'intensity_probabilities', 'x') })),
          fc.jsonValue(),
        ),
        parameters: fc.jsonValue(),
      },
      { requiredKeys: ['inputs'] },
    )
    .map((body) => JSON.stringify(body)),
  anyItems(
    { text: 'We won!', ...labels, action: 'edited' },
    {
      action: fc.constantFrom('edited', 'confirmed', 'skipped'),
      source: anyText,
      key: fc.oneof(anyText, fc.constant('k')),
    },
  ).map((items) => JSON.stringify({ items })),
  fc
    .record({
      videoTitle: fc.oneof(anyText, fc.constant('The final')),
      feedbackData: anyItems({ text: 'We won!', ...labels, start_time: 0, end_time: '1:23' }, {}),
    })
    .map((body) => JSON.stringify(body)),
);

describe('whatever is sent', () => {
  it(
    'no JSON body gets a 5xx from any POST route, and every refusal has the one shape',
    { timeout: 120_000 },
    async () => {
      const routes = postRoutes();
      expect(routes).toContain('/v1/classify');
      const seen = new Set<number>();
      await fc.assert(
        fc.asyncProperty(fc.constantFrom(...routes), anyBody, async (url, payload) => {
          const headers = { 'content-type': 'application/json' };
          const response = await app.inject({ method: 'POST', url, payload, headers });
          seen.add(response.statusCode);
          expect(response.statusCode).toBeLessThan(500);
          if (response.statusCode < 400) return;
          const { code, message } = response.json<Record<string, unknown>>();
          expect(code).toMatch(/^[a-z_]+$/);
          expect(message).toMatch(/./);
        }),
        { numRuns: 1000 },
      );
      // Not all of it was refused at the door.
      expect([...seen]).toEqual(expect.arrayContaining([200, 201, 422]));
    },
  );

  it('10,000 URLs and methods add no series', { timeout: 240_000 }, async () => {
    const before = await series(app);
    const known = Object.keys(paths);
    const path = fc.oneof(
      fc.webPath(),
      fc.string({ unit: 'grapheme', maxLength: 30 }).map(encodeURIComponent),
      fc.string({ maxLength: 30 }).map((text) => text.replace(/[^!-~]/g, '')),
      fc
        .tuple(fc.constantFrom(...known, '/docs', '/docs/static'), fc.webPath(), fc.webQueryParameters())
        .map(([start, more, query]) => `${start}${more}?${query}`),
    );
    const method = fc.constantFrom(...METHODS.filter((name) => name !== 'CONNECT'));
    const unknownBefore = await total(app, 'unknown');
    // Over the wire: app.inject would tidy up the URL.
    const { port } = new URL(await app.listen({ port: 0, host: '127.0.0.1' }));
    const agent = new Agent({ keepAlive: true });
    await fc.assert(
      fc.asyncProperty(method, path, async (method, path) => {
        const call = request({ agent, port, method, path: path.startsWith('/') ? path : `/${path}` }).end();
        const [response] = (await once(call, 'response')) as [IncomingMessage];
        await response.resume().toArray();
      }),
      { numRuns: 10_000 },
    );
    agent.destroy();
    const after = await series(app);
    expect(after.counters).toEqual(before.counters);
    // Which statuses a route answers with shows only when it does; the rest of these labels does not grow.
    for (const { method, route, status } of after.durations) {
      expect(before.counters).toContain(`${method} ${route}`);
      expect(status).toBeLessThan(500);
    }
    expect((await total(app, 'unknown')) - unknownBefore).toBeGreaterThan(5000);
  });
});

describe('any text', () => {
  it(
    'gets a prediction of the real model whose sub-emotion belongs to its emotion',
    { timeout: 120_000 },
    async () => {
      const model = await readModel(loadEnv(process.env).modelDir);
      const metrics = createMetrics();
      const real = await buildApp({
        requestTimeoutSeconds: 60,
        maxBodyBytes: 1_000_000,
        openFeedbackStore: () => openSqliteStore(':memory:'),
        metrics,
        startClassifier: (log) => startClassifier({ model, threads: 1, queueLimit: 1000, metrics, log }),
      });
      await classifies(real, model.tree, 40);
      await real.close();
    },
  );

  it('gets one of its own labels for each of many', { timeout: 120_000 }, async () => {
    const { tree } = await readModel(loadEnv(process.env).modelDir);
    await classifies(app, tree, 500);
  });
});

async function classifies(to: FastifyInstance, tree: Record<string, string[]>, numRuns: number) {
  const text = anyText.filter((one) => /\S/.test(one));
  await fc.assert(
    fc.asyncProperty(fc.array(text, { minLength: 1, maxLength: 8 }), async (inputs) => {
      const response = await to.inject({ method: 'POST', url: '/v1/classify', payload: { inputs } });
      expect(response.statusCode).toBe(200);
      const { predictions } = response.json<{ predictions: Record<string, Scored>[] }>();
      expect(predictions).toHaveLength(inputs.length);
      for (const prediction of predictions) {
        expect(tree[prediction.emotion?.label ?? '']).toContain(prediction.sub_emotion?.label);
        for (const { label, confidence, scores } of Object.values(prediction)) {
          expect(scores[label]).toBe(confidence);
          const all = Object.values(scores);
          expect(all.every((p) => p >= 0 && p <= 1)).toBe(true);
          expect(all.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 5);
        }
      }
    }),
    { numRuns },
  );
}

interface Scored {
  label: string;
  confidence: number;
  scores: Record<string, number>;
}

interface Sample {
  name: string;
  method: string;
  route: string;
  status: number;
  value: number;
}

/** The samples of the metrics that have a route. */
async function samples(from: FastifyInstance): Promise<Sample[]> {
  const { body } = await from.inject('/metrics');
  const found = body.matchAll(/^(\w+)\{method="(.*?)",route="(.*?)"(?:,status="(\d+)")?\} (\S+)$/gm);
  return [...found].map(([, name = '', method = '', route = '', status, value]) => ({
    name,
    method,
    route,
    status: Number(status),
    value: Number(value),
  }));
}

async function series(from: FastifyInstance) {
  const all = await samples(from);
  const named = (name: string) => all.filter((sample) => sample.name === name);
  const counters = named('http_requests_total').map(({ method, route }) => `${method} ${route}`);
  expect(named('api_errors_total').map(({ method, route }) => `${method} ${route}`)).toEqual(counters);
  return { counters, durations: named('http_request_duration_seconds_count') };
}

async function total(from: FastifyInstance, route: string): Promise<number> {
  return (await samples(from))
    .filter((sample) => sample.name === 'http_requests_total' && sample.route === route)
    .reduce((sum, { value }) => sum + value, 0);
}
