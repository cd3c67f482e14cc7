import { execa, ExecaError } from 'execa';
import { hasCode } from '../infra/errno.ts';
import { serviceNames } from '../infra/images.ts';
import { prefixLabel, serviceRepository, workloadLabel } from '../infra/targets/docker.ts';
import { UserError } from './errors.ts';

/** A container of a stack, as Docker sees it. */
export interface Container {
  id: string;
  name: string;
  workload: string;
  /** Id of its image. */
  image: string;
  /** running, exited, restarting, ... */
  state: string;
  /** healthy, unhealthy, starting; undefined where the image has no probe. */
  health?: string;
  restarts: number;
  /** "address:port" for every published port. */
  published: string[];
}

interface Inspected {
  Id: string;
  Name: string;
  Image: string;
  RestartCount: number;
  State: { Status: string; Health?: { Status: string } };
  Config: { Labels: Record<string, string> };
  HostConfig: { PortBindings: Record<string, { HostIp: string; HostPort: string }[]> | null };
}

/** Every container that carries the label of this prefix, running or not. */
export async function containersOf(prefix: string): Promise<Container[]> {
  const ids = await list(['ps', '--all', '--quiet', '--filter', `label=${prefixLabel}=${prefix}`]);
  if (ids.length === 0) return [];
  return (JSON.parse(await docker(['inspect', ...ids])) as Inspected[]).map((container) => ({
    id: container.Id,
    name: container.Name.replace(/^\//, ''),
    workload: container.Config.Labels[workloadLabel] ?? '',
    image: container.Image,
    state: container.State.Status,
    health: container.State.Health?.Status,
    restarts: container.RestartCount,
    published: Object.values(container.HostConfig.PortBindings ?? {})
      .flat()
      .map(({ HostIp, HostPort }) => `${HostIp}:${HostPort}`),
  }));
}

export async function networksOf(prefix: string): Promise<string[]> {
  return list(['network', 'ls', '--filter', `label=${prefixLabel}=${prefix}`, '--format', '{{.Name}}']);
}

export async function volumesOf(prefix: string): Promise<string[]> {
  return list(['volume', 'ls', '--filter', `label=${prefixLabel}=${prefix}`, '--format', '{{.Name}}']);
}

export async function removeVolumes(names: string[]): Promise<void> {
  if (names.length > 0) await docker(['volume', 'rm', ...names]);
}

/** Removes the service images that were built for this prefix and that no container uses any more. */
export async function removeUnusedImages(prefix: string): Promise<void> {
  const ours = serviceNames.flatMap((name) => ['--filter', `reference=${serviceRepository(prefix, name)}`]);
  const built = await list(['image', 'ls', ...ours, '--format', '{{.Repository}}:{{.Tag}}']);
  const used = (await containersOf(prefix)).map(({ image }) => image);
  const inUse =
    used.length === 0 ? [] : await list(['inspect', '--format', '{{join .RepoTags "\\n"}}', ...used]);
  const unused = built.filter((reference) => !inUse.includes(reference));
  if (unused.length > 0) await docker(['image', 'rm', ...unused]);
}

async function list(args: string[]): Promise<string[]> {
  return (await docker(args)).split('\n').filter((line) => line !== '');
}

/**
 * What a docker command prints.
 * @throws UserError with Docker's own words when it fails or is not there.
 */
export async function docker(args: string[]): Promise<string> {
  try {
    return (await execa('docker', args)).stdout;
  } catch (error) {
    if (!(error instanceof ExecaError)) throw error;
    const said = String(error.stderr).trim();
    const problem = hasCode(error, 'ENOENT') ? 'there is no docker on PATH' : said;
    throw new UserError(
      `docker ${args[0] ?? ''} failed: ${problem}`,
      './stack up brings up a Docker Engine; where DOCKER_HOST or a docker context names one, it must answer',
    );
  }
}
