import { execa } from 'execa';
import { availableParallelism, cpus } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';

/** What figures are worth little without. */
export interface Machine {
  cpu: string;
  cores: number;
  node: string;
  /** Name and version. */
  model: string;
  /** Day, as in ISO 8601. */
  date: string;
  /** Abbreviated; with a plus where files differ from it. */
  commit: string;
  /** Share of the CPU, 0 to 1, that other processes used before anything was started. */
  busy: number;
}

export async function describeMachine(model: { name: string; version: string }): Promise<Machine> {
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown CPU',
    cores: availableParallelism(),
    node: process.versions.node,
    model: `${model.name} ${model.version}`,
    date: new Date().toISOString().slice(0, 10),
    commit: await commit(),
    busy: await busyShare(),
  };
}

async function commit(): Promise<string> {
  const git = (...args: string[]) => execa('git', args, { reject: false });
  const { stdout, exitCode } = await git('rev-parse', '--short', 'HEAD');
  if (exitCode !== 0) return 'unknown';
  const { stdout: changes } = await git('status', '--porcelain', '--untracked-files=no');
  return changes === '' ? stdout : `${stdout}+`;
}

/** Over one second. */
async function busyShare(): Promise<number> {
  const before = cpuTimes();
  await sleep(1000);
  const after = cpuTimes();
  return 1 - (after.idle - before.idle) / (after.total - before.total);
}

function cpuTimes(): { idle: number; total: number } {
  const times = cpus().map((core) => core.times);
  const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);
  return {
    idle: sum(times.map(({ idle }) => idle)),
    total: sum(times.flatMap((ofOne) => Object.values(ofOne))),
  };
}
