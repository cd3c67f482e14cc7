import { createHash } from 'node:crypto';
import { cp, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { ThirdPartyImage } from '../../infra/images.ts';
import { debianBase } from './debian-base.ts';
import { withLabel } from './docker-images.ts';
import type { Recipe } from './recipes.ts';
import { run } from './run.ts';
import { Unavailable, type SourceContext } from './source.ts';

const architectures: Partial<Record<NodeJS.Architecture, string>> = { x64: 'amd64', arm64: 'arm64' };

/**
 * The image of a recipe, if the Engine has one. It carries the recipe's hash as a label: the version that the recipe
 * finds is known only when it has run.
 */
export async function builtImage(
  name: ThirdPartyImage,
  recipe: Recipe,
  context: SourceContext,
): Promise<string | undefined> {
  return withLabel(repository(name), await label(name, recipe, context));
}

/**
 * Builds the image of a recipe.
 * @returns its reference, "emotion-stack.local/prometheus:2.42.0-1a2b3c4d".
 * @throws Unavailable when the machine or the recipe's source cannot.
 */
export async function buildImage(
  name: ThirdPartyImage,
  recipe: Recipe,
  context: SourceContext,
): Promise<string> {
  await requireSamePlatform();
  await mkdir(context.cacheDir, { recursive: true });
  const base = recipe.onDebian ? ['--build-arg', `BASE=${await debianBase(context)}`] : [];
  const folder = await mkdtemp(join(context.cacheDir, 'image-'));
  try {
    context.report(`${name}: preparing from ${recipe.source}`);
    const version = await recipe.prepare(folder, context);
    await cp(dockerfile(name), join(folder, 'Dockerfile'));
    const own = await label(name, recipe, context);
    const reference = `${repository(name)}:${version}-${own.slice(-8)}`;
    context.report(`${name}: building ${reference}`);
    await run('docker', ['build', '--network=none', '--label', own, ...base, '--tag', reference, folder]);
    return reference;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function repository(name: ThirdPartyImage): string {
  return `emotion-stack.local/${name}`;
}

async function label(name: ThirdPartyImage, { pins }: Recipe, context: SourceContext): Promise<string> {
  const hash = createHash('sha256').update(await readFile(dockerfile(name)));
  for (const pin of pins(context)) hash.update(pin);
  return `emotion-stack.recipe=${name}-${hash.digest('hex').slice(0, 8)}`;
}

/** What is built here runs on this machine's processor; the Engine may be elsewhere. */
async function requireSamePlatform(): Promise<void> {
  const here = `linux/${architectures[process.arch] ?? process.arch}`;
  const there = await run('docker', ['version', '--format', '{{.Server.Os}}/{{.Server.Arch}}']);
  if (here !== there)
    throw new Unavailable(`cannot build for ${there}, which the Docker Engine runs, on ${here}`);
}

function dockerfile(name: ThirdPartyImage): string {
  return join(import.meta.dirname, 'images', name, 'Dockerfile');
}
