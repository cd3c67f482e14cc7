import type { FastifyInstance, InjectOptions } from 'fastify';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { AppOptions } from '../app.ts';
import { startFakeOnce } from '../../testing/fake.ts';

afterEach(() => {
  vi.useRealTimers();
});

const start = (options: Partial<AppOptions>) => startFakeOnce({}, options);

const key = 'a-key-for-tests';
const bearer = (value: string) => ({ authorization: `Bearer ${value}` });
const classify = (app: FastifyInstance, headers: Record<string, string> = {}, remoteAddress = '192.0.2.1') =>
  app.inject({ method: 'POST', url: '/v1/classify', payload: { inputs: 'We won!' }, headers, remoteAddress });

describe('a service with keys', () => {
  it('answers each of them', async () => {
    const app = await start({ apiKeys: [key, 'another-key'] });
    expect((await classify(app, bearer(key))).statusCode).toBe(200);
    expect((await classify(app, bearer('another-key'))).statusCode).toBe(200);
  });

  it.each([
    ['no key', {}, 'Bearer'],
    ['a wrong one', bearer('a-key-for-test'), 'Bearer error="invalid_token"'],
  ])('refuses %s', async (_name, headers, challenge) => {
    const response = await classify(await start({ apiKeys: [key] }), headers);
    expect(response.statusCode).toBe(401);
    expect(response.headers['www-authenticate']).toBe(challenge);
    expect(response.headers['x-request-id']).toBeDefined();
    expect(response.json()).toEqual({
      code: 'unauthorized',
      message: expect.stringContaining('authorization: Bearer') as string,
    });
  });

  it('guards every route of its document but those of the operators', async () => {
    const app = await start({ apiKeys: [key] });
    const { paths } = (await app.inject('/docs/json')).json<{
      paths: Record<string, Record<string, { security?: unknown[] }>>;
    }>();
    const open: string[] = [];
    for (const [path, operations] of Object.entries(paths)) {
      for (const [method, { security }] of Object.entries(operations)) {
        const url = path.replace(/\{.*?\}/g, '1');
        const { statusCode } = await app.inject({ method: method as 'GET', url });
        if (statusCode !== 401) open.push(path);
        expect(security, path).toEqual(statusCode === 401 ? undefined : []);
      }
    }
    expect(open.sort()).toEqual(['/health', '/metrics', '/ready', '/v2/health/live', '/v2/health/ready']);
  });

  it('neither takes nor gives feedback without one', async () => {
    const app = await start({ apiKeys: [key] });
    const labels = { emotion: 'happiness', sub_emotion: 'joy', intensity: 'strong' };
    const requests: InjectOptions[] = [
      {
        method: 'POST',
        url: '/v1/feedback',
        payload: { items: [{ text: 'We won!', ...labels, action: 'edited' }] },
      },
      {
        method: 'POST',
        url: '/save-feedback',
        payload: {
          videoTitle: 'The final',
          feedbackData: [{ start_time: 0, end_time: 1, text: 'We won!', ...labels }],
        },
      },
      { method: 'GET', url: '/v1/feedback.csv' },
    ];
    const send = async (headers: Record<string, string>) => {
      const responses = [];
      for (const request of requests) responses.push(await app.inject({ ...request, headers }));
      return responses;
    };
    const refused = await send({});
    expect(refused.map(({ statusCode }) => statusCode)).toEqual([401, 401, 401]);
    const answered = await send(bearer(key));
    expect(answered.map(({ statusCode }) => statusCode)).toEqual([201, 200, 200]);
    // What came without a key is not among it.
    expect(answered.at(-1)?.body.match(/^We won!,/gm)).toHaveLength(2);
  });

  it('tells nobody without a key what there is', async () => {
    const app = await start({ apiKeys: [key] });
    for (const url of ['/nothing', '/docsx', '/v1/classify']) {
      expect((await app.inject(url)).statusCode).toBe(401);
      expect((await app.inject({ url, headers: bearer(key) })).statusCode).not.toBe(401);
    }
  });

  it('says in its document how to send one, and only then', async () => {
    const document = async (apiKeys: string[]) =>
      (await (await start({ apiKeys })).inject('/docs/json')).json<Record<string, unknown>>();
    expect(await document([key])).toMatchObject({
      components: { securitySchemes: { key: { type: 'http', scheme: 'bearer' } } },
      security: [{ key: [] }],
    });
    expect(await document([])).not.toHaveProperty('security');
  });
});

