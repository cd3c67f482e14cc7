import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { loadEnv } from './env.ts';

const running: ChildProcess[] = [];
afterEach(() => {
  for (const child of running.splice(0)) child.kill('SIGKILL');
});

function start(env: Record<string, string>) {
  const child = spawn(process.execPath, ['--import', 'tsx', join(import.meta.dirname, 'server.ts')], {
    env: { ...process.env, MODEL_DIR: loadEnv(process.env).modelDir, ...env },
  });
  running.push(child);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (part) => (output += String(part)));
  return { child, ended: once(child, 'exit').then(([code]) => ({ code: code as number, output })) };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

async function untilReady(port: number) {
  for (;;) {
    const response = await fetch(`http://127.0.0.1:${port}/ready`).catch(() => undefined);
    if (response?.ok) return;
    await sleep(100);
  }
}

describe('the server', { timeout: 30_000 }, () => {
  it('finishes what it accepted when it is told to stop, and exits with 0', async () => {
    const port = await freePort();
    const { child, ended } = start({ PORT: String(port), INFERENCE_THREADS: '1' });
    await untilReady(port);
    // Opened in advance and never used, as browsers do: it must not hold up the stop.
    const silent = connect(port, '127.0.0.1');
    await once(silent, 'connect');
    const inputs = Array.from({ length: 256 }, (_, n) => `Sentence number ${n}, which has some more words.`);
    const call = fetch(`http://127.0.0.1:${port}/v1/classify`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ inputs }),
    });
    await sleep(100);
    const told = Date.now();
    child.kill('SIGTERM');
    const response = await call;
    expect(response.status).toBe(200);
    expect(((await response.json()) as { predictions: unknown[] }).predictions).toHaveLength(256);
    expect((await ended).code).toBe(0);
    // The 25 s of grace are for requests.
    expect(Date.now() - told).toBeLessThan(20_000);
    await expect(fetch(`http://127.0.0.1:${port}/health`)).rejects.toThrow();
  });

  it('says in plain words why it does not start', async () => {
    const { ended } = start({ MODEL_DIR: '/nowhere' });
    const { code, output } = await ended;
    expect(code).toBe(1);
    expect(output).toMatch(
      /^The backend cannot start:\n {2}\/nowhere\/model\.json cannot be read .*MODEL_DIR/,
    );
    expect(output).not.toMatch(/^ +at /m);
  });
});
