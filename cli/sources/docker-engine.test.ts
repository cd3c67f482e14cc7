import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { UserError } from '../errors.ts';
import { dockerEngine } from './docker-engine.ts';
import { fakeContext, fakePrograms } from './fake-programs.ts';

const docker = `
case "$1" in
  context) echo unix:///var/run/docker.sock ;;
  version) [ -e "$HERE/up" ] || { echo 'Cannot connect to the Docker daemon' >&2; exit 1; } ;;
esac`;
const starts = ': > "$HERE/up"';

beforeEach(() => {
  vi.stubEnv('DOCKER_HOST', undefined);
  vi.spyOn(process, 'getuid').mockReturnValue(0);
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

describe('dockerEngine', () => {
  it('takes the Engine that runs, at the address of the docker context', async () => {
    fakePrograms({ docker: 'case "$1" in context) echo ssh://build.example ;; esac' });
    await expect(dockerEngine(fakeContext())).resolves.toEqual({
      source: 'running Engine',
      value: 'ssh://build.example',
    });
  });

  it('starts no other Engine where DOCKER_HOST names one that is down', async () => {
    vi.stubEnv('DOCKER_HOST', 'tcp://10.0.0.9:2376');
    const folder = fakePrograms({ docker, dockerd: starts });
    const failure = dockerEngine(fakeContext());
    await expect(failure).rejects.toThrow(UserError);
    await expect(failure).rejects.toThrow(
      /Cannot connect[^]*fix: start the Engine at tcp:\/\/10\.0\.0\.9:2376/,
    );
    expect(existsSync(join(folder, 'up'))).toBe(false);
  });

  it('asks before it starts one, and does not when the answer is no', async () => {
    const folder = fakePrograms({ docker, dockerd: starts, systemctl: starts });
    const context = fakeContext(false);
    await expect(dockerEngine(context)).rejects.toThrow(/was not wanted started[^]*fix: /);
    expect(context.questions).toEqual(['The Docker Engine does not run. Start it?']);
    expect(existsSync(join(folder, 'up'))).toBe(false);
  });

  it('starts it when the answer is yes', async () => {
    fakePrograms({ docker, dockerd: starts, systemctl: starts });
    await expect(dockerEngine(fakeContext())).resolves.toEqual({
      source: 'Engine of this machine',
      value: 'unix:///var/run/docker.sock',
    });
  });

  it('says that root is needed instead of failing half-way', async () => {
    vi.spyOn(process, 'getuid').mockReturnValue(1000);
    fakePrograms({ docker, dockerd: starts });
    await expect(dockerEngine(fakeContext())).rejects.toThrow('needs root to be started');
  });

  it.skipIf(existsSync('/run/systemd/system'))(
    "gives dockerd's own reason when it ends at its start",
    async () => {
      const dies =
        'echo level=info msg=starting; echo "failed to start daemon: no space left on device" >&2; exit 1';
      fakePrograms({ docker, dockerd: dies });
      const context = fakeContext();
      await expect(dockerEngine(context)).rejects.toThrow(
        'failed to start daemon: no space left on device; see',
      );
      expect(readFileSync(join(context.cacheDir, 'dockerd.log'), 'utf8')).toContain('level=info');
    },
  );

  it.skipIf(!existsSync('/usr/bin/apt-get'))('installs it with apt-get where it is missing', async () => {
    const aptGet = `
case "$1" in
  update) : > "$HERE/lists" ;;
  install) [ -e "$HERE/lists" ] || { echo 'E: Unable to locate package docker.io' >&2; exit 100; }
    printf '#!/bin/sh\\n[ -e "%s/up" ]' "$HERE" > "$HERE/docker"
    printf '#!/bin/sh\\n: > "%s/up"' "$HERE" > "$HERE/dockerd"
    printf '#!/bin/sh\\n: > "%s/up"' "$HERE" > "$HERE/systemctl"
    /bin/chmod +x "$HERE/docker" "$HERE/dockerd" "$HERE/systemctl" ;;
esac`;
    fakePrograms({ 'apt-get': aptGet });
    const context = fakeContext();
    await expect(dockerEngine(context)).resolves.toMatchObject({ source: 'Engine of this machine' });
    expect(context.questions).toEqual([
      'Docker is missing. Install docker.io and iptables with apt-get, and start it?',
    ]);
    expect(context.lines).toContain('updating the package lists');
  });
});
