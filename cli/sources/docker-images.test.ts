import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { isPresent, isUnreachable, puller, registryOf } from './docker-images.ts';
import { fakePrograms } from './fake-programs.ts';

afterEach(() => {
  vi.unstubAllEnvs();
});

const silent = () => undefined;

describe('puller', () => {
  it('asks a registry that cannot be reached only once', async () => {
    const folder = fakePrograms({
      docker: 'echo "$2" >> "$HERE/calls"; echo "dial tcp: lookup x: no such host" >&2; exit 1',
    });
    const pull = puller(silent);
    await expect(pull('prom/prometheus:v3.5.0')).rejects.toThrow('no such host');
    await expect(pull('prom/alertmanager:v0.28.1')).rejects.toThrow('no such host');
    await expect(pull('gcr.io/cadvisor/cadvisor:v0.53.0')).rejects.toThrow('no such host');
    const calls = readFileSync(join(folder, 'calls'), 'utf8').trim().split('\n');
    expect(calls).toEqual(['prom/prometheus:v3.5.0', 'gcr.io/cadvisor/cadvisor:v0.53.0']);
  });

  it('asks on where only one image is unknown', async () => {
    fakePrograms({
      docker: '[ "$2" = prom/b:1 ] || { echo "manifest for $2 not found: manifest unknown" >&2; exit 1; }',
    });
    const pull = puller(silent);
    await expect(pull('prom/a:1')).rejects.toThrow('manifest unknown');
    await expect(pull('prom/b:1')).resolves.toBeUndefined();
  });

  it('gives up on a registry that stays silent, and does not wait for it again', async () => {
    fakePrograms({ docker: 'exec /bin/sleep 30' });
    const pull = puller(silent, 0.1);
    await expect(pull('prom/a:1')).rejects.toThrow('did not answer in 0.1 s');
    const again = Date.now();
    await expect(pull('prom/b:1')).rejects.toThrow('did not answer in 0.1 s');
    expect(Date.now() - again).toBeLessThan(90);
  });

  it('lets a download that has begun take its time', async () => {
    fakePrograms({ docker: 'echo "1: Pulling from prom/a"; exec /bin/sleep 1.2' });
    await expect(puller(silent, 0.8)('prom/a:1')).resolves.toBeUndefined();
  });
});

describe('isPresent', () => {
  it('tells a missing image from an Engine that does not answer', async () => {
    fakePrograms({ docker: 'echo "Error: No such image: $3" >&2; exit 1' });
    await expect(isPresent('a:1')).resolves.toBe(false);
    fakePrograms({ docker: 'echo "Cannot connect to the Docker daemon" >&2; exit 1' });
    await expect(isPresent('a:1')).rejects.toThrow('Cannot connect');
  });
});

it.each([
  ['prom/prometheus:v3', 'docker.io'],
  ['node:24', 'docker.io'],
  ['gcr.io/cadvisor/cadvisor:v0.53.0', 'gcr.io'],
  ['localhost:5000/a:1', 'localhost:5000'],
  ['localhost/a', 'localhost'],
])('registryOf %s is %s', (reference, registry) => {
  expect(registryOf(reference)).toBe(registry);
});

it.each([
  ['net/http: TLS handshake timeout', true],
  ['x509: certificate signed by unknown authority', true],
  ['dial tcp 1.2.3.4:443: connect: connection refused', true],
  ['manifest for prom/x:1 not found: manifest unknown', false],
  ['pull access denied for prom/x', false],
])('isUnreachable %s is %s', (reason, unreachable) => {
  expect(isUnreachable(reason)).toBe(unreachable);
});
