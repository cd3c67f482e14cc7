import { readStackFile } from '../stack-file.ts';
import { prepare } from '../prepare.ts';
import { containerIds, preflight } from '../preflight.ts';
import { confirm, interactive } from '../prompt.ts';
import { namedContainerSeries, waitForHealth } from '../health.ts';
import type { Stack } from '@pulumi/pulumi/automation/index.js';
import { containersOf, removeUnusedImages } from '../docker.ts';
import { alertingGaps } from '../../infra/alertmanager.ts';
import type { StackConfig } from '../../infra/config.ts';
import { UserError } from '../errors.ts';
import { step } from '../progress.ts';
import { operate, withStack } from '../workspace.ts';
import { statusTable } from './status.ts';

export interface UpOptions {
  stack: string;
  yes: boolean;
}

/**
 * Brings a stack up and waits until it works.
 * @throws when any workload is not healthy in time; what runs is left running, to be looked at.
 */
export async function up({ stack: name, yes }: UpOptions): Promise<void> {
  const config = await readStackFile(name);
  const { engine, workloads } = await prepare(config, { yes: yes || !interactive() });
  const approved = await withStack(name, engine, async (stack) => {
    await preflight(config, stack, workloads);
    await noticeLosses(config.namePrefix, stack);
    if (!yes && interactive()) {
      await operate('preview', (shown) => stack.preview(shown));
      if (!(await confirm(`Bring stack ${name} to this state?`))) return false;
    }
    await operate('up', (shown) => stack.up({ ...shown, suppressOutputs: true }));
    return true;
  });
  if (!approved) return;
  await removeUnusedImages(config.namePrefix);

  const health = await step('Every container healthy, every scrape target up', (report) =>
    waitForHealth(config, workloads, 180, report),
  );
  console.log(`\n${statusTable(health)}`);
  const sick = health.filter(({ healthy }) => !healthy);
  if (sick.length > 0) {
    throw new UserError(
      `not healthy after 180 s: ${sick.map((one) => `${one.name} (${one.detail})`).join(', ')}`,
      `read its log: ./stack logs --stack ${name} ${sick[0]?.name ?? ''}`,
    );
  }
  if ((await namedContainerSeries(config)) === 0) {
    throw new UserError(
      'cAdvisor publishes no series with the names of this stack’s containers',
      'this version of cAdvisor does not fit this version of Docker: change thirdPartyImages.cadvisor in infra/images.ts',
    );
  }
  warnOfGaps(config);
}

/** Alerts that reach nobody are found out on the worst of days, unless someone says so before. */
function warnOfGaps(config: StackConfig): void {
  for (const { problem, fix } of alertingGaps(config)) console.warn(`\nwarning: ${problem}\n  fix: ${fix}`);
}

/** A container that was removed by hand is still in the state: looked at anew, it is made again. */
async function noticeLosses(prefix: string, stack: Stack): Promise<void> {
  const there = new Set((await containersOf(prefix)).map(({ id }) => id));
  const lost = [...(await containerIds(stack))].filter((id) => !there.has(id));
  if (lost.length === 0) return;
  console.log(`${lost.length} container(s) of this stack are gone: refreshing its state`);
  await operate('refresh', (shown) => stack.refresh(shown));
}
