import { preparePulumi } from '../prepare.ts';
import { readStackFile } from '../stack-file.ts';
import { withStack } from '../workspace.ts';

/** Takes away the lock that a command left on the state when it was ended by force. */
export async function unlock(name: string): Promise<void> {
  await readStackFile(name);
  const engine = { pulumi: await preparePulumi(name, { yes: false }), path: [] };
  await withStack(name, engine, (stack) => stack.cancel());
  console.log(`Unlocked the state of stack ${name}; ./stack up goes on from what is there.`);
}
