import { execa } from 'execa';
import { createHash } from 'node:crypto';
import { cp, mkdir, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { hasCode } from './errno.ts';
import type { ServiceName } from './images.ts';
import { readIfThere } from './read-if-there.ts';
import { writableFolder } from './state.ts';

export interface BuildContext {
  /** Folder with a Dockerfile and all that it copies, relative to the project. */
  context: string;
  /** 12 hex digits over everything that goes into the image. */
  hash: string;
}

interface Recipe {
  /** Copied into the image as they are. */
  ships: string[];
  /** Built into the image by a bundler. */
  bundled: string[];
}

const recipes: Record<ServiceName, Recipe> = {
  backend: { ships: ['services/metrics', 'services/backend/src', 'services/backend/models'], bundled: [] },
  frontend: {
    ships: ['services/frontend/server'],
    bundled: [
      'services/frontend/src',
      'services/frontend/public',
      'services/frontend/index.html',
      'services/frontend/vite.config.ts',
    ],
  },
};

/**
 * Stages the build of one service on this machine, because only here npm knows your registry and your certificates:
 * the Dockerfile copies and downloads nothing. Does nothing while the sources are the same.
 * @param report told of each step that takes a while.
 */
export async function buildContext(
  service: ServiceName,
  baseImage: string,
  report: (line: string) => void = () => undefined,
): Promise<BuildContext> {
  const { ships, bundled } = recipes[service];
  const dockerfile = join('services', service, 'Dockerfile');
  const manifests = await npmManifests();
  const hash = await hashOf([...manifests, dockerfile, ...ships, ...bundled], baseImage);
  const folder = await writableFolder('build', service);
  const context = join(folder, 'context');
  const stamp = join(folder, 'hash');
  if ((await readIfThere(stamp)) === hash) return { context, hash };

  const staging = join(folder, 'staging');
  for (const leftover of [stamp, staging]) await rm(leftover, { recursive: true, force: true });
  await mkdir(staging, { recursive: true });
  report(`${service}: installing production dependencies`);
  for (const file of manifests) await cp(file, join(staging, file));
  await installProduction(service, staging);
  if (bundled.length > 0) {
    report(`${service}: building the page`);
    const outDir = resolve(staging, 'services', service, 'dist');
    await execa('npm', ['run', 'build', '-w', `services/${service}`, '--', '--outDir', outDir]);
  }
  for (const path of ships) await cp(path, join(staging, path), { recursive: true, filter: isShipped });
  await cp(dockerfile, join(staging, 'Dockerfile'));
  await rm(context, { recursive: true, force: true });
  await rename(staging, context);
  await writeFile(stamp, hash);
  return { context, hash };
}

async function npmManifests(): Promise<string[]> {
  const workspaces = await readdir('services');
  return [
    'package.json',
    'package-lock.json',
    '.npmrc',
    ...workspaces.map((name) => join('services', name, 'package.json')),
  ];
}

/** `node_modules` of one service without development dependencies, for the platform that containers run on. */
async function installProduction(service: ServiceName, folder: string): Promise<void> {
  const platform = ['--os=linux', `--cpu=${process.arch}`, '--libc=glibc'];
  await execa('npm', ['ci', '--omit=dev', '-w', `services/${service}`, '--loglevel=error', ...platform], {
    cwd: folder,
  });
  // onnxruntime-node carries the binaries of every platform; an image needs one of them.
  const binaries = join(folder, 'node_modules/onnxruntime-node/bin/napi-v6');
  for (const os of await foldersIn(binaries)) {
    for (const cpu of await foldersIn(join(binaries, os))) {
      if (os !== 'linux' || cpu !== process.arch) await rm(join(binaries, os, cpu), { recursive: true });
    }
  }
}

async function foldersIn(folder: string): Promise<string[]> {
  return (await readdir(folder, { withFileTypes: true }).catch(orEmpty)).map((entry) => entry.name);
}

function isShipped(path: string): boolean {
  return !path.includes('node_modules') && !/\.test\.tsx?$/.test(path);
}

async function hashOf(paths: string[], salt: string): Promise<string> {
  const hash = createHash('sha256').update(salt).update(process.arch);
  for (const path of paths) {
    for (const file of await filesUnder(path)) hash.update(file).update(await readFile(file));
  }
  return hash.digest('hex').slice(0, 12);
}

/** Files of a folder, or the file itself, in an order that does not depend on the file system. */
async function filesUnder(path: string): Promise<string[]> {
  const entries = await readdir(path, { withFileTypes: true }).catch((error: unknown) => {
    if (hasCode(error, 'ENOTDIR')) return undefined;
    return orEmpty(error);
  });
  if (entries === undefined) return [path];
  const below = await Promise.all(entries.map((entry) => filesUnder(join(path, entry.name))));
  return below.flat().filter(isShipped).sort();
}

function orEmpty(error: unknown): never[] {
  if (hasCode(error, 'ENOENT')) return [];
  throw error;
}
