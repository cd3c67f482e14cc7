import { execa, ExecaError, type Options } from 'execa';
import { existsSync } from 'node:fs';
import { basename, delimiter, join } from 'node:path';
import { Unavailable } from './source.ts';

/**
 * Runs a program without a terminal and returns what it printed.
 * @throws Unavailable when it is missing or fails, with its last words as the reason.
 */
export async function run(file: string, args: string[], options: Options = {}): Promise<string> {
  try {
    const { stdout } = await execa(file, args, { stdin: 'ignore', ...options });
    return typeof stdout === 'string' ? stdout : '';
  } catch (error) {
    throw refusal(file, args, error);
  }
}

/** The "no" of a program that failed; any other error stays as it is. */
export function refusal(file: string, args: string[], error: unknown): unknown {
  if (!(error instanceof ExecaError)) return error;
  if (error.code === 'ENOENT') return new Unavailable(`cannot be had without ${file}, which is not on PATH`);
  const { stderr, stdout, shortMessage } = error as ExecaError<{ encoding: 'utf8' }>;
  const lastWords = [stderr, stdout]
    .flatMap((output) => output.trim().split('\n').slice(-1))
    .find((line) => line !== '')
    ?.replace(/^(Error response from daemon|error|E): /i, '');
  return new Unavailable(`failed (${basename(file)} ${args[0] ?? ''}: ${lastWords ?? shortMessage})`);
}

export function isOnPath(file: string): boolean {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => existsSync(join(folder, file)));
}
