import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chown, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import pg from 'pg';
import { freePort } from './free-port.ts';

export interface PostgresServer {
  /** URL of a new, empty database. */
  createDatabase: () => Promise<string>;
  stop: () => Promise<void>;
}

/** A PostgreSQL server for tests, in a folder of its own and on a port of 127.0.0.1, or why there is none. */
export async function startPostgres(): Promise<PostgresServer | string> {
  const bin = await findBinaries();
  if (bin === undefined) return 'there is no /usr/lib/postgresql/*/bin/initdb (Debian has it in postgresql)';
  const data = await mkdtemp(join(tmpdir(), 'postgres-'));
  // PostgreSQL refuses to run as root.
  const user = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};
  if (user.uid !== undefined) await chown(data, user.uid, user.gid);

  const port = await freePort();
  const initialise = ['-D', data, '-U', 'test', '--auth=trust', '--no-sync', '--encoding=UTF8', '--locale=C'];
  await promisify(execFile)(join(bin, 'initdb'), initialise, { ...user, cwd: data });
  const options = ['listen_addresses=127.0.0.1', `unix_socket_directories=${data}`];
  const server = spawn(
    join(bin, 'postgres'),
    ['-D', data, '-p', String(port), ...options.flatMap((option) => ['-c', option])],
    { ...user, cwd: data, stdio: 'ignore' },
  );
  const ended = once(server, 'exit');
  const url = (name: string) => `postgres://test@127.0.0.1:${port}/${name}`;
  const run = async (sql: string) => {
    const client = new pg.Client(url('postgres'));
    await client.connect();
    await client.query(sql).finally(() => client.end());
  };
  while (
    !(await run('SELECT 1').then(
      () => true,
      () => false,
    ))
  ) {
    if (server.exitCode !== null) throw new Error(`PostgreSQL ended with ${server.exitCode}.`);
    await sleep(100);
  }

  let databases = 0;
  return {
    createDatabase: async () => {
      const name = `test_${++databases}`;
      await run(`CREATE DATABASE ${name}`);
      return url(name);
    },
    stop: async () => {
      server.kill('SIGINT');
      await ended;
      await rm(data, { recursive: true });
    },
  };
}

async function findBinaries(): Promise<string | undefined> {
  const base = '/usr/lib/postgresql';
  if (!existsSync(base)) return undefined;
  const newestFirst = (await readdir(base)).sort((a, b) => Number(b) - Number(a));
  return newestFirst
    .map((version) => join(base, version, 'bin'))
    .find((bin) => existsSync(join(bin, 'initdb')));
}
