import { execa, type Result } from 'execa';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const project = resolve(import.meta.dirname, '..');

export type Ports = Record<'backend' | 'frontend' | 'prometheus' | 'grafana', number>;

/**
 * A stack of its own for one test run: its own name, prefix, ports and state folder, beside whatever else runs on
 * this machine.
 */
export class TestStack {
  readonly name = `e2e-${process.pid}`;
  readonly prefix = `emotion-${this.name}`;
  readonly file = join(project, `Pulumi.${this.name}.yaml`);
  readonly grafanaPassword = 'a-password-of-the-test';
  readonly ports: Ports;
  readonly state: string;

  private constructor(ports: Ports, state: string) {
    this.ports = ports;
    this.state = state;
  }

  static async create(): Promise<TestStack> {
    const [backend, frontend, prometheus, grafana] = await freePorts(4);
    const ports = { backend, frontend, prometheus, grafana } as Ports;
    const stack = new TestStack(ports, await mkdtemp(join(tmpdir(), 'emotion-stack-e2e-')));
    const lines = Object.entries(ports).map(([name, port]) => `  emotion-stack:ports.${name}: ${port}`);
    // Scrapes every 5 s, so that the test waits less.
    await writeFile(
      stack.file,
      `config:\n${lines.join('\n')}\n  emotion-stack:prometheus.scrapeInterval: 5s\n`,
    );
    return stack;
  }

  /** Runs `./stack COMMAND --stack NAME ...`; fails the test when it does not end with 0. */
  async run(args: string[], options: { input?: string; progress?: boolean } = {}): Promise<string> {
    const result = await this.attempt(args, options);
    if (result.exitCode !== 0)
      throw new Error(`./stack ${args.join(' ')} ended with ${result.exitCode}\n${result.all}`);
    return result.all;
  }

  /** Runs a command that may fail. */
  async attempt(args: string[], { input = '', progress = false } = {}): Promise<Result & { all: string }> {
    const run = execa('./stack', [...args, '--stack', this.name], {
      cwd: project,
      env: { EMOTION_STACK_STATE: this.state, PULUMI_BACKEND_URL: undefined },
      input,
      all: true,
      reject: false,
    });
    if (progress) run.all.pipe(process.stdout, { end: false });
    return await run;
  }

  /** Leaves nothing behind, whatever state a failed test left. */
  async remove(): Promise<void> {
    await this.run(['destroy', '--volumes', '--yes']);
    await rm(this.file, { force: true });
    await rm(this.state, { recursive: true, force: true });
  }

  url(service: keyof Ports, path = ''): string {
    return `http://127.0.0.1:${this.ports[service]}${path}`;
  }

  /** The value of an instant query that has one sample; undefined where it has none. */
  async query(expr: string): Promise<number | undefined> {
    return (await this.samples(expr))[0]?.value;
  }

  async samples(expr: string): Promise<{ labels: Record<string, string>; value: number }[]> {
    const response = await fetch(this.url('prometheus', `/api/v1/query?query=${encodeURIComponent(expr)}`));
    const answer = (await response.json()) as {
      error?: string;
      data?: { result: { metric: Record<string, string>; value: [number, string] }[] };
    };
    if (answer.data === undefined) throw new Error(`${expr}: ${answer.error ?? response.status}`);
    return answer.data.result.map(({ metric, value }) => ({ labels: metric, value: Number(value[1]) }));
  }

  /** The containers, networks or volumes with this stack's prefix. */
  async docker(kind: 'container' | 'network' | 'volume'): Promise<string[]> {
    const all = kind === 'container' ? ['--all'] : [];
    const format = kind === 'container' ? '{{.Names}}' : '{{.Name}}';
    const { stdout } = await execa('docker', [kind, 'ls', ...all, '--format', format]);
    return stdout
      .split('\n')
      .filter((name) => name.startsWith(this.prefix))
      .sort();
  }
}

async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer());
  for (const server of servers) {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  }
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => new Promise((done) => server.close(done))));
  return ports;
}
