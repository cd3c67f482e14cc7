import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { thirdPartyImages as pinned } from '../../infra/images.ts';
import { UserError } from '../errors.ts';
import { fakeContext, fakePrograms } from './fake-programs.ts';
import { tarballReference, thirdPartyImages } from './images.ts';

afterEach(() => {
  vi.unstubAllEnvs();
});

/** An Engine that has these images, on a machine whose registries do not answer and which cannot build. */
function engineWith(...present: string[]): string {
  return fakePrograms({
    docker: `
case "$1" in
  image) case "$3" in ${['none', ...present].join('|')}) ;; *) echo 'No such image' >&2; exit 1 ;; esac ;;
  images) ;;
  version) echo linux/other ;;
  pull) echo "$2" >> "$HERE/pulled"; echo 'no such host' >&2; exit 1 ;;
esac`,
  });
}

const others = Object.fromEntries(Object.entries(pinned).filter(([name]) => name !== 'grafana'));

describe('thirdPartyImages', () => {
  it('takes what the Engine has and asks no registry', async () => {
    const folder = engineWith(...Object.values(pinned));
    const images = await thirdPartyImages(fakeContext());
    expect(images.prometheus).toEqual({ source: 'registry', reference: pinned.prometheus });
    expect(Object.keys(images)).toEqual(Object.keys(pinned));
    expect(existsSync(join(folder, 'pulled'))).toBe(false);
  });

  it('leaves Grafana out, plainly, where no source has it', async () => {
    engineWith(...Object.values(others));
    const context = fakeContext();
    const images = await thirdPartyImages(context);
    expect(images.grafana).toEqual({ source: 'none', reference: null });
    expect(context.lines.at(-1)).toMatch(/^grafana: left out/);
  });

  it('does not take Grafana from a stack that had it', async () => {
    engineWith(...Object.values(others));
    const record = { grafana: { source: 'registry', reference: pinned.grafana } };
    await expect(thirdPartyImages(fakeContext(), record)).rejects.toThrow(/no source has grafana/);
  });

  it('finds Grafana where a tarball was loaded', async () => {
    engineWith(...Object.values(others), tarballReference('grafana'));
    const images = await thirdPartyImages(fakeContext(), { grafana: { source: 'none', reference: null } });
    expect(images.grafana).toEqual({ source: 'tarball', reference: 'emotion-stack.local/grafana:tarball' });
  });

  it('does not ask the registry again for a Grafana that is recorded as missing', async () => {
    const folder = engineWith(...Object.values(others));
    const images = await thirdPartyImages(fakeContext(), { grafana: { source: 'none', reference: null } });
    expect(images.grafana?.reference).toBeNull();
    expect(existsSync(join(folder, 'pulled'))).toBe(false);
  });

  it('names every source with its reason where any other image is nowhere', async () => {
    engineWith();
    const failure = thirdPartyImages(fakeContext());
    await expect(failure).rejects.toThrow(UserError);
    await expect(failure).rejects.toThrow(
      /no source has node\n {2}- registry failed \(docker pull: no such host\)\n {2}- npm package cannot build for linux\/other[^\n]*\n {2}- tarball was not given/,
    );
  });

  it('keeps the recorded version though another is pinned today', async () => {
    const old = 'prom/prometheus:v2.55.1';
    engineWith(...Object.values(pinned), old);
    const record = { prometheus: { source: 'registry', reference: old } };
    const images = await thirdPartyImages(fakeContext(), record);
    expect(images.prometheus).toEqual({ source: 'registry', reference: old });
  });

  it('does not flip to another source while the recorded one is away', async () => {
    const folder = engineWith(pinned.node);
    const record = { prometheus: { source: 'registry', reference: 'prom/prometheus:v2.55.1' } };
    await expect(thirdPartyImages(fakeContext(), record)).rejects.toThrow(
      /no source has prometheus\n {2}- registry failed[^\n]*\n {2}fix: this stack was brought up with prometheus from registry/,
    );
    expect(readFileSync(join(folder, 'pulled'), 'utf8')).toBe('prom/prometheus:v2.55.1\n');
  });
});
