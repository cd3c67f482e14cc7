import { setTimeout as sleep } from 'node:timers/promises';
import type { StackConfig } from '../infra/config.ts';
import { publicUrls } from '../infra/urls.ts';
import type { Workload } from '../infra/workload.ts';
import { containersOf } from './docker.ts';
import { askPrometheus, valuesOf } from './prometheus.ts';

/** One workload as an operator wants to know it. */
export interface WorkloadHealth {
  name: string;
  description: string;
  healthy: boolean;
  /** What was seen: "healthy", "restarting", "target down: connection refused", ... */
  detail: string;
  restarts: number;
  url?: string;
}

/**
 * A workload is healthy when its container runs, its own probe (where the image has one) says so, and Prometheus can
 * scrape it.
 */
export async function inspectHealth(config: StackConfig, workloads: Workload[]): Promise<WorkloadHealth[]> {
  const containers = await containersOf(config.namePrefix);
  const targets = await scrapeTargets(config);
  const urls: Record<string, string> = publicUrls(config);
  return workloads.map((workload) => {
    const { name, description } = workload;
    const container = containers.find((candidate) => candidate.workload === name);
    const common = { name, description, restarts: container?.restarts ?? 0, url: urls[name] };
    const problem =
      container === undefined
        ? 'no container'
        : (containerProblem(container.state, container.health) ?? targetProblem(workload, targets));
    return { ...common, healthy: problem === undefined, detail: problem ?? 'healthy' };
  });
}

/**
 * Waits until every workload is healthy.
 * @param seconds how long at most
 * @param report told what is still missing, when that changes
 * @returns the last look, healthy or not
 */
export async function waitForHealth(
  config: StackConfig,
  workloads: Workload[],
  seconds: number,
  report: (line: string) => void,
): Promise<WorkloadHealth[]> {
  const end = Date.now() + seconds * 1000;
  let last = '';
  for (;;) {
    const health = await inspectHealth(config, workloads);
    const missing = health.filter(({ healthy }) => !healthy);
    if (missing.length === 0 || Date.now() > end) return health;
    const line = `waiting for ${missing.map(({ name, detail }) => `${name} (${detail})`).join(', ')}`;
    if (line !== last) report(line);
    last = line;
    await sleep(1000);
  }
}

/**
 * How many series of cAdvisor carry the names of this stack's containers. None at all means that this cAdvisor and
 * this Docker Engine do not fit each other.
 */
export async function namedContainerSeries(config: StackConfig): Promise<number> {
  const query = `count(container_start_time_seconds{name=~"${config.namePrefix}-.+"})`;
  const [series] = await valuesOf(publicUrls(config).prometheus, query);
  return series?.[0] ?? 0;
}

interface Target {
  health: string;
  lastError: string;
  labels: { job: string };
}

/** The state of every scrape target, or why Prometheus could not be asked. */
async function scrapeTargets(config: StackConfig): Promise<Target[] | string> {
  try {
    const url = publicUrls(config).prometheus;
    const { activeTargets } = await askPrometheus<{ activeTargets: Target[] }>(url, '/api/v1/targets', {
      state: 'active',
    });
    return activeTargets;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function containerProblem(state: string, health: string | undefined): string | undefined {
  if (state !== 'running') return state;
  return health === undefined || health === 'healthy' ? undefined : health;
}

function targetProblem({ name, metrics }: Workload, targets: Target[] | string): string | undefined {
  if (metrics === undefined) return undefined;
  if (typeof targets === 'string') return `Prometheus: ${targets}`;
  const target = targets.find(({ labels }) => labels.job === name);
  if (target === undefined) return 'no scrape target';
  if (target.health === 'unknown') return 'not scraped yet';
  return target.health === 'up' ? undefined : `scrape target down: ${target.lastError}`;
}
