import * as docker from '@pulumi/docker';
import * as pulumi from '@pulumi/pulumi';
import type { StackConfig } from '../config.ts';
import { secretsIn, withSecrets } from '../file-secrets.ts';
import type { ServiceName, ThirdPartyImage } from '../images.ts';
import type { Workload } from '../workload.ts';

/** How a service image comes to be: built from a folder with a Dockerfile, or pulled by reference. */
export type ServiceImage = { context: string; hash: string; baseImage: string } | { reference: string };

export interface DockerStackArgs {
  config: StackConfig;
  workloads: Workload[];
  thirdPartyImages: Partial<Record<ThirdPartyImage, string>>;
  serviceImages: Record<ServiceName, ServiceImage>;
  secrets: Record<string, pulumi.Output<string>>;
}

/** On every container, network and volume, so that commands find what belongs to a stack without its state. */
export const prefixLabel = 'emotion-stack.prefix';
export const workloadLabel = 'emotion-stack.workload';

/** Repository of a service image that is built here, without its tag. */
export function serviceRepository(prefix: string, service: ServiceName): string {
  return `${prefix}-${service}`;
}

/** Everything of one stack on one Docker Engine: a network, volumes, images, and a container per workload. */
export class DockerStack extends pulumi.ComponentResource {
  constructor(name: string, args: DockerStackArgs, opts?: pulumi.ComponentResourceOptions) {
    super('emotion-stack:docker:Stack', name, {}, opts);
    const { config, workloads } = args;
    const prefix = config.namePrefix;
    const child = { parent: this };

    const network = new docker.Network(
      'network',
      { name: prefix, labels: [{ label: prefixLabel, value: prefix }] },
      child,
    );
    const hostIp = network.ipamConfigs.apply((configs) => configs[0]?.gateway ?? '');

    const volumes = new Map(
      workloads
        .flatMap((workload) => workload.volumes ?? [])
        .map((volume) => [volume.name, this.volume(prefix, volume.name)]),
    );
    // A workload in the machine's network has no name on the stack's: the others get its address as a host entry.
    const hosts = workloads
      .filter((workload) => workload.hostNetwork)
      .map((workload) => ({ host: workload.name, ip: hostIp }));

    for (const workload of workloads) {
      const { name, securityContext, resources } = workload;
      new docker.Container(
        name,
        {
          name: `${prefix}-${name}`,
          image: this.image(prefix, workload, args).imageId,
          command: workload.args?.map((arg) => fill(arg, hostIp)),
          envs: environment(workload, args.secrets),
          labels: [
            { label: prefixLabel, value: prefix },
            { label: workloadLabel, value: name },
          ],
          ...(workload.hostNetwork
            ? { networkMode: 'host' }
            : { networkMode: 'bridge', networksAdvanced: [{ name: network.name, aliases: [name] }], hosts }),
          ports: workload.ports.flatMap(({ containerPort, hostPort }) =>
            hostPort === undefined
              ? []
              : [{ internal: containerPort, external: hostPort, ip: config.bindAddress }],
          ),
          uploads: Object.entries(workload.files ?? {}).map(([file, text]) => ({
            file,
            content: content(text, args.secrets),
          })),
          volumes: [
            ...(workload.volumes ?? []).map((mount) => ({
              volumeName: volumes.get(mount.name)?.name,
              containerPath: mount.mountPath,
            })),
            ...(workload.hostMounts ?? []).map(({ hostPath, mountPath }) => ({
              hostPath,
              containerPath: mountPath,
              readOnly: true,
            })),
          ],
          tmpfs: Object.fromEntries(
            (workload.tmpfs ?? []).map((path) => [path, 'rw,noexec,nosuid,size=64m']),
          ),
          healthcheck: healthcheck(workload),
          wait: workload.readiness.exec !== undefined,
          waitTimeout: 180,
          restart: 'unless-stopped',
          stopTimeout: workload.terminationGracePeriodSeconds,
          destroyGraceSeconds: workload.terminationGracePeriodSeconds,
          cpus: cores(resources.cpu),
          memory: resources.memory,
          // No swap on top: what does not fit is ended and shows as a restart, not as a slow machine.
          memorySwap: resources.memory,
          user: String(securityContext.runAsUser),
          readOnly: securityContext.readOnlyRootFilesystem,
          capabilities: { drops: ['ALL'], adds: securityContext.capabilities ?? [] },
          securityOpts: ['no-new-privileges:true'],
          logDriver: 'json-file',
          logOpts: { 'max-size': '10m', 'max-file': '3' },
        },
        // Two containers cannot hold the same name, port or volume.
        { ...child, deleteBeforeReplace: true },
      );
    }
    this.registerOutputs();
  }

