import { access, constants, mkdir, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { hasCode } from './errno.ts';

const { EMOTION_STACK_STATE: chosen = '' } = process.env;

/** Everything that a checkout's stacks leave on this machine outside Docker: never committed. */
export const stateFolder = chosen === '' ? '.stack' : chosen;

/**
 * Makes sure that a folder of the state exists and takes files.
 * @throws StateError naming the folder and the fix.
 */
export async function writableFolder(...segments: string[]): Promise<string> {
  const folder = join(stateFolder, ...segments);
  try {
    await makeFolder(resolve(folder));
    await access(folder, constants.W_OK);
  } catch (error) {
    throw new StateError(folder, error);
  }
  return folder;
}

/** Step by step, because Node's recursive mkdir never returns where the kernel answers ENOENT, as in /proc. */
async function makeFolder(folder: string): Promise<void> {
  try {
    if ((await stat(folder)).isDirectory()) return;
    throw new Error(`${folder} is a file`);
  } catch (error) {
    if (!hasCode(error, 'ENOENT')) throw error;
  }
  await makeFolder(dirname(folder));
  await mkdir(folder, { mode: 0o700 }).catch((error: unknown) => {
    // Another command was faster.
    if (!hasCode(error, 'EEXIST')) throw error;
  });
}

export class StateError extends Error {
  override name = 'StateError';
  constructor(folder: string, cause: unknown) {
    super(
      `the state folder ${folder} cannot be written (${cause instanceof Error ? cause.message : String(cause)})\n` +
        '  fix: give your user write access to it, or set EMOTION_STACK_STATE to another folder',
      { cause },
    );
  }
}
