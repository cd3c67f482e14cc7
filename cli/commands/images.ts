import { execa } from 'execa';
import { access } from 'node:fs/promises';
import { thirdPartyImages, type ThirdPartyImage } from '../../infra/images.ts';
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
  await access(tarball).catch(() => {
    throw new UserError(`no file ${tarball}`, 'name a file made by: docker save IMAGE --output FILE');
  });
  const { stdout } = await execa('docker', ['load', '--quiet', '--input', tarball]);
  const loaded = /Loaded image(?: ID)?: (\S+)/.exec(stdout)?.[1];
  if (loaded === undefined)
    throw new UserError(`${tarball} holds no image`, 'make it anew: docker save IMAGE --output FILE');
  const reference = tarballReference(name);
  await execa('docker', ['tag', loaded, reference]);
  console.log(`${name}: ${loaded} is now ${reference}`);
}

function isThirdParty(name: string): name is ThirdPartyImage {
  return Object.hasOwn(thirdPartyImages, name);
}
