import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';

/**
 * Cores that this process may use: those it is pinned to, or fewer where its container has a CPU limit.
 * Node asks only for the first: with more threads than the limit allows, the kernel stops them all for the rest of
 * each 100 ms period.
 * @param cgroupRoot where the container sees its own control group.
 */
export function usableCores(cgroupRoot = '/sys/fs/cgroup'): number {
  const quota = version2(cgroupRoot) ?? version1(cgroupRoot) ?? Infinity;
  return Math.min(availableParallelism(), quota);
}

/** `cpu.max` holds "quota period" in microseconds, or "max period" without a limit. */
function version2(root: string): number | undefined {
  const [quota, period] = read(join(root, 'cpu.max'))?.split(' ') ?? [];
  return ratio(quota, period);
}

/** The quota is -1 without a limit. */
function version1(root: string): number | undefined {
  return ratio(read(join(root, 'cpu/cpu.cfs_quota_us')), read(join(root, 'cpu/cpu.cfs_period_us')));
}

function ratio(quota: string | undefined, period: string | undefined): number | undefined {
  const cores = Number(quota) / Number(period);
  return Number.isFinite(cores) && cores > 0 ? cores : undefined;
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    // Absent outside Linux and for the other version of control groups: no limit from there.
    return undefined;
  }
}
