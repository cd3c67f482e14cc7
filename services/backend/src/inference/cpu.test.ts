import { expect, it } from 'vitest';
import { hasVnni } from './cpu.ts';

it.each([
  ['flags\t\t: fpu avx2 avx512_vnni avx512_bitalg', true],
  ['processor\t: 0\nflags\t\t: fpu avx2 avx_vnni\n', true],
  ['flags\t\t: fpu avx2 bmi2', false],
  ['Features\t: fp asimd avx512_vnni', false],
  ['', false],
])('reads %j', (cpuinfo, found) => {
  expect(hasVnni(cpuinfo)).toBe(found);
});
