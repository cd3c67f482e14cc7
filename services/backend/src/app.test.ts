import { connect } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { loadEnv } from './env.ts';
import { ServiceError } from './errors.ts';
import { readModel, type Model } from './inference/model.ts';
import { startFakeOnce } from '../testing/fake.ts';

let model: Model;
beforeAll(async () => {
  model = await readModel(loadEnv(process.env).modelDir);
});

const classify = (app: FastifyInstance, payload: object = { inputs: 'We won!' }) =>
  app.inject({ method: 'POST', url: '/v1/classify', payload });

describe('a classification that fails', () => {
  it.each([
    [new ServiceError(429, 'queue_full', 'Full.', { retryAfter: 3 }), 429, '3'],
    [new ServiceError(503, 'worker_lost', 'Gone.', { retryAfter: 1 }), 503, '1'],
  ])('passes on %s', async (error, status, retryAfter) => {
    const busy = await startFakeOnce({ classify: () => Promise.reject(error) });
    const response = await classify(busy);
    expect(response.statusCode).toBe(status);
    expect(response.headers['retry-after']).toBe(retryAfter);
    expect(response.json()).toEqual({ code: error.code, message: error.message });
  });

  it('tells nothing of what nobody foresaw', async () => {
    const broken = await startFakeOnce({ classify: () => Promise.reject(new Error('secret path')) });
    const response = await classify(broken);
    expect(response.statusCode).toBe(500);
    expect(response.json()).toEqual({
      code: 'internal_error',
      message: 'The service failed; its log has the cause.',
    });
  });

  it('gives up at the deadline', async () => {
    const slow = await startFakeOnce({ classify: untilAborted }, { requestTimeoutSeconds: 0.05 });
    const response = await classify(slow);
    expect(response.statusCode).toBe(504);
    expect(response.json()).toMatchObject({ code: 'deadline_exceeded' });
  });

  it('stops working for a caller who left', async () => {
    let seen: AbortSignal | undefined;
    const other = await startFakeOnce({
      classify: (texts, signal) => {
        seen = signal;
        return untilAborted(texts, signal);
      },
    });
    const url = await other.listen({ port: 0, host: '127.0.0.1' });
    const caller = new AbortController();
    const call = fetch(`${url}/v1/classify`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"inputs": "a"}',
      signal: caller.signal,
    });
    await vi.waitUntil(() => seen, 10_000);
    caller.abort();
    await expect(call).rejects.toThrow();
    await vi.waitUntil(() => seen?.aborted, 10_000);
    expect(seen?.reason).toMatchObject({ code: 'caller_left' });
  });
});

describe('other routes', () => {
  it('list the labels', async () => {
    const labels: unknown = (await (await startFakeOnce()).inject('/v1/labels')).json();
    expect(labels).toEqual({ emotions: model.tree, intensities: ['mild', 'moderate', 'strong'] });
  });

  it('say that the process lives and the model answers', async () => {
    expect((await (await startFakeOnce()).inject('/health')).statusCode).toBe(200);
    expect((await (await startFakeOnce()).inject('/ready')).statusCode).toBe(200);
  });

  it('say when no worker answers', async () => {
    const other = await startFakeOnce({ ready: false });
    const response = await other.inject('/ready');
    expect(response.statusCode).toBe(503);
    expect(response.headers['retry-after']).toBe('1');
    expect(response.json()).toMatchObject({ code: 'not_ready' });
    expect((await other.inject('/health')).statusCode).toBe(200);
  });

  it.each([
    ['GET', '/nothing', 404, 'not_found'],
    ['GET', '/v1/classify', 405, 'method_not_allowed'],
    ['DELETE', '/health', 405, 'method_not_allowed'],
    ['GET', '/%zz', 400, 'bad_request'],
  ] as const)('refuse %s %s', async (method, url, status, code) => {
    const response = await (await startFakeOnce()).inject({ method, url });
    expect(response.statusCode).toBe(status);
    expect(response.json()).toMatchObject({ code });
  });

  it('refuse what is not HTTP in the same shape', async () => {
    const other = await startFakeOnce({});
    const { port } = new URL(await other.listen({ port: 0, host: '127.0.0.1' }));
    const socket = connect(Number(port), '127.0.0.1').setEncoding('utf8');
    socket.write('HELLO\r\n\r\n');
    const [head, body] = (await socket.toArray()).join('').split('\r\n\r\n');
    expect(head).toMatch(/^HTTP\/1\.1 400 Bad Request/);
    expect(JSON.parse(body ?? '')).toEqual({ code: 'bad_request', message: 'Bad Request' });
  });

  it('name the methods that a path has', async () => {
    expect((await (await startFakeOnce()).inject('/v1/classify')).headers.allow).toBe('POST');
  });
});

describe('a request', () => {
  it('keeps the id that its caller gave, unless that is no id', async () => {
    const idOf = async (id: string) =>
      (await (await startFakeOnce()).inject({ url: '/v1/labels', headers: { 'x-request-id': id } })).headers[
        'x-request-id'
      ];
    expect(await idOf('abc-123')).toBe('abc-123');
    expect(await idOf('{"a": 1}')).toMatch(/^[0-9a-f-]{36}$/);
  });
});

describe('the OpenAPI document', () => {
  it('describes every route, with an example of every error', async () => {
    const { paths } = (await (await startFakeOnce()).inject('/docs/json')).json<{
      paths: Record<string, Record<string, { responses: Record<string, Described> }>>;
    }>();
    expect(Object.keys(paths).sort()).toEqual([
      '/health',
      '/metrics',
      '/ready',
      '/save-feedback',
      '/v1/classify',
      '/v1/drift',
      '/v1/feedback',
      '/v1/feedback.csv',
      '/v1/labels',
      '/v2',
      '/v2/health/live',
      '/v2/health/ready',
      '/v2/models/emotion',
      '/v2/models/emotion/infer',
      '/v2/models/emotion/ready',
      '/v2/models/emotion/versions/{version}',
      '/v2/models/emotion/versions/{version}/infer',
      '/v2/models/emotion/versions/{version}/ready',
    ]);
    const { responses } = paths['/v1/classify']?.post ?? { responses: {} };
    expect(Object.keys(responses)).toEqual([
      '200',
      '400',
      '401',
      '413',
      '415',
      '422',
      '429',
      '500',
      '503',
      '504',
    ]);
    for (const [status, { content, headers }] of Object.entries(responses)) {
      if (status === '200') continue;
      expect(content['application/json']?.example).toMatchObject({ code: expect.any(String) as string });
      expect(headers !== undefined).toBe(['429', '503'].includes(status));
    }
  });

  it('has a page', async () => {
    const response = await (await startFakeOnce()).inject('/docs/');
    expect(response.statusCode).toBe(200);
    expect(response.headers['content-type']).toContain('text/html');
  });
});

interface Described {
  content: Record<string, { example?: unknown }>;
  headers?: object;
}

function untilAborted(_texts: readonly string[], signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => {
      reject(signal.reason as Error);
    });
  });
}
