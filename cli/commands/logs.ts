import { execa } from 'execa';
import { containersOf, type Container } from '../docker.ts';
import { UserError } from '../errors.ts';
import { readStackFile } from '../stack-file.ts';

export interface LogsOptions {
  stack: string;
  services: string[];
  follow: boolean;
  tail: string;
}

/** Prints the logs of some services, or of all; each line begins with its service when there are several. */
export async function logs({ stack, services, follow, tail }: LogsOptions): Promise<void> {
  const containers = await named(stack, services);
  const width = Math.max(...containers.map(({ workload }) => workload.length));
  await Promise.all(
    containers.map(async ({ id, workload }) => {
      const prefix = containers.length > 1 ? `${workload.padEnd(width)} | ` : '';
      const run = execa('docker', ['logs', '--tail', tail, ...(follow ? ['--follow'] : []), id], {
        all: true,
      });
      for await (const line of run.iterable({ from: 'all' })) console.log(prefix + line);
    }),
  );
}

/** The containers of the named services. @throws UserError naming an unknown service and those there are. */
export async function named(stack: string, services: string[]): Promise<Container[]> {
  const config = await readStackFile(stack);
  const containers = await containersOf(config.namePrefix);
  if (containers.length === 0)
    throw new UserError(`stack "${stack}" has no containers`, `./stack up --stack ${stack}`);
  const names = containers.map(({ workload }) => workload);
  const unknown = services.filter((service) => !names.includes(service));
  if (unknown.length > 0) {
    throw new UserError(`no service named ${unknown.join(', ')}`, `name one of ${names.sort().join(', ')}`);
  }
  return services.length === 0
    ? containers
    : containers.filter(({ workload }) => services.includes(workload));
}
