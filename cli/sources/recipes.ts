import { mkdir, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { thirdPartyImages, type ThirdPartyImage } from '../../infra/images.ts';
import { aptUnpack, withLists } from './apt.ts';
import { goBuild, goRoot, type GoProgram } from './go.ts';
import { run } from './run.ts';
import type { SourceContext } from './source.ts';

/**
 * How an image is built without an image registry. All downloads happen on this machine, because only here the
 * package registries and certificates of your network are set up; the Dockerfile in images/<name>/ copies.
 */
export interface Recipe {
  /** Where the program comes from, as it is recorded. */
  source: string;
  /** Whether it stands on the Debian base; else the Dockerfile starts from nothing. */
  onDebian: boolean;
  /** What decides the result besides the Dockerfile. */
  pins: (context: SourceContext) => string[];
  /**
   * Fills the build context. @returns the version that it found.
   * @throws Unavailable when its source does not have the program.
   */
  prepare: (folder: string, context: SourceContext) => Promise<string>;
}

/** Of what packages install, what no program here reads; the time zones alone are 200 MB of plain JSON. */
const unread = ['doc', 'man', 'lintian', 'bash-completion', 'javascript/moment-timezone/data'];

const cadvisorProgram: GoProgram = { module: 'cadvisor', package: '.', binary: 'cadvisor', os: 'linux' };

export const recipes: Partial<Record<ThirdPartyImage, Recipe>> = {
  node: {
    source: 'npm package',
    onDebian: true,
    pins: () => [nodePackage()],
    async prepare(folder) {
      const npm = ['pack', nodePackage(), '--pack-destination', folder, '--silent'];
      const tarball = (await run('npm', npm)).trim();
      await run('tar', ['-xzf', join(folder, tarball), '-C', folder, 'package/bin/node']);
      await rm(join(folder, tarball));
      return tagVersion('node');
    },
  },
  prometheus: {
    source: 'Debian packages',
    onDebian: true,
    pins: () => unread,
    async prepare(folder, context) {
      const pages = await withLists(context, () => scriptsOf('prometheus'));
      return unpack(['prometheus', ...pages], folder, context);
    },
  },
  alertmanager: debianPackage('prometheus-alertmanager'),
  'node-exporter': debianPackage('prometheus-node-exporter'),
  cadvisor: {
    source: 'Go modules',
    onDebian: false,
    pins: (context) => [basename(goRoot(cadvisorProgram, context))],
    async prepare(folder, context) {
      const built = join(await goBuild(cadvisorProgram, context), 'bin', cadvisorProgram.binary);
      await run('cp', [built, folder]);
      return tagVersion('cadvisor');
    },
  },
};

function debianPackage(name: string): Recipe {
  return {
    source: 'Debian packages',
    onDebian: true,
    pins: () => unread,
    prepare: (folder, context) => unpack([name], folder, context),
  };
}

async function unpack(packages: string[], folder: string, context: SourceContext): Promise<string> {
  const root = join(folder, 'root');
  await mkdir(root);
  const version = await aptUnpack(packages, root, context);
  for (const path of unread) await rm(join(root, 'usr/share', path), { recursive: true, force: true });
  return version;
}

/** Debian keeps the scripts and fonts of a program's web pages in packages of their own. */
async function scriptsOf(name: string): Promise<string[]> {
  const other = ['recommends', 'suggests', 'conflicts', 'breaks', 'replaces', 'enhances'];
  const args = ['depends', '--recurse', ...other.map((kind) => `--no-${kind}`), name];
  const lines = (await run('apt-cache', args)).split('\n');
  return [...new Set(lines.filter((line) => /^(libjs|fonts)-/.test(line)))];
}

function nodePackage(): string {
  return `node-linux-${process.arch}@${tagVersion('node')}`;
}

/** "24.21.0" of node:24.21.0-bookworm-slim. */
export function tagVersion(name: ThirdPartyImage): string {
  const version = /:v?(\d+\.\d+\.\d+)/.exec(thirdPartyImages[name])?.[1];
  if (version === undefined) throw new Error(`no version in ${thirdPartyImages[name]}`);
  return version;
}
