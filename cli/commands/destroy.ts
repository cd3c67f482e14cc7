import { rm } from 'node:fs/promises';
import { recordFile } from '../../infra/sources.ts';
import { containersOf, networksOf, removeUnusedImages, removeVolumes, volumesOf } from '../docker.ts';
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
  await refuseLeftovers(config.namePrefix);
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

/** What carries the prefix and was not in the state: another checkout's, or this one's state was lost. */
async function refuseLeftovers(prefix: string): Promise<void> {
  const containers = (await containersOf(prefix)).map(({ name }) => name);
  const networks = await networksOf(prefix);
  if (containers.length + networks.length === 0) return;
  const commands = [
    ...(containers.length > 0 ? [`docker rm --force ${containers.join(' ')}`] : []),
    ...(networks.length > 0 ? [`docker network rm ${networks.join(' ')}`] : []),
  ];
  throw new UserError(
    `still there, and not in the state of this checkout: ${[...containers, ...networks].join(', ')}`,
    `run destroy in the checkout that made them, or: ${commands.join(' && ')}`,
  );
}
