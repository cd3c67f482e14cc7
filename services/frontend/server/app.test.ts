import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import type { IncomingHttpHeaders } from 'node:http';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import Fastify, { type FastifyInstance } from 'fastify';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { buildApp } from './app.ts';
import type { Env } from './env.ts';

const dist = mkdtempSync(join(tmpdir(), 'frontend-'));
const page = '<!doctype html><title>Emotion Stack</title>';
const script = 'console.log("ready")';

beforeAll(() => {
  mkdirSync(join(dist, 'assets'));
  writeFileSync(join(dist, 'index.html'), page);
  writeFileSync(join(dist, 'assets', 'index-abc123.js'), script);
  writeFileSync(join(dist, 'assets', 'index-abc123.js.br'), brotliCompressSync(script));
});
afterAll(() => {
  rmSync(dist, { recursive: true });
});

const running: FastifyInstance[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((app) => app.close()));
});

async function start(env: Partial<Env> = {}) {
  const app = await buildApp(
    { port: 0, host: '127.0.0.1', backendUrl: 'http://127.0.0.1:1', ...env },
    { dist },
  );
  running.push(app);
  return app;
}

/** A backend on a free port that keeps the headers it was sent. */
async function startBackend() {
  const seen: IncomingHttpHeaders[] = [];
  const backend = Fastify();
  backend.addHook('onRequest', (request, _reply, done) => {
    seen.push(request.headers);
    done();
  });
  backend.post('/v1/classify', (request) => ({ echo: request.body }));
  backend.get('/v1/busy', (_request, reply) =>
    reply.code(503).header('retry-after', '7').send({ code: 'queue_full', message: 'Try again in 7 s.' }),
  );
  const backendUrl = await backend.listen({ port: 0, host: '127.0.0.1' });
  running.push(backend);
  return { backendUrl, seen };
}

describe('the page', () => {
  it.each(['/', '/monitoring', '/analyses/42?tab=chart'])('answers %s with the page', async (url) => {
    const response = await (await start()).inject(url);
    expect(response.statusCode).toBe(200);
    expect(response.body).toBe(page);
    expect(response.headers['cache-control']).toBe('no-cache');
  });

  it('keeps hashed files for a year and sends them compressed', async () => {
    const app = await start();
    const headers = { 'accept-encoding': 'br' };
    const response = await app.inject({ url: '/assets/index-abc123.js', headers });
    expect(response.headers).toMatchObject({
      'cache-control': 'public, max-age=31536000, immutable',
      'content-encoding': 'br',
    });
    const plain = await app.inject({ url: '/assets/index-abc123.js' });
    expect(plain.body).toBe(script);
  });

  it('allows no inline script and no framing', async () => {
    const { headers } = await (await start()).inject('/');
    expect(headers['content-security-policy']).toContain("default-src 'self'");
    expect(headers['content-security-policy']).not.toContain('unsafe');
    expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'x-frame-options': 'DENY' });
  });

  it.each(['/assets/gone.js', '/favicon.png', '/../env.ts'])('answers %s with a 404 in JSON', async (url) => {
    const response = await (await start()).inject(url);
    expect(response.statusCode).toBe(404);
    expect(response.json()).toMatchObject({ code: 'not_found' });
  });

  it('answers other methods and broken addresses in the error shape', async () => {
    const app = await start();
    const post = await app.inject({ method: 'POST', url: '/', payload: {} });
    expect([post.statusCode, post.json<object>()]).toEqual([
      404,
      { code: 'not_found', message: 'There is no POST /.' },
    ]);
    const broken = await app.inject('/%E0%A4%A');
    expect(broken.statusCode).toBe(400);
    expect(Object.keys(broken.json<object>())).toEqual(['code', 'message']);
  });

  it('says that it is alive, and where Grafana is', async () => {
    const app = await start({ grafanaUrl: 'http://localhost:3123/' });
    expect((await app.inject('/health')).json()).toEqual({ status: 'ok' });
    expect((await app.inject('/config.json')).json()).toEqual({ grafanaUrl: 'http://localhost:3123/' });
  });
});

describe('the way to the backend', () => {
  const classify = { method: 'POST', url: '/v1/classify', payload: { inputs: ['hello'] } } as const;

  it('passes requests on and adds the API key in place of what the browser sent', async () => {
    const { backendUrl, seen } = await startBackend();
    const app = await start({ backendUrl, backendApiKey: 'k3y' });
    const headers = { authorization: 'Bearer stolen', 'sec-fetch-site': 'same-origin' };
    const response = await app.inject({ ...classify, headers });
    expect(response.json()).toEqual({ echo: { inputs: ['hello'] } });
    expect(seen[0]).toMatchObject({ authorization: 'Bearer k3y' });
  });

  it('adds no key where none is set', async () => {
    const { backendUrl, seen } = await startBackend();
    await (await start({ backendUrl })).inject(classify);
    expect(seen).toHaveLength(1);
    expect(seen[0]).not.toHaveProperty('authorization');
  });

  it('refuses pages of other sites', async () => {
    const { backendUrl, seen } = await startBackend();
    const app = await start({ backendUrl, backendApiKey: 'k3y' });
    const response = await app.inject({ ...classify, headers: { 'sec-fetch-site': 'cross-site' } });
    expect(response.statusCode).toBe(403);
    expect(seen).toHaveLength(0);
  });

  it('passes the answers of the backend on once, errors and Retry-After included', async () => {
    const { backendUrl, seen } = await startBackend();
    const app = await start({ backendUrl });
    const busy = await app.inject('/v1/busy');
    expect([busy.statusCode, busy.headers['retry-after']]).toEqual([503, '7']);
    expect(busy.json()).toMatchObject({ code: 'queue_full' });
    expect(seen).toHaveLength(1);
    expect((await app.inject('/v1/unknown')).statusCode).toBe(404);
  });

  it('answers 503 with the address and the next step when no backend runs', async () => {
    const { backendUrl } = await startBackend();
    await running.pop()?.close();
    const app = await start({ backendUrl });
    // Over a socket: inject() cannot take that the connection fails before its body is read.
    const response = await fetch(`${await app.listen({ port: 0, host: '127.0.0.1' })}/v1/classify`, {
      method: 'POST',
      body: '{}',
    });
    expect(response.status).toBe(503);
    expect(await response.json()).toEqual({
      code: 'backend_unreachable',
      message: `The backend at ${backendUrl} does not answer (ECONNREFUSED). See whether it runs: ./stack status`,
    });
  });

  it('answers 502 when the backend breaks off', async () => {
    const broken = createServer((socket) => {
      socket.once('data', () => socket.destroy());
    });
    await new Promise<void>((resolve) => broken.listen(0, '127.0.0.1', resolve));
    const { port } = broken.address() as AddressInfo;
    const response = await (await start({ backendUrl: `http://127.0.0.1:${port}` })).inject(classify);
    broken.close();
    expect(response.statusCode).toBe(502);
    expect(response.json()).toMatchObject({ code: 'backend_failed' });
  });
});
