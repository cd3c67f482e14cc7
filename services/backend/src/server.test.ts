import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadEnv } from './env.ts';

let dataDir: string;
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'backend-'));
});

const running: ChildProcess[] = [];
afterEach(async () => {
  for (const child of running.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
  await rm(dataDir, { recursive: true });
});

function start(env: Record<string, string>) {
  const child = spawn(process.execPath, ['--import', 'tsx', join(import.meta.dirname, 'server.ts')], {
    env: { ...process.env, MODEL_DIR: loadEnv(process.env).modelDir, DATA_DIR: dataDir, ...env },
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

  it('has the feedback that it acknowledged when it is killed, and measures the model on it again', async () => {
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    const env = { PORT: String(port), INFERENCE_THREADS: '1' };
    const { child, ended } = start(env);
    await untilReady(port);
    const labels = { emotion: 'anger', sub_emotion: 'anger', intensity: 'strong', action: 'edited' };
    const items = Array.from({ length: 50 }, (_, n) => ({ text: `Sentence ${n}.`, ...labels }));
    const response = await fetch(`${url}/v1/feedback`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ items }),
    });
    expect(response.status).toBe(201);
    child.kill('SIGKILL');
    await ended;

    start(env);
    await untilReady(port);
    const csv = await (await fetch(`${url}/v1/feedback.csv`)).text();
    expect(csv.match(/^Sentence \d+\.,anger,anger,strong$/gm)).toHaveLength(50);
    const metrics = await (await fetch(`${url}/metrics`)).text();
    expect(metrics).toMatch(/^model_accuracy_score\{task="emotion",source="feedback"\} /m);
    expect(metrics).toMatch(/^drift_window_size\{type="concept"\} 50$/m);
    expect(metrics).not.toMatch(/^emotion_predictions_total\{.*\} [1-9]/m);
  });

  it.each([
    [{ MODEL_DIR: '/nowhere' }, '/nowhere/model.json cannot be read .*MODEL_DIR'],
    [{ DATA_DIR: '/dev/null/data' }, '/dev/null/data/feedback.db cannot hold the feedback .*DATA_DIR'],
  ])('says in plain words why it does not start with %j', async (env, words) => {
    const { ended } = start(env);
    const { code, output } = await ended;
    expect(code).toBe(1);
    expect(output).toMatch(new RegExp(`^The backend cannot start:\n  ${words}`));
    expect(output).not.toMatch(/^ +at /m);
  });
});
