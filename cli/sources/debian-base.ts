import { execa } from 'execa';
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { aptInstall, hasApt, isRoot, withLists } from './apt.ts';
import { isPresent } from './docker-images.ts';
import { isOnPath, refusal, run } from './run.ts';
import { Unavailable, type SourceContext } from './source.ts';

/** Certificates for alerts that are sent over TLS. */
const packages = ['ca-certificates'];
const left = ['var/cache/apt', 'var/lib/apt/lists', 'usr/share/doc', 'usr/share/man', 'usr/share/locale'];

/**
 * The image that those built here share: a minimal system of the release that this machine runs, so that its
 * packages fit.
 * @returns its reference; it is present on the Engine.
 * @throws Unavailable when this machine cannot make one.
 */
export async function debianBase(context: SourceContext): Promise<string> {
  const release = await codename();
  const recipe = createHash('sha256')
    .update(JSON.stringify([release, packages, left]))
    .digest('hex')
    .slice(0, 8);
  const reference = `emotion-stack.local/debian:${release}-${recipe}`;
  if (await isPresent(reference)) return reference;
  if (!isRoot()) throw new Unavailable('cannot be built without root, which debootstrap needs');
  await requireDebootstrap(context);
  const folder = await mkdtemp(join(context.cacheDir, 'debootstrap-'));
  try {
    context.report(`making a minimal ${release} with debootstrap`);
    const mirror = await withLists(context, () => mirrorOf(release));
    await run('debootstrap', [
      '--variant=minbase',
      `--include=${packages.join(',')}`,
      release,
      folder,
      mirror,
    ]);
    for (const path of left) await rm(join(folder, path), { recursive: true, force: true });
    await importFolder(folder, reference);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return reference;
}

async function codename(): Promise<string> {
  if (!hasApt()) throw new Unavailable('can be built only on Debian or Ubuntu');
  const name = /^VERSION_CODENAME=(\S+)$/m.exec(await readFile('/etc/os-release', 'utf8'))?.[1];
  if (name === undefined) throw new Unavailable('cannot be built: /etc/os-release has no VERSION_CODENAME');
  return name;
}

async function requireDebootstrap(context: SourceContext): Promise<void> {
  if (isOnPath('debootstrap')) return;
  if (
    !(await context.confirm(
      'Install debootstrap with apt-get, to build the images of Prometheus and others here?',
    ))
  ) {
    throw new Unavailable('cannot be built without debootstrap');
  }
  await aptInstall(['debootstrap'], context);
}

/** The archive that this machine is set up to use, which a company may run itself. */
async function mirrorOf(release: string): Promise<string> {
  const format = '$(RELEASE) $(REPO_URI)';
  const targets = await run('apt-get', ['indextargets', '--format', format, 'Created-By: Packages']);
  const mirror = targets
    .split('\n')
    .map((line) => line.split(' '))
    .find(([name]) => name === release)?.[1];
  if (mirror === undefined)
    throw new Unavailable(`cannot be built: apt's sources have no archive of ${release}`);
  return mirror;
}

async function importFolder(folder: string, reference: string): Promise<void> {
  const args = ['import', '-', reference];
  try {
    await execa('tar', ['-C', folder, '-c', '.'], { buffer: false }).pipe('docker', args);
  } catch (error) {
    throw refusal('docker', args, error);
  }
}
