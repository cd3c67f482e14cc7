import { topology } from '../../infra/topology.ts';
import { resolvedImages } from '../../infra/sources.ts';
import { docker } from '../docker.ts';
import { UserError } from '../errors.ts';
import { waitForHealth } from '../health.ts';
import { step } from '../progress.ts';
import { readStackFile } from '../stack-file.ts';
import { named } from './logs.ts';
import { statusTable } from './status.ts';

/** Restarts some services and waits until they are healthy again. */
export async function restart({ stack, services }: { stack: string; services: string[] }): Promise<void> {
  const config = await readStackFile(stack);
  const containers = await named(stack, services);
  const { grafana } = await resolvedImages(stack);
  const workloads = topology(config, { grafana: grafana !== undefined }).filter(({ name }) =>
    services.includes(name),
  );
  const health = await step(`Restarting ${services.join(', ')}`, async (report) => {
    await docker(['restart', ...containers.map(({ id }) => id)]);
    return waitForHealth(config, workloads, 120, report);
  });
  console.log(statusTable(health));
  const sick = health.filter(({ healthy }) => !healthy).map(({ name }) => name);
  if (sick.length > 0)
    throw new UserError(`not healthy: ${sick.join(', ')}`, `./stack logs --stack ${stack} ${sick.join(' ')}`);
}
