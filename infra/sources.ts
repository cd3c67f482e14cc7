import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { thirdPartyImages, type ThirdPartyImage } from './images.ts';
import { readIfThere } from './read-if-there.ts';
import { stateFolder, writableFolder } from './state.ts';

/** The image of each program as this stack runs it; an image that could not be had is absent. */
export type ResolvedImages = Partial<Record<ThirdPartyImage, string>>;

/**
 * What a stack was brought up with, so that a network that comes and goes never flips a volume between two versions
 * of a program. A reference of null is an image that no source had.
 */
export interface SourceRecord {
  pulumi?: string;
  dockerPlugin?: string;
  images?: Partial<Record<ThirdPartyImage, { source: string; reference: string | null }>>;
}

/** The record of a stack; empty before its first `./stack up`. */
export async function readSources(stack: string): Promise<SourceRecord> {
  return JSON.parse((await readIfThere(recordFile(stack))) ?? '{}') as SourceRecord;
}

export async function writeSources(stack: string, record: SourceRecord): Promise<void> {
  await writableFolder(stack);
  const file = recordFile(stack);
  await writeFile(`${file}.new`, JSON.stringify(record, null, 2) + '\n');
  await rename(`${file}.new`, file);
}

/** The images that a program run uses: as recorded, else the registry's references. */
export async function resolvedImages(stack: string): Promise<ResolvedImages> {
  const { images } = await readSources(stack);
  if (images === undefined) return thirdPartyImages;
  return Object.fromEntries(
    Object.entries(images).flatMap(([name, { reference }]) =>
      reference === null ? [] : [[name, reference]],
    ),
  );
}

export function recordFile(stack: string): string {
  return join(stateFolder, stack, 'sources.json');
}
