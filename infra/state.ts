import { access, constants, mkdir } from 'node:fs/promises';
import { join } from 'node:path';

/** Everything that a checkout's stacks leave on this machine outside Docker: never committed. */
export const stateFolder = process.env.EMOTION_STACK_STATE ?? '.stack';

/** Makes sure that a folder exists and takes files.
 * @throws StateError naming the folder and the fix.
 */
export async function writableFolder(...segments: string[]): Promise<string> {
  const folder = join(stateFolder, ...segments);
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await access(folder, constants.W_OK);
  } catch (error) {
    throw new StateError(folder, error);
  }
  return folder;
}

export class StateError extends Error {
  override name = 'StateError';
  constructor(folder: string, cause: unknown) {
    super(
      `The state folder ${folder} is not writable (${cause instanceof Error ? cause.message : String(cause)}).\n` +
        `  fix: give your user write access to it, or set EMOTION_STACK_STATE to another folder`,
      { cause },
    );
  }
}