  /** Data outlives `destroy`; `./stack destroy --volumes` removes it by label afterwards. */
  private volume(prefix: string, name: string): docker.Volume {
    const labels = [{ label: prefixLabel, value: prefix }];
    return new docker.Volume(
      name,
      { name: `${prefix}_${name}`, labels },
      { parent: this, retainOnDelete: true },
    );
  }

  private image(prefix: string, { name, image }: Workload, args: DockerStackArgs): docker.RemoteImage {
    const child = { parent: this };
    if ('thirdParty' in image) {
      const reference = args.thirdPartyImages[image.thirdParty];
      if (reference === undefined) throw new Error(`no image for ${image.thirdParty}`);
      return new docker.RemoteImage(name, { name: reference, keepLocally: true }, child);
    }
    const source = args.serviceImages[image.build];
    if ('reference' in source) {
      return new docker.RemoteImage(name, { name: source.reference, keepLocally: true }, child);
    }
    // The tag is the hash of the sources: a changed source is a new image, and an unchanged one is no diff.
    return new docker.RemoteImage(
      name,
      {
        name: `${serviceRepository(prefix, image.build)}:${source.hash}`,
        build: {
          context: source.context,
          buildArgs: { NODE_IMAGE: source.baseImage },
          forceRemove: true,
        },
        // Docker refuses to remove an image while a container that is about to go still uses it: the commands
        // remove what no container uses any more.
        keepLocally: true,
      },
      child,
    );
  }
}

function fill(arg: string, hostIp: pulumi.Output<string>): pulumi.Input<string> {
  return arg.includes('$(HOST_IP)') ? hostIp.apply((ip) => arg.replace('$(HOST_IP)', ip)) : arg;
}

function content(text: string, secrets: Record<string, pulumi.Output<string>>): pulumi.Input<string> {
  const named = secretsIn(text).map((key) => [key, secrets[key]]);
  if (named.length === 0) return text;
  return pulumi
    .all(Object.fromEntries(named) as Record<string, pulumi.Output<string>>)
    .apply((values) => withSecrets(text, values));
}

function environment({ env = {} }: Workload, secrets: Record<string, pulumi.Output<string>>) {
  return Object.entries(env).map(([name, value]) => {
    if (typeof value === 'string') return `${name}=${value}`;
    const secret = secrets[value.secret];
    if (secret === undefined) throw new Error(`no secret named ${value.secret}`);
    return pulumi.interpolate`${name}=${secret}`;
  });
}

/** As Docker writes it back: 2 becomes "2.0", and anything else would be a difference at every preview. */
function cores(cpu: number): string {
  return Number.isInteger(cpu) ? cpu.toFixed(1) : String(cpu);
}

/** Without a probe in the image, an image's own is switched off too: which one runs must not depend on its source. */
function healthcheck({ readiness }: Workload): docker.ContainerArgs['healthcheck'] {
  if (readiness.exec === undefined) return { tests: ['NONE'] };
  return {
    tests: ['CMD', ...readiness.exec],
    interval: '10s',
    timeout: '5s',
    retries: 3,
    // As Docker writes it back: '60s' would be a difference at every preview.
    startPeriod: '1m0s',
  };
}