describe('a rate limit', () => {
  it('is off unless set', async () => {
    const app = await start({});
    for (let n = 0; n < 50; n++) expect((await classify(app)).statusCode).toBe(200);
  });

  it('refuses what an address sends too much, and takes it again after the minute', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const app = await start({ rateLimitPerMinute: 2 });
    expect((await classify(app)).statusCode).toBe(200);
    expect((await classify(app)).headers['x-ratelimit-remaining']).toBe('0');
    vi.advanceTimersByTime(20_000);
    const response = await classify(app);
    expect(response.statusCode).toBe(429);
    expect(response.headers['retry-after']).toBe('40');
    expect(response.json()).toEqual({
      code: 'rate_limited',
      message: 'More than 2 requests in a minute; try again a little later.',
    });
    expect((await classify(app, {}, '192.0.2.2')).statusCode).toBe(200);
    vi.advanceTimersByTime(40_000);
    expect((await classify(app)).statusCode).toBe(200);
  });

  it('counts a key wherever it comes from, and not for its address', async () => {
    const app = await start({ apiKeys: [key, 'another-key'], rateLimitPerMinute: 2 });
    await classify(app, bearer(key), '192.0.2.1');
    await classify(app, bearer(key), '192.0.2.2');
    expect((await classify(app, bearer(key), '192.0.2.3')).statusCode).toBe(429);
    expect((await classify(app, bearer('another-key'), '192.0.2.1')).statusCode).toBe(200);
  });

  it('slows down who guesses keys', async () => {
    const app = await start({ apiKeys: [key], rateLimitPerMinute: 2 });
    const statuses = [];
    for (let n = 0; n < 4; n++) statuses.push((await classify(app, bearer(`guess-number-${n}`))).statusCode);
    expect(statuses).toEqual([401, 401, 429, 429]);
    expect((await classify(app, bearer(key))).statusCode).toBe(200);
  });

  it('takes the addresses of one IPv6 network for one caller', async () => {
    const app = await start({ rateLimitPerMinute: 1 });
    await classify(app, {}, '2001:db8::1');
    expect((await classify(app, {}, '2001:db8::2')).statusCode).toBe(429);
    expect((await classify(app, {}, '2001:db8:0:1::1')).statusCode).toBe(200);
  });

  it('also counts what no route takes', async () => {
    const app = await start({ rateLimitPerMinute: 1 });
    await app.inject('/nothing');
    expect((await app.inject('/nothing')).statusCode).toBe(429);
  });

  it('remembers no more than the last 5,000 callers', { timeout: 120_000 }, async () => {
    const app = await start({ rateLimitPerMinute: 1 });
    const status = async (remoteAddress: string) => {
      const { statusCode } = await app.inject({ url: '/v1/labels', remoteAddress });
      return statusCode;
    };
    await status('192.0.2.1');
    for (let n = 0; n < 4999; n++) await status(`10.0.${n >> 8}.${n & 255}`);
    expect(await status('10.0.0.0')).toBe(429);
    expect(await status('10.1.0.0')).toBe(200);
    expect(await status('192.0.2.1')).toBe(200);
  });

  it('leaves out probes, scrapes and the document', async () => {
    const app = await start({ rateLimitPerMinute: 1 });
    for (const url of ['/health', '/ready', '/metrics', '/docs/json']) {
      for (let n = 0; n < 3; n++) expect((await app.inject(url)).statusCode).toBe(200);
    }
  });
});

describe('pages of other origins', () => {
  const origin = 'https://app.example.com';
  const preflight = (app: FastifyInstance, from: string) =>
    app.inject({
      method: 'OPTIONS',
      url: '/v1/classify',
      headers: {
        origin: from,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization, content-type',
      },
    });

  it('are allowed nothing unless they are named', async () => {
    const closed = await start({});
    expect((await preflight(closed, origin)).statusCode).toBe(405);
    expect((await classify(closed, { origin })).headers).not.toHaveProperty('access-control-allow-origin');
    const other = await start({ corsOrigins: ['https://other.example.com'] });
    expect((await preflight(other, origin)).headers).not.toHaveProperty('access-control-allow-origin');
    expect((await classify(other, { origin })).headers).not.toHaveProperty('access-control-allow-origin');
  });

  it('may ask without a key, and read answers and errors with one', async () => {
    const app = await start({ corsOrigins: [origin], apiKeys: [key] });
    const asked = await preflight(app, origin);
    expect(asked.statusCode).toBe(204);
    expect(asked.headers).toMatchObject({
      'access-control-allow-origin': origin,
      'access-control-allow-methods': 'GET,HEAD,POST',
      'access-control-allow-headers': 'authorization, content-type, idempotency-key, x-request-id',
    });
    const answer = await classify(app, { origin, ...bearer(key) });
    expect(answer.statusCode).toBe(200);
    expect(answer.headers['access-control-allow-origin']).toBe(origin);
    expect(answer.headers.vary).toBe('Origin');
    const refused = await classify(app, { origin });
    expect(refused.statusCode).toBe(401);
    expect(refused.headers['access-control-allow-origin']).toBe(origin);
  });
});
