import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from './run.ts';
import { Unavailable, type SourceContext } from './source.ts';

/** Whether this machine takes Debian packages, as Debian and Ubuntu do. */
export function hasApt(): boolean {
  return existsSync('/usr/bin/apt-get');
}

export function isRoot(): boolean {
  return process.getuid?.() === 0;
}

/**
 * Installs packages on this machine; the caller has asked for leave.
 * @throws Unavailable when apt-get fails.
 */
export async function aptInstall(packages: string[], context: SourceContext): Promise<void> {
  const args = ['install', '--yes', '--no-install-recommends', '--quiet', ...packages];
  context.report(`installing ${packages.join(' ')} with apt-get`);
  await withLists(context, () => run('apt-get', args, { env: { DEBIAN_FRONTEND: 'noninteractive' } }));
}

/**
 * Downloads packages and unpacks all of them into one folder, without installing anything.
 * @returns the upstream version of the first package, "2.42.0".
 * @throws Unavailable when the archive does not have them.
 */
export async function aptUnpack(packages: string[], folder: string, context: SourceContext): Promise<string> {
  const downloads = await mkdtemp(join(context.cacheDir, 'apt-'));
  try {
    // apt's own unprivileged user cannot write here.
    const args = ['download', '--quiet', '-o', 'APT::Sandbox::User=root', ...packages];
    await withLists(context, () => run('apt-get', args, { cwd: downloads }));
    const files = await readdir(downloads);
    for (const file of files) await run('dpkg-deb', ['-x', join(downloads, file), folder]);
    const first = files.find((file) => file.startsWith(`${packages[0] ?? ''}_`)) ?? '';
    return upstreamVersion(await run('dpkg-deb', ['-f', join(downloads, first), 'Version']));
  } finally {
    await rm(downloads, { recursive: true, force: true });
  }
}

/** "1:2.42.0+ds-5+deb12u1" is Debian's fifth packaging of "2.42.0". */
export function upstreamVersion(version: string): string {
  return /^(?:\d+:)?([\d.]*\d)/.exec(version)?.[1] ?? version;
}

/** A new machine has no package lists, and old lists name files that are gone. */
export async function withLists<T>({ report }: SourceContext, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    if (!(error instanceof Unavailable)) throw error;
    report('updating the package lists');
    await run('apt-get', ['update', '--quiet']);
    return action();
  }
}
