import { access } from 'node:fs/promises';
import { resolve } from 'node:path';
import { thirdPartyImages, type ThirdPartyImage } from '../../infra/images.ts';
import { docker } from '../docker.ts';
import { UserError } from '../errors.ts';
import { tarballReference } from '../sources/images.ts';

/**
 * Takes a third-party image from a tarball, as `docker save` writes it, and gives it the reference that the stack
 * asks for.
 */
export async function imagesLoad(name: string, tarball: string): Promise<void> {
  if (!isThirdParty(name)) {
    throw new UserError(`no image named ${name}`, `name one of ${Object.keys(thirdPartyImages).join(', ')}`);
  }
  // The launcher has changed into the checkout; a relative path means the folder that it was called in.
  const file = resolve(process.env.INIT_CWD ?? '.', tarball);
  await access(file).catch(() => {
    throw new UserError(`no file ${file}`, 'name a file made by: docker save IMAGE --output FILE');
  });
  const stdout = await docker(['load', '--quiet', '--input', file]);
  const loaded = /Loaded image(?: ID)?: (\S+)/.exec(stdout)?.[1];
  if (loaded === undefined)
    throw new UserError(`${tarball} holds no image`, 'make it anew: docker save IMAGE --output FILE');
  const reference = tarballReference(name);
  await docker(['tag', loaded, reference]);
  console.log(`${name}: ${loaded} is now ${reference}`);
}

function isThirdParty(name: string): name is ThirdPartyImage {
  return Object.hasOwn(thirdPartyImages, name);
}
