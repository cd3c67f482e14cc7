import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from './run.ts';
import { Unavailable, type SourceContext } from './source.ts';

/** A program of a Go module in go/, which pins every dependency in its go.mod and go.sum. */
export interface GoProgram {
  /** Folder below go/. */
  module: string;
  /** Package to build, "." for the module's own. */
  package: string;
  /** File name of the result. */
  binary: string;
  /** `path=value` for a string variable that the linker sets. */
  variable?: string;
  /** Operating system it runs on, where that is not this one. */
  os?: 'linux';
}

/** Where a built program lies: `<root>/bin/<binary>`. The name changes with everything that goes into it. */
export function goRoot(program: GoProgram, { cacheDir }: Pick<SourceContext, 'cacheDir'>): string {
  const folder = moduleFolder(program);
  const hash = createHash('sha256').update(JSON.stringify([program, process.arch]));
  for (const file of readdirSync(folder).sort()) hash.update(file).update(readFileSync(join(folder, file)));
  return join(cacheDir, `${program.module}-${hash.digest('hex').slice(0, 12)}`);
}

export function isBuilt(program: GoProgram, context: Pick<SourceContext, 'cacheDir'>): boolean {
  return existsSync(binary(program, context));
}

/**
 * Builds a program unless the cache has it; a build that is killed leaves nothing behind that looks finished.
 * @returns its root folder, see goRoot.
 * @throws Unavailable when Go is missing, too old, or does not reach the modules.
 */
export async function goBuild(program: GoProgram, context: SourceContext): Promise<string> {
  if (isBuilt(program, context)) return goRoot(program, context);
  await requireGo(program);
  context.report(`${program.module}: building from Go modules, which takes minutes the first time`);
  const target = binary(program, context);
  const unfinished = `${target}.${process.pid}`;
  await mkdir(join(goRoot(program, context), 'bin'), { recursive: true });
  const linker = ['-s', '-w', ...(program.variable === undefined ? [] : ['-X', program.variable])];
  const flags = ['-mod=readonly', '-trimpath', '-buildvcs=false', `-ldflags=${linker.join(' ')}`];
  try {
    await run('go', ['build', ...flags, '-o', unfinished, program.package], {
      cwd: moduleFolder(program),
      env: buildEnvironment(program),
    });
    await rename(unfinished, target);
  } finally {
    await rm(unfinished, { force: true });
  }
  return goRoot(program, context);
}

/** Static, so that it runs in any image and no C compiler is needed; deaf to a workspace around this checkout. */
function buildEnvironment({ os }: GoProgram): NodeJS.ProcessEnv {
  return { CGO_ENABLED: '0', GOWORK: 'off', GOFLAGS: '', ...(os === undefined ? {} : { GOOS: os }) };
}

async function requireGo(program: GoProgram): Promise<void> {
  const needed = /^go (\S+)$/m.exec(readFileSync(join(moduleFolder(program), 'go.mod'), 'utf8'))?.[1] ?? '';
  const [found = '', toolchain = ''] = (await goSettings(needed)).split('\n');
  if (!isOlder(found, needed)) return;
  // Go 1.21 and later fetch the version that a module asks for, unless told not to.
  if (toolchain.startsWith('auto') || toolchain.endsWith('+auto')) return;
  throw new Unavailable(
    `cannot be built without Go ${needed} or newer on PATH (it has ${found.replace('go', '')})`,
  );
}

/** Asked outside the module: a Go that is too old for it does not even print its version inside. */
async function goSettings(needed: string): Promise<string> {
  try {
    return await run('go', ['env', 'GOVERSION', 'GOTOOLCHAIN'], { env: { GOWORK: 'off' }, cwd: tmpdir() });
  } catch (error) {
    throw error instanceof Unavailable
      ? new Unavailable(`cannot be built without Go ${needed} or newer on PATH`)
      : error;
  }
}

/** Compares "go1.24.3" with "1.25.11". */
export function isOlder(found: string, needed: string): boolean {
  const parts = (version: string) =>
    version
      .replace(/^go/, '')
      .split('.')
      .map((part) => Number.parseInt(part, 10));
  const [have, want] = [parts(found), parts(needed)];
  for (const [index, part] of want.entries()) {
    const difference = (have[index] ?? 0) - part;
    if (difference !== 0) return difference < 0;
  }
  return false;
}

function binary(program: GoProgram, context: Pick<SourceContext, 'cacheDir'>): string {
  return join(goRoot(program, context), 'bin', program.binary);
}

function moduleFolder({ module }: GoProgram): string {
  return join(import.meta.dirname, 'go', module);
}
