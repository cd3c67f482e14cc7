import * as pulumi from '@pulumi/pulumi';
import { allConfig } from '@pulumi/pulumi/runtime/config.js';
import { buildContext } from './build.ts';
import {
  ConfigError,
  devDefaults,
  isSecretKey,
  loadConfig,
  projectName,
  secretKeys,
  type RawConfig,
  type StackConfig,
} from './config.ts';
import { serviceNames, type ServiceName } from './images.ts';
import { resolvedImages, type ResolvedImages } from './sources.ts';
import { DockerStack, type ServiceImage } from './targets/docker.ts';
import { topology } from './topology.ts';
import { publicUrls } from './urls.ts';

/**
 * The whole stack: config -> topology -> target -> outputs. Exported as a function, because an operation of the
 * Automation API runs it once each.
 * @throws ConfigError before any resource is made.
 */
export async function program(): Promise<Record<string, unknown>> {
  const config = load();
  const thirdPartyImages = await resolvedImages(config.stack);
  const workloads = topology(config, { grafana: thirdPartyImages.grafana !== undefined });
  // The one target of today; `target` in the config says so, and refuses any other.
  new DockerStack('emotion', {
    config,
    workloads,
    thirdPartyImages,
    serviceImages: await serviceImages(config, thirdPartyImages),
    secrets: secrets(),
  });
  return { urls: publicUrls(config), workloads: workloads.map((workload) => workload.name) };
}

/** A wrong config is the reader's to mend, not a crash of the program: Pulumi shows a RunError without its stack. */
function load(): StackConfig {
  try {
    return loadConfig(pulumi.getStack(), rawConfig());
  } catch (error) {
    throw error instanceof ConfigError ? new pulumi.RunError(error.message) : error;
  }
}

/** Pulumi has decrypted everything by now: whether a secret is stored as one, `./stack` sees in the stack's file. */
function rawConfig(): RawConfig {
  const own = Object.entries(allConfig()).filter(([key]) => key.startsWith(`${projectName}:`));
  return Object.fromEntries(
    own.map(([key, value]) => {
      const name = key.slice(projectName.length + 1);
      return [name, { value, secret: isSecretKey(name) }];
    }),
  );
}

function secrets(): Record<string, pulumi.Output<string>> {
  const config = new pulumi.Config(projectName);
  return Object.fromEntries(
    secretKeys.map((key) => [key, config.getSecret(key) ?? pulumi.secret(devDefaults[key])]),
  );
}

async function serviceImages(
  config: StackConfig,
  images: ResolvedImages,
): Promise<Record<ServiceName, ServiceImage>> {
  const baseImage = images.node;
  const one = async (name: ServiceName): Promise<ServiceImage> => {
    const reference = config[`images.${name}`];
    if (config['images.source'] === 'pull' && reference !== undefined) return { reference };
    if (baseImage === undefined) throw new Error('no image of Node.js to build the services on');
    return { ...(await buildContext(name, baseImage)), baseImage };
  };
  const entries = await Promise.all(serviceNames.map(async (name) => [name, await one(name)] as const));
  return Object.fromEntries(entries) as Record<ServiceName, ServiceImage>;
}
