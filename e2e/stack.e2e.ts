import { execa } from 'execa';
import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestStack } from './harness.ts';
import { aRunningStack } from './running.ts';

/** The life of one stack, in order: each test goes on from where the one before it left off. */
let stack: TestStack;

interface Health {
  name: string;
  healthy: boolean;
  url?: string;
}

const status = async () => JSON.parse(await stack.run(['status', '--json'])) as Health[];
const hasGrafana = async () => (await status()).some(({ name }) => name === 'grafana');

beforeAll(async () => {
  stack = await TestStack.create();
  const secret = ['config', 'set', '--secret', 'grafana.adminPassword'];
  await stack.run(secret, { input: stack.grafanaPassword });
  await stack.run(['up', '--yes'], { progress: true });
});

afterAll(async () => {
  await stack.remove();
});

describe('up', () => {
  it('ends with a table that is true', async () => {
    const health = await status();
    const containers = await stack.docker('container');
    expect(containers).toEqual(health.map(({ name }) => `${stack.prefix}-${name}`).sort());
    expect(health.filter(({ healthy }) => !healthy)).toEqual([]);
    const up = await stack.samples('up');
    expect(up.every(({ value }) => value === 1)).toBe(true);
    const scraped = health.map(({ name }) => name).filter((name) => name !== 'frontend');
    expect(up.map(({ labels }) => labels.job).sort()).toEqual(scraped.sort());
    for (const { url } of health) if (url !== undefined) expect((await fetch(url)).status).toBeLessThan(500);
  });

  it('changes nothing the second time, and preview shows no diff', async () => {
    const ids = () => execa('docker', ['ps', '--quiet', '--no-trunc', '--filter', `name=${stack.prefix}-`]);
    const before = (await ids()).stdout;
    expect(summary(await stack.run(['up', '--yes']))).toEqual(['unchanged']);
    expect((await ids()).stdout).toBe(before);
    expect(summary(await stack.run(['preview']))).toEqual(['unchanged']);
  });

  it('publishes the four services on loopback, and nothing else', async () => {
    const { stdout } = await execa('docker', [
      'ps',
      '--filter',
      `name=${stack.prefix}-`,
      '--format',
      '{{.Ports}}',
    ]);
    const published = [...stdout.matchAll(/(\S+):(\d+)->/g)].map(([, address, port]) => `${address}:${port}`);
    const services = (await hasGrafana()) ? stack.ports : { ...stack.ports, grafana: undefined };
    const expected = Object.values(services).flatMap((port) =>
      port === undefined ? [] : [`127.0.0.1:${port}`],
    );
    expect(published.sort()).toEqual(expected.sort());
  });

  it('gives no container a capability, and root to none but cAdvisor', async () => {
    const { stdout } = await execa('docker', ['inspect', ...(await stack.docker('container'))]);
    for (const { Name, Config, HostConfig } of JSON.parse(stdout) as Inspected[]) {
      expect(HostConfig, Name).toMatchObject({ CapDrop: ['ALL'], Privileged: false });
      expect(HostConfig.CapAdd ?? [], Name).toEqual([]);
      expect(HostConfig.Memory, Name).toBeGreaterThan(0);
      expect(HostConfig.LogConfig.Config, Name).toMatchObject({ 'max-size': '10m' });
      if (!Name.endsWith('-cadvisor')) expect(Config.User, Name).not.toBe('0');
    }
  });
});

interface Inspected {
  Name: string;
  Config: { User: string };
  HostConfig: {
    CapDrop: string[];
    CapAdd: string[] | null;
    Privileged: boolean;
    Memory: number;
    LogConfig: { Config: Record<string, string> };
  };
}

aRunningStack(() => stack);

