import { PulumiCommand } from '@pulumi/pulumi/automation/index.js';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { downloadFolder } from './download.ts';
import { goBuild, isBuilt, type GoProgram } from './go.ts';
import { isOnPath, run } from './run.ts';
import { firstThatAnswers, Unavailable, type Source, type Sourced, type SourceContext } from './source.ts';

/** The version that is downloaded or built; go/pulumi/go.mod pins the same. */
export const pulumiVersion = '3.259.0';

/** The oldest CLI on PATH that is taken. */
const oldestMinor = 150;

export const pulumiProgram: GoProgram = {
  module: 'pulumi',
  package: 'github.com/pulumi/pulumi/pkg/v3/cmd/pulumi',
  binary: 'pulumi',
  // Without it the CLI says version 3.0.0-dev, and the Automation API refuses it.
  variable: `github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v${pulumiVersion}`,
};

/**
 * The Pulumi CLI.
 * @param recorded name of the source that this stack used before
 * @throws UserError that lists every source with its reason.
 */
export async function pulumiCli(context: SourceContext, recorded?: string): Promise<Sourced<PulumiCommand>> {
  return firstThatAnswers('Pulumi CLI', [onPath(), officialDownload(context), goModules(context)], {
    report: context.report,
    recorded,
    fix: 'install the Pulumi CLI (https://www.pulumi.com/docs/install), or Go where the Go module proxy answers',
  });
}

function onPath(): Source<PulumiCommand> {
  return {
    name: 'PATH',
    ready: true,
    async get() {
      if (!isOnPath('pulumi')) throw new Unavailable('has no pulumi');
      const version = await run('pulumi', ['version'], { env: { PULUMI_SKIP_UPDATE_CHECK: 'true' } });
      if (!isSupported(version))
        throw new Unavailable(`has Pulumi ${version}, which is not 3.${oldestMinor} to 3.x`);
      return PulumiCommand.get();
    },
  };
}

/** @param version as `pulumi version` prints it, "v3.259.0" */
export function isSupported(version: string): boolean {
  const [, major, minor] = /^v?(\d+)\.(\d+)\./.exec(version) ?? [];
  return major === '3' && Number(minor) >= oldestMinor;
}

function officialDownload({ cacheDir, report }: SourceContext): Source<PulumiCommand> {
  const root = join(cacheDir, `pulumi-v${pulumiVersion}`);
  const ready = existsSync(join(root, 'bin', 'pulumi'));
  return {
    name: 'official download',
    ready,
    timeLimit: 300,
    async get(signal) {
      if (!ready) {
        report('Pulumi CLI: downloading, about 100 MB');
        await downloadFolder(downloadUrl(), 'pulumi', join(root, 'bin'), signal);
      }
      return PulumiCommand.get({ root });
    },
  };
}

function downloadUrl(): string {
  const platform = `${process.platform}-${process.arch}`;
  return `https://get.pulumi.com/releases/sdk/pulumi-v${pulumiVersion}-${platform}.tar.gz`;
}

function goModules(context: SourceContext): Source<PulumiCommand> {
  return {
    name: 'Go modules',
    ready: isBuilt(pulumiProgram, context),
    get: async () => PulumiCommand.get({ root: await goBuild(pulumiProgram, context) }),
  };
}
