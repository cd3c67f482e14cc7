import { thirdPartyImages as pinned, type ThirdPartyImage } from '../../infra/images.ts';
import type { SourceRecord } from '../../infra/sources.ts';
import { UserError } from '../errors.ts';
import { buildImage, builtImage } from './build-image.ts';
import { isPresent, puller } from './docker-images.ts';
import { recipes, type Recipe } from './recipes.ts';
import { firstThatAnswers, Unavailable, type Source, type SourceContext } from './source.ts';

/** Where each image comes from, and the reference under which the Engine has it. */
export type ImageRecord = NonNullable<SourceRecord['images']>;

/** Only Grafana may be absent, because no package registry carries its web interface. */
const optional: ThirdPartyImage[] = ['grafana'];

type Pull = (reference: string) => Promise<void>;

/**
 * Every third-party image, present on the Engine when it returns: as recorded, else from the first source that has
 * it. Grafana's reference is null where no source has it.
 * @param recorded what this stack used before: its sources are kept
 * @param without images that are not needed
 * @throws UserError that lists every source with its reason.
 */
export async function thirdPartyImages(
  context: SourceContext,
  recorded: ImageRecord = {},
  without: ThirdPartyImage[] = [],
): Promise<ImageRecord> {
  const pull = puller(context.report);
  const images: ImageRecord = {};
  for (const name of Object.keys(pinned) as ThirdPartyImage[]) {
    if (without.includes(name)) continue;
    const { report } = context;
    const before = recorded[name];
    const sources = await sourcesOf(name, context, pull, before);
    try {
      const found = await firstThatAnswers(name, sources, { report, fix: fixFor(name, before) });
      images[name] = { source: found.source, reference: found.value };
    } catch (error) {
      const dispensable = optional.includes(name) && before?.reference == null;
      if (!dispensable || !(error instanceof UserError)) throw error;
      report(`${name}: left out, no image registry answers and no tarball was loaded`);
      images[name] = { source: 'none', reference: null };
    }
  }
  return images;
}

/** Name under which `./stack images load` keeps the image of a tarball. */
export function tarballReference(name: ThirdPartyImage): string {
  return `emotion-stack.local/${name}:tarball`;
}

/** A recorded source stands alone: another one may have another version, which the stack's data may not fit. */
async function sourcesOf(
  name: ThirdPartyImage,
  context: SourceContext,
  pull: Pull,
  before?: { source: string; reference: string | null },
): Promise<Source<string>[]> {
  const recipe = recipes[name];
  const sources = [
    await registry(
      before?.source === 'registry' && before.reference !== null ? before.reference : pinned[name],
      pull,
    ),
    ...(recipe === undefined ? [] : [await builtHere(name, recipe, context, before?.reference)]),
    await tarball(name),
  ];
  // An image that was missing is looked for again only on this machine.
  if (before?.reference === null) return sources.filter(({ ready }) => ready);
  return before === undefined ? sources : sources.filter(({ name: source }) => source === before.source);
}

async function registry(reference: string, pull: Pull): Promise<Source<string>> {
  const ready = await isPresent(reference);
  return {
    name: 'registry',
    ready,
    async get() {
      if (!ready) await pull(reference);
      return reference;
    },
  };
}

async function builtHere(
  name: ThirdPartyImage,
  recipe: Recipe,
  context: SourceContext,
  before?: string | null,
): Promise<Source<string>> {
  const kept = before != null && (await isPresent(before)) ? before : await builtImage(name, recipe, context);
  return {
    name: recipe.source,
    ready: kept !== undefined,
    get: async () => kept ?? buildImage(name, recipe, context),
  };
}

async function tarball(name: ThirdPartyImage): Promise<Source<string>> {
  const reference = tarballReference(name);
  const ready = await isPresent(reference);
  return {
    name: 'tarball',
    ready,
    get() {
      return ready
        ? Promise.resolve(reference)
        : Promise.reject(new Unavailable('was not given to ./stack images load'));
    },
  };
}

function fixFor(name: ThirdPartyImage, before?: { source: string }): string {
  if (before === undefined) return `let this machine reach one of them, or load a tarball of ${pinned[name]}`;
  return (
    `this stack was brought up with ${name} from ${before.source}: let it answer again, or have every source chosen ` +
    `anew by deleting the stack's sources.json from the state folder, which may change versions`
  );
}
