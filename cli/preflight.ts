import type { Stack } from '@pulumi/pulumi/automation/index.js';
import { createServer } from 'node:net';
import type { StackConfig } from '../infra/config.ts';
import type { Workload } from '../infra/workload.ts';
import { containersOf, docker } from './docker.ts';
import { UserError } from './errors.ts';

/**
 * What would make `up` stop half-way, asked before it begins.
 * @throws UserError naming the port or container, and the fix.
 */
export async function preflight(config: StackConfig, stack: Stack, workloads: Workload[]): Promise<void> {
  await refuseStrangers(config, stack);
  await refuseTakenPorts(config, workloads);
  await refuseTooManyCores(config, workloads);
}

/** Containers that carry this stack's prefix but are not in its state belong to another checkout, or to a lost state. */
async function refuseStrangers(config: StackConfig, stack: Stack): Promise<void> {
  const known = await containerIds(stack);
  const strangers = (await containersOf(config.namePrefix)).filter(({ id }) => !known.has(id));
  if (strangers.length === 0) return;
  const names = strangers.map(({ name }) => name).join(' ');
  throw new UserError(
    `these containers have the prefix "${config.namePrefix}" but are not in the state of stack "${config.stack}": ${names}`,
    `if another checkout runs them, choose a prefix of your own: ./stack config set --stack ${config.stack} namePrefix NAME; ` +
      `if their state is lost: docker rm --force ${names}`,
  );
}

interface Deployment {
  resources?: { type: string; id?: string }[];
}

/** The ids of the containers in a stack's state. */
export async function containerIds(stack: Stack): Promise<Set<string>> {
  const { resources = [] } = ((await stack.exportStack()).deployment ?? {}) as Deployment;
  const containers = resources.filter(({ type }) => type === 'docker:index/container:Container');
  return new Set(containers.flatMap(({ id }) => (id === undefined ? [] : [id])));
}

async function refuseTakenPorts(config: StackConfig, workloads: Workload[]): Promise<void> {
  // By port alone: a changed bind address moves our own container.
  const published = (await containersOf(config.namePrefix)).flatMap((container) => container.published);
  const ours = new Set(published.map((address) => Number(address.split(':').at(-1))));
  const taken: { name: string; port: number }[] = [];
  for (const { name, ports } of workloads) {
    for (const { hostPort: port } of ports) {
      if (port === undefined || ours.has(port)) continue;
      if (!(await isFree(config.bindAddress, port))) taken.push({ name, port });
    }
  }
  if (taken.length === 0) return;
  const fixes = taken.map(({ name }) => `./stack config set --stack ${config.stack} ports.${name} PORT`);
  throw new UserError(
    `already in use on ${config.bindAddress}: ${taken.map(({ name, port }) => `port ${port} (${name})`).join(', ')}`,
    `stop what listens there (ss -ltnp shows it), or move the service: ${fixes.join('; ')}`,
  );
}

/** Whether a port can be bound. @throws UserError when the address is not of this machine. */
async function isFree(host: string, port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(false);
      // Ports below 1024 are for root, and it is Docker who binds them.
      else if (error.code === 'EACCES') resolve(true);
      else if (error.code === 'EADDRNOTAVAIL') {
        reject(
          new UserError(`bindAddress ${host} is no address of this machine`, 'pick one that `ip addr` lists'),
        );
      } else reject(error);
    });
    server.listen({ host, port, exclusive: true }, () =>
      server.close(() => {
        resolve(true);
      }),
    );
  });
}

/** Docker takes no limit above what its machine has, and would say so only at that container. */
async function refuseTooManyCores(config: StackConfig, workloads: Workload[]): Promise<void> {
  const cores = Number(await docker(['info', '--format', '{{.NCPU}}']));
  const greedy = workloads.filter(({ resources }) => resources.cpu > cores);
  if (greedy.length === 0) return;
  const fixes = greedy.map(
    ({ name }) => `./stack config set --stack ${config.stack} resources.${name}.cpu ${cores}`,
  );
  throw new UserError(
    `the Docker machine has ${cores} cores; more are asked for by ${greedy.map(({ name, resources }) => `${name} (${resources.cpu})`).join(', ')}`,
    fixes.join('; '),
  );
}
