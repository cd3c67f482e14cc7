import type { PulumiCommand } from '@pulumi/pulumi/automation/index.js';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { buildContext } from '../infra/build.ts';
import type { StackConfig } from '../infra/config.ts';
import { serviceNames, type ThirdPartyImage } from '../infra/images.ts';
import { readSources, writeSources } from '../infra/sources.ts';
import { writableFolder } from '../infra/state.ts';
import { topology } from '../infra/topology.ts';
import type { Workload } from '../infra/workload.ts';
import { step } from './progress.ts';
import { confirm, interactive } from './prompt.ts';
import { dockerEngine } from './sources/docker-engine.ts';
import { dockerPlugin } from './sources/docker-plugin.ts';
import { thirdPartyImages, type ImageRecord } from './sources/images.ts';
import { pulumiCli } from './sources/pulumi.ts';
import type { SourceContext } from './sources/source.ts';
import type { Engine } from './workspace.ts';

export interface PrepareOptions {
  /** Stands for a yes to every question; where nobody can be asked, the answer is no without it. */
  yes: boolean;
}

/**
 * Gathers everything that an operation on a stack needs, each from the first source that has it, and records those
 * with the stack. Says what it does as it goes.
 */
export async function prepare(
  config: StackConfig,
  options: PrepareOptions,
): Promise<{ engine: Engine; workloads: Workload[] }> {
  // Before anything is installed or built for minutes.
  await writableFolder(config.stack);
  const engine = await prepareEngine(config.stack, options);
  const build = config['images.source'] === 'build';
  const images = await resolveImages(config.stack, options, build ? [] : ['node']);
  const baseImage = images.node?.reference;
  if (build && baseImage != null) {
    await step('Images of backend and frontend', async (report) => {
      for (const service of serviceNames) await buildContext(service, baseImage, report);
    });
  }
  const workloads = topology(config, { grafana: images.grafana?.reference != null });
  return { engine, workloads };
}

/** The third-party images on an Engine that runs, without a stack. */
export async function prepareImages(record: string, options: PrepareOptions): Promise<ImageRecord> {
  await prepareDocker(options);
  return resolveImages(record, options, []);
}

async function resolveImages(
  stack: string,
  options: PrepareOptions,
  without: ThirdPartyImage[],
): Promise<ImageRecord> {
  const record = await readSources(stack);
  const images = await step('Images of Prometheus and the others', (report) =>
    thirdPartyImages(context(options, report), record.images, without),
  );
  await writeSources(stack, { ...record, images });
  return images;
}

/** Docker Engine, Pulumi CLI and Docker provider: enough to tear a stack down. */
export async function prepareEngine(stack: string, options: PrepareOptions): Promise<Engine> {
  const docker = await prepareDocker(options);
  const pulumi = await preparePulumi(stack, options);
  const record = await readSources(stack);
  const plugin = await step('Docker provider', (report) =>
    dockerPlugin(context(options, report), pulumi, record.dockerPlugin),
  );
  await writeSources(stack, { ...record, dockerPlugin: plugin.source });
  return { pulumi, path: plugin.value, dockerHost: docker };
}

/** The address of a Docker Engine that answers. */
async function prepareDocker(options: PrepareOptions): Promise<string> {
  const { value } = await step('Docker Engine', (report) => dockerEngine(context(options, report)));
  return value;
}

export async function preparePulumi(stack: string, options: PrepareOptions): Promise<PulumiCommand> {
  const record = await readSources(stack);
  const { source, value } = await step('Pulumi CLI', (report) =>
    pulumiCli(context(options, report), record.pulumi),
  );
  await writeSources(stack, { ...record, pulumi: source });
  return value;
}

function context({ yes }: PrepareOptions, report: (line: string) => void): SourceContext {
  return {
    cacheDir: join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'emotion-stack'),
    report,
    confirm: async (question) => yes || (interactive() && (await confirm(question))),
  };
}
