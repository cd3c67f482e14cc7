import { execa } from 'execa';
import { readdir, readFile } from 'node:fs/promises';

/**
 * Moves the thread that does the work to another core: of all threads but the main one, the one that used the CPU most
 * while `work` went on. Names would not do: Node.js 20 calls all its threads "node".
 */
export async function moveBusiestThread(
  pid: number,
  core: number,
  work: () => Promise<unknown>,
): Promise<void> {
  const before = await cpuTimes(pid);
  await work();
  const used = [...(await cpuTimes(pid))]
    .filter(([thread]) => thread !== pid)
    .map(([thread, time]) => ({ thread, time: time - (before.get(thread) ?? 0) }))
    .sort((a, b) => b.time - a.time);
  const [busiest, second] = used;
  if (busiest === undefined || busiest.time < 2 * (second?.time ?? 0)) {
    throw new Error(
      `no thread of process ${pid} stands out as the model's: ${JSON.stringify(used.slice(0, 3))}`,
    );
  }
  await execa('taskset', ['-p', '-c', String(core), String(busiest.thread)]);
}

/** CPU time of each thread of a process, in ticks of the kernel. */
async function cpuTimes(pid: number): Promise<Map<number, number>> {
  const threads = (await readdir(`/proc/${pid}/task`)).map(Number);
  const times = await Promise.all(
    threads.map(async (thread) => [thread, await cpuTime(pid, thread)] as const),
  );
  return new Map(times);
}

async function cpuTime(pid: number, thread: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/task/${thread}/stat`, 'utf8');
  // The name before it, in parentheses, may hold anything.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [user, system] = [fields[11], fields[12]];
  return Number(user) + Number(system);
}
