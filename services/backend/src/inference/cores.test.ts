import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { usableCores } from './cores.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'cgroup-'));
});
afterEach(() => {
  rmSync(root, { recursive: true });
});

describe('usable cores', () => {
  it('follow the limit of control groups version 2', () => {
    writeFileSync(join(root, 'cpu.max'), '50000 100000\n');
    expect(usableCores(root)).toBe(0.5);
  });

  it('follow the limit of control groups version 1', () => {
    version1('75000');
    expect(usableCores(root)).toBe(0.75);
  });

  it.each(['max 100000\n', '6400000 100000\n'])('are those of the machine under %j', (limit) => {
    writeFileSync(join(root, 'cpu.max'), limit);
    expect(usableCores(root)).toBe(availableParallelism());
  });

  it('are those of the machine without a limit and without control groups', () => {
    expect(usableCores(root)).toBe(availableParallelism());
    version1('-1');
    expect(usableCores(root)).toBe(availableParallelism());
  });
});

function version1(quota: string) {
  mkdirSync(join(root, 'cpu'));
  writeFileSync(join(root, 'cpu/cpu.cfs_quota_us'), `${quota}\n`);
  writeFileSync(join(root, 'cpu/cpu.cfs_period_us'), '100000\n');
}
