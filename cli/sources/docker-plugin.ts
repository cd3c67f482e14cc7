import type { PulumiCommand } from '@pulumi/pulumi/automation/index.js';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { goBuild, isBuilt, type GoProgram } from './go.ts';
import { run } from './run.ts';
import { firstThatAnswers, type Source, type Sourced, type SourceContext } from './source.ts';

/** The version of @pulumi/docker in package.json. */
export const dockerPluginVersion = '5.2.0';

export const dockerPluginProgram: GoProgram = {
  module: 'docker-provider',
  package: '.',
  binary: 'pulumi-resource-docker',
  variable: `main.version=${dockerPluginVersion}`,
};

/**
 * The resource plugin of @pulumi/docker. The value holds the folders to put before PATH: one where the plugin was
 * built here, none where Pulumi finds it by itself.
 * @param recorded name of the source that this stack used before
 * @throws UserError that lists every source with its reason.
 */
export async function dockerPlugin(
  context: SourceContext,
  pulumi: PulumiCommand,
  recorded?: string,
): Promise<Sourced<string[]>> {
  const sources = [officialDownload(pulumi, context), goModules(context)];
  return firstThatAnswers('Docker plugin', sources, {
    report: context.report,
    recorded,
    fix: `install it (pulumi plugin install resource docker ${dockerPluginVersion}), or Go where the Go module proxy answers`,
  });
}

function officialDownload({ command }: PulumiCommand, { report }: SourceContext): Source<string[]> {
  const folder = join(pulumiHome(), 'plugins', `resource-docker-v${dockerPluginVersion}`);
  // Pulumi keeps this mark beside a plugin until it is whole.
  const ready = existsSync(folder) && !existsSync(`${folder}.partial`);
  return {
    name: 'official download',
    ready,
    timeLimit: 180,
    async get(signal) {
      if (!ready) {
        report('Docker plugin: downloading');
        const env = { PULUMI_SKIP_UPDATE_CHECK: 'true' };
        const args = ['plugin', 'install', 'resource', 'docker', dockerPluginVersion];
        await run(command, args, { env, cancelSignal: signal });
      }
      return [];
    },
  };
}

function pulumiHome(): string {
  return process.env.PULUMI_HOME ?? join(homedir(), '.pulumi');
}

function goModules(context: SourceContext): Source<string[]> {
  return {
    name: 'Go modules',
    ready: isBuilt(dockerPluginProgram, context),
    get: async () => [join(await goBuild(dockerPluginProgram, context), 'bin')],
  };
}
