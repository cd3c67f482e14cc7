import { readFileSync } from 'node:fs';

/**
 * Whether this x86 CPU has VNNI, whose 8-bit products do not overflow. Taken for missing where nothing says so, which
 * costs time and not correctness.
 * @param cpuinfo what the kernel says of the CPU; other systems than Linux have no such file.
 */
export function hasVnni(cpuinfo = readCpuinfo()): boolean {
  return /^flags\s*:.*\b(?:avx512_vnni|avx_vnni)\b/m.test(cpuinfo);
}

function readCpuinfo(): string {
  try {
    return readFileSync('/proc/cpuinfo', 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
}