describe('a wrong config', () => {
  it('names every problem and touches nothing', async () => {
    const before = await stack.docker('container');
    const wrong = await stack.attempt(['config', 'set', 'prometheus.retention', 'forever']);
    expect(wrong.exitCode).toBe(1);
    expect(wrong.all).toContain('prometheus.retention = "forever": must be a duration');
    expect(wrong.all).toContain('fix: ./stack config set');
    expect(wrong.all).not.toMatch(/^\s+at /m);
    expect(await stack.docker('container')).toEqual(before);
  });

  it('names a port that something else holds, before anything changes', async () => {
    const blocker = await listen();
    const { port } = blocker.address() as { port: number };
    try {
      await stack.run(['config', 'set', 'ports.backend', String(port)]);
      const taken = await stack.attempt(['up', '--yes']);
      expect(taken.exitCode).toBe(1);
      expect(taken.all).toContain(`port ${port} (backend)`);
      expect((await status()).every(({ healthy }) => healthy)).toBe(true);
    } finally {
      blocker.close();
      await once(blocker, 'close');
      await stack.run(['config', 'set', 'ports.backend', String(stack.ports.backend)]);
    }
  });
});

describe('a changed setting', () => {
  it('shows in preview as exactly the container that it touches, and loses no samples', async () => {
    const since = Date.now() / 1000;
    await stack.run(['config', 'set', 'prometheus.retention', '300h']);
    const preview = await stack.run(['preview']);
    expect(changedResources(preview)).toEqual(['docker:index:Container prometheus']);
    await stack.run(['up', '--yes']);
    const flag = await fetch(stack.url('prometheus', '/api/v1/status/flags'));
    expect(await flag.text()).toContain('"storage.tsdb.retention.time":"12d12h"');
    expect(
      await stack.query(`max_over_time(sum(emotion_predictions_total)[1h:5s] @ ${since})`),
    ).toBeGreaterThanOrEqual(200);
  });
});

describe('destroy', () => {
  it('leaves no container and no network, but the volumes, and a new up has the old samples', async () => {
    const before = Date.now() / 1000;
    await stack.run(['destroy', '--yes']);
    expect(await stack.docker('container')).toEqual([]);
    expect(await stack.docker('network')).toEqual([]);
    const volumes = await stack.docker('volume');
    expect(volumes).toEqual(
      expect.arrayContaining([`${stack.prefix}_prometheus_data`, `${stack.prefix}_backend_data`]),
    );
    await stack.run(['up', '--yes']);
    expect(await stack.docker('volume')).toEqual(volumes);
    expect(
      await stack.query(`max_over_time(sum(emotion_predictions_total)[1h:5s] @ ${before})`),
    ).toBeGreaterThanOrEqual(200);
  });

  it('leaves nothing with --volumes', async () => {
    await stack.run(['destroy', '--volumes', '--yes']);
    for (const kind of ['container', 'network', 'volume'] as const)
      expect(await stack.docker(kind)).toEqual([]);
    const { stdout } = await execa('docker', [
      'image',
      'ls',
      '--format',
      '{{.Repository}}',
      `${stack.prefix}-*`,
    ]);
    expect(stdout).toBe('');
  });
});

/** The words of Pulumi's closing summary, "+ 12 created", "~ 1 updated", "19 unchanged", without the numbers. */
function summary(output: string): string[] {
  const lines = output.slice(output.indexOf('Resources:')).split('\n').slice(1);
  const end = lines.findIndex((line) => line.trim() === '');
  return lines.slice(0, end).flatMap((line) => {
    const [, word] = /\d+ (?:to )?(\w+)/.exec(line) ?? [];
    return word === undefined ? [] : [word];
  });
}

/** "type name" of every line of a preview that is not the stack itself or its component. */
function changedResources(output: string): string[] {
  const rows = output.matchAll(/^\s*(?:\+|-|~|\+-|-\+|\+\+|--)\s+(?:[├└│─ ]*)(\S+)\s+(\S+)/gm);
  return [...new Set([...rows].map(([, type, name]) => `${type} ${name}`))];
}

async function listen(): Promise<Server> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}
