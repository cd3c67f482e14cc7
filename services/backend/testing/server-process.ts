import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import { loadEnv } from '../src/env.ts';
import { freePort } from './free-port.ts';

export interface ServerProcess {
  port: number;
  url: string;
  /** What it wrote so far. */
  output: () => string;
  kill: (signal: NodeJS.Signals) => void;
  /** Its exit code, null where a signal ended it, once it has ended. */
  ended: Promise<number | null>;
}

/** Starts the service as a process of its own, which the end of the test kills. It may not be ready yet. */
export function spawnServer(env: { PORT: string; DATA_DIR: string } & Record<string, string>): ServerProcess {
  const script = join(import.meta.dirname, '..', 'src', 'server.ts');
  const child = spawn(process.execPath, ['--import', 'tsx', script], {
    env: { ...process.env, MODEL_DIR: loadEnv(process.env).modelDir, INFERENCE_THREADS: '1', ...env },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (part) => (output += String(part)));
  const ended = once(child, 'close').then(([code]) => code as number | null);
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  const port = Number(env.PORT);
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    output: () => output,
    kill: (signal) => child.kill(signal),
    ended,
  };
}

/** Starts it on a free port with a folder of its own, and waits until it is ready. */
export async function startServer(env: Record<string, string> = {}): Promise<ServerProcess> {
  const server = spawnServer({ PORT: String(await freePort()), DATA_DIR: await dataFolder(), ...env });
  await untilReady(server);
  return server;
}

/** @throws what the server said, when it ends instead. */
export async function untilReady({ url, ended, output }: ServerProcess): Promise<void> {
  const died = ended.then((code) => {
    throw new Error(`The server ended with ${code} before it was ready:\n${output()}`);
  });
  for (;;) {
    const answer = fetch(`${url}/ready`).catch(() => undefined);
    if ((await Promise.race([answer, died]))?.ok) return;
    await Promise.race([sleep(50), died]);
  }
}

/** An empty folder, which the end of the test removes. */
export async function dataFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'backend-'));
  // The last hook that is registered runs first: a server that is started later has ended by then.
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

export function postJson(url: string, body: object, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
}
