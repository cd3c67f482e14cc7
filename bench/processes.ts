import { execa, type ResultPromise } from 'execa';
import { once } from 'node:events';
import { open } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { UserError } from '../cli/errors.ts';

/** The model runs on the first of these cores and on nothing else, all the rest on the second. */
export const inferenceCore = 0;
export const otherCore = 1;

/** Seconds that a service has to come up. */
const startLimit = 120;

/** @throws UserError where processes cannot be held on two cores. */
export async function assertPinning(): Promise<void> {
  for (const core of [inferenceCore, otherCore]) {
    const { exitCode, stderr, code } = await execa('taskset', ['-c', String(core), 'true'], {
      reject: false,
    });
    if (exitCode === 0) continue;
    throw new UserError(
      code === 'ENOENT'
        ? 'there is no taskset on PATH, which holds the model and its surroundings on a core each'
        : `no process can be held on core ${core} (${stderr}): the model and its surroundings need a core each`,
      code === 'ENOENT'
        ? 'run it on Linux; Debian has taskset in the package util-linux'
        : `run it on a machine, or in a container, that may use the cores ${inferenceCore} and ${otherCore}`,
    );
  }
}

/** A Node.js program of this folder, by the loader that ./stack uses. */
export function node(script: string): string[] {
  return [process.execPath, '--import', 'tsx', script];
}

/** Runs a program of this folder to its end on one core: JSON in, JSON out. */
export async function runProgram<T>(core: number, script: string, job: unknown): Promise<T> {
  const { stdout } = await execa('taskset', ['-c', String(core), ...node(script)], {
    input: JSON.stringify(job),
  });
  return JSON.parse(stdout) as T;
}

export interface Server {
  port: number;
  pid: number;
}

export interface ServerOptions {
  /** Program and arguments, given the port to listen on. */
  command: (port: number) => string[];
  env: (port: number) => Record<string, string>;
  /** Folder to run in. */
  cwd?: string;
  /** Answers with 200 once the service is ready. */
  readyPath: string;
  /** File for what it prints. */
  log: string;
}

/** Servers that run until `end`, all threads on the core of what is not the model. */
export class Servers {
  private readonly running: ResultPromise[] = [];

  /** @throws {Error} naming the log when the server does not come up. */
  async start({ command, env, cwd, readyPath, log }: ServerOptions): Promise<Server> {
    const port = await freePort();
    // The server gets the file itself: through a pipe, this process would have to copy every line.
    const file = await open(log, 'w');
    // execa's types know only descriptors that are written down.
    const output = file.fd as 3;
    // Ended with this process, also when that is interrupted.
    const child = execa('taskset', ['-c', String(otherCore), ...command(port)], {
      cwd,
      // Nothing that is set here for another service, such as an API key.
      extendEnv: false,
      env: { PATH: process.env.PATH, HOME: process.env.HOME, ...env(port) },
      stdio: ['ignore', output, output],
      reject: false,
    });
    await file.close();
    this.running.push(child);
    const url = `http://127.0.0.1:${port}${readyPath}`;
    const ended = child.then(() => true);
    for (const deadline = Date.now() + startLimit * 1000; Date.now() < deadline;) {
      if (await answers(url)) return { port, pid: child.pid ?? 0 };
      if (await Promise.race([ended, sleep(200)])) throw new Error(`it ended at its start; see ${log}`);
    }
    throw new Error(`it was not ready within ${startLimit} s; see ${log}`);
  }

  async end(): Promise<void> {
    for (const child of this.running) child.kill();
    await Promise.all(this.running);
  }
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url)).ok;
  } catch {
    return false;
  }
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
