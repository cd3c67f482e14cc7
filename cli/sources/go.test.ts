import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { fakeContext, fakePrograms } from './fake-programs.ts';
import { goBuild, goRoot, isBuilt, type GoProgram } from './go.ts';
import { Unavailable } from './source.ts';

const program: GoProgram = { module: 'cadvisor', package: '.', binary: 'cadvisor' };

/** A Go of this version, whose builds end like this. */
function fakeGo(version: string, build: string, toolchain = 'local'): void {
  fakePrograms({ go: `case "$1" in env) echo ${version}; echo ${toolchain} ;; build) ${build} ;; esac` });
}

afterEach(() => {
  vi.unstubAllEnvs();
});

describe('goBuild', () => {
  it('builds once', async () => {
    // The sixth argument is the file to write, as in go build -mod -trimpath -buildvcs -ldflags -o FILE.
    fakeGo('go1.26.0', 'echo program > "$7"');
    const context = fakeContext();
    const root = await goBuild(program, context);
    expect(readdirSync(join(root, 'bin'))).toEqual(['cadvisor']);
    fakePrograms({});
    await expect(goBuild(program, context)).resolves.toBe(root);
  });

  it('leaves nothing that looks finished when a build breaks off', async () => {
    fakeGo('go1.26.0', 'echo half > "$7"; echo "no space left on device" >&2; exit 1');
    const context = fakeContext();
    await expect(goBuild(program, context)).rejects.toThrow('failed (go build: no space left on device)');
    expect(isBuilt(program, context)).toBe(false);
    expect(readdirSync(join(goRoot(program, context), 'bin'))).toEqual([]);
  });

  it('says which Go is needed where there is none, or an old one', async () => {
    fakePrograms({});
    await expect(goBuild(program, fakeContext())).rejects.toThrow(
      new Unavailable('cannot be built without Go 1.24 or newer on PATH'),
    );
    fakeGo('go1.19.8', 'exit 1');
    await expect(goBuild(program, fakeContext())).rejects.toThrow(
      'cannot be built without Go 1.24 or newer on PATH (it has 1.19.8)',
    );
  });

  it('leaves it to Go to fetch a newer Go where it may', async () => {
    fakeGo('go1.22.0', 'echo program > "$7"', 'auto');
    const root = await goBuild(program, fakeContext());
    expect(existsSync(join(root, 'bin', 'cadvisor'))).toBe(true);
  });
});

it('keeps what was built with other settings apart', () => {
  const context = fakeContext();
  expect(goRoot(program, context)).toBe(goRoot({ ...program }, context));
  expect(goRoot({ ...program, variable: 'main.version=2' }, context)).not.toBe(goRoot(program, context));
});
