import { resolvedImages } from '../../infra/sources.ts';
import { topology } from '../../infra/topology.ts';
import { inspectHealth, type WorkloadHealth } from '../health.ts';
import { readStackFile } from '../stack-file.ts';
import { table } from '../table.ts';

/** Prints the health of every workload. @returns whether all are healthy. */
export async function status(options: { stack: string; json: boolean }): Promise<boolean> {
  const config = await readStackFile(options.stack);
  const { grafana } = await resolvedImages(config.stack);
  const health = await inspectHealth(config, topology(config, { grafana: grafana !== undefined }));
  console.log(options.json ? JSON.stringify(health, null, 2) : statusTable(health));
  return health.every(({ healthy }) => healthy);
}

/** URLs and health, a line a workload. */
export function statusTable(health: WorkloadHealth[]): string {
  const rows = health.map(({ name, detail, restarts, url, description }) => [
    name,
    detail,
    String(restarts),
    url ?? '(internal)',
    description,
  ]);
  return table([['SERVICE', 'HEALTH', 'RESTARTS', 'URL', 'WHAT IT IS'], ...rows]);
}
