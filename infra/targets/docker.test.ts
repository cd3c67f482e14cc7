import * as pulumi from '@pulumi/pulumi';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { loadConfig } from '../config.ts';
import { thirdPartyImages } from '../images.ts';
import { topology } from '../topology.ts';
import { DockerStack } from './docker.ts';

interface Declared {
  type: string;
  name: string;
  inputs: Record<string, unknown>;
}

/** What a run of the target asks of Pulumi, recorded by its mocks; the end-to-end test runs the real provider. */
const declared: Declared[] = [];
const containers = () => declared.filter(({ type }) => type === 'docker:index/container:Container');
const container = (name: string) => {
  const found = containers().find((one) => one.name === name);
  if (found === undefined) throw new Error(`no container ${name}`);
  return found.inputs;
};

beforeAll(async () => {
  await pulumi.runtime.setMocks({
    newResource: ({ type, name, inputs }) => {
      declared.push({ type, name, inputs: inputs as Record<string, unknown> });
      const computed =
        type === 'docker:index/network:Network' ? { ipamConfigs: [{ gateway: '172.30.0.1' }] } : {};
      return { id: `${name}-id`, state: { imageId: `sha256:${name}`, ...inputs, ...computed } as object };
    },
    call: () => ({}),
  });
  const config = loadConfig('dev', { 'alertmanager.webhookUrl': { secret: true } });
  const built = { context: 'context', hash: '0123456789ab', baseImage: thirdPartyImages.node };
  const stack = new DockerStack('emotion', {
    config,
    workloads: topology(config, { grafana: true }),
    thirdPartyImages,
    serviceImages: { backend: built, frontend: built },
    secrets: {
      'grafana.adminPassword': pulumi.secret('a secret password'),
      'backend.apiKey': pulumi.secret('a-secret-key'),
      'feedback.databaseUrl': pulumi.secret(''),
      'alertmanager.webhookUrl': pulumi.secret('https://example.com/a-secret-hook'),
    },
  });
  await new Promise((resolve) => stack.urn.apply(resolve));
  await vi.waitFor(() => {
    expect(containers()).toHaveLength(7);
  });
});

describe('DockerStack', () => {
  it('makes one network, a container per workload, and a volume per mount', () => {
    const count = (type: string) => declared.filter((one) => one.type === type).length;
    expect(count('docker:index/network:Network')).toBe(1);
    expect(count('docker:index/container:Container')).toBe(7);
    expect(
      declared.flatMap(({ type, inputs }) => (type === 'docker:index/volume:Volume' ? [inputs.name] : [])),
    ).toEqual(
      expect.arrayContaining([
        'emotion-dev_prometheus_data',
        'emotion-dev_grafana_data',
        'emotion-dev_backend_data',
      ]),
    );
  });

  it('gives every container limits, log rotation, a restart policy, no capability and a graceful end', () => {
    for (const { name, inputs } of containers()) {
      expect(inputs, name).toMatchObject({
        restart: 'unless-stopped',
        capabilities: { drops: ['ALL'], adds: [] },
        securityOpts: ['no-new-privileges:true'],
        logOpts: { 'max-size': '10m', 'max-file': '3' },
      });
      expect(inputs.memory, name).toBe(inputs.memorySwap);
      expect(Number(inputs.memory), name).toBeGreaterThan(0);
      expect(Number(inputs.destroyGraceSeconds), name).toBeGreaterThan(0);
    }
  });

  it('publishes on loopback only', () => {
    const ports = containers().flatMap(({ inputs }) => inputs.ports as { ip: string; external: number }[]);
    expect(ports.map(({ external }) => external).sort()).toEqual([3120, 3121, 3122, 3123]);
    expect(ports.every(({ ip }) => ip === '127.0.0.1')).toBe(true);
  });

  it('uploads no file into a read-only root file system', () => {
    for (const { name, inputs } of containers()) {
      if ((inputs.uploads as unknown[]).length > 0) expect(inputs.readOnly, name).toBe(false);
    }
  });

  it('puts secrets into the files that name them, and keeps such a file secret', () => {
    const uploads = (name: string) => JSON.stringify(container(name).uploads);
    expect(uploads('alertmanager')).toContain('https://example.com/a-secret-hook');
    expect(uploads('prometheus')).not.toContain('$(secret:');
    // How Pulumi marks a secret among the inputs of a resource: in its state, they are encrypted.
    expect(uploads('alertmanager')).toContain('4dabf18193072939515e22adb298388d');
  });

  it('lets node-exporter listen on the gateway of the stack’s network, where Prometheus finds it by name', () => {
    expect(container('node-exporter')).toMatchObject({ networkMode: 'host' });
    expect(container('node-exporter').command).toContain('--web.listen-address=172.30.0.1:9100');
    expect(container('prometheus').hosts).toEqual([{ host: 'node-exporter', ip: '172.30.0.1' }]);
  });
});
