import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };
import { upstreamVersion } from './apt.ts';
import { dockerPluginVersion } from './docker-plugin.ts';
import { isOlder } from './go.ts';
import { isSupported, pulumiVersion } from './pulumi.ts';
import { tagVersion } from './recipes.ts';

const goMod = (module: string) => readFileSync(join(import.meta.dirname, 'go', module, 'go.mod'), 'utf8');

describe('a program is the same version whichever source it comes from', () => {
  it('Pulumi', () => {
    expect(goMod('pulumi')).toContain(`github.com/pulumi/pulumi/pkg/v3 v${pulumiVersion}`);
  });
  it('the Docker plugin', () => {
    expect(packageJson.dependencies['@pulumi/docker']).toBe(dockerPluginVersion);
  });
  it('cAdvisor', () => {
    expect(goMod('cadvisor')).toContain(`github.com/google/cadvisor v${tagVersion('cadvisor')}`);
  });
});

it.each([
  ['go1.24.3', '1.25.11', true],
  ['go1.25.9', '1.25.11', true],
  ['go1.25.11', '1.25.11', false],
  ['go1.26rc1', '1.25.11', false],
  ['go1.25', '1.25.0', false],
])('isOlder(%s, %s) is %s', (found, needed, older) => {
  expect(isOlder(found, needed)).toBe(older);
});

it.each([
  ['v3.259.0', true],
  ['v3.150.0-alpha.1', true],
  ['v3.49.0', false],
  ['v4.0.0', false],
  ['nonsense', false],
])('Pulumi %s is supported: %s', (version, supported) => {
  expect(isSupported(version)).toBe(supported);
});

it.each([
  ['2.42.0+ds-5+deb12u1', '2.42.0'],
  ['1:0.25.0-1+b4', '0.25.0'],
  ['1.5.0-1+b6', '1.5.0'],
])('upstream version of %s is %s', (version, upstream) => {
  expect(upstreamVersion(version)).toBe(upstream);
});
