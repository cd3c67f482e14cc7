import { execa } from 'execa';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { readIfThere } from '../infra/read-if-there.ts';
import { writableFolder } from '../infra/state.ts';

/**
 * A virtual environment with the packages that a file of this folder pins, made once.
 * @returns the folder of its programs
 * @throws {Error} that says what is missing.
 */
export async function pythonEnvironment(requirements: string, say: (line: string) => void): Promise<string> {
  const file = join(import.meta.dirname, requirements);
  const wanted = await readFile(file, 'utf8');
  const folder = resolve(await writableFolder('bench'), requirements.replace('.txt', ''));
  const marker = join(folder, 'installed.txt');
  const programs = join(folder, 'bin');
  if ((await readIfThere(marker)) === wanted) return programs;

  say(`installing ${requirements} into ${folder}`);
  await rm(folder, { recursive: true, force: true });
  await run('python3', ['-m', 'venv', folder]);
  await run(join(programs, 'pip'), ['install', '--quiet', '--disable-pip-version-check', '-r', file]);
  await writeFile(marker, wanted);
  return programs;
}

/** @throws {Error} with what the program said was wrong. */
async function run(program: string, args: string[]): Promise<void> {
  const { exitCode, code, stderr, stdout } = await execa(program, args, { reject: false });
  if (exitCode === 0) return;
  if (code === 'ENOENT') throw new Error(`there is no ${program}`);
  const said = `${stdout}\n${stderr}`.split('\n').filter((line) => line.trim() !== '');
  const reason = said.find((line) => line.startsWith('ERROR')) ?? said.at(-1) ?? 'no reason given';
  throw new Error(`${program} ${args.slice(0, 2).join(' ')} failed: ${reason}`);
}
