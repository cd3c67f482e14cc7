import { rm } from 'node:fs/promises';
import { recordFile } from '../../infra/sources.ts';
import { removeUnusedImages, removeVolumes, volumesOf } from '../docker.ts';
import { UserError } from '../errors.ts';
import { prepareEngine } from '../prepare.ts';
import { operate, withStack } from '../workspace.ts';
import { confirm, interactive } from '../prompt.ts';
import { readStackFile } from '../stack-file.ts';

export interface DestroyOptions {
  stack: string;
  yes: boolean;
  volumes: boolean;
}

/** Removes containers, network and service images of a stack; the data only where `volumes` says so. */
export async function destroy({ stack: name, yes, volumes }: DestroyOptions): Promise<void> {
  const config = await readStackFile(name);
  if (!yes) {
    const what = volumes ? 'with all its data' : 'and keep its data';
    if (!interactive())
      throw new UserError('nobody is here to confirm', `./stack destroy --stack ${name} --yes`);
    if (!(await confirm(`Tear down stack ${name} ${what}?`))) return;
  }
  await withStack(name, await prepareEngine(name, { yes }), (stack) =>
    operate('destroy', (shown) => stack.destroy(shown)),
  );
  await removeUnusedImages(config.namePrefix);
  const kept = await volumesOf(config.namePrefix);
  if (volumes) {
    await removeVolumes(kept);
    // Without data there is no version to stay with: the next `up` chooses its images anew.
    await rm(recordFile(name), { force: true });
    console.log(`Removed volumes: ${kept.join(', ') || 'none were left'}`);
  } else if (kept.length > 0) {
    console.log(`Kept volumes: ${kept.join(', ')} (./stack destroy --stack ${name} --volumes removes them)`);
  }
}
