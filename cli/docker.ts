import { execa } from 'execa';
import { prefixLabel, workloadLabel } from '../infra/targets/docker.ts';

/** A container of a stack, as Docker sees it. */
export interface Container {
  id: string;
  name: string;
  workload: string;
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
  RestartCount: number;
  State: { Status: string; Health?: { Status: string } };
  Config: { Labels: Record<string, string> };
  HostConfig: { PortBindings: Record<string, { HostIp: string; HostPort: string }[]> | null };
}

/** Every container that carries the label of this prefix, running or not. */
export async function containersOf(prefix: string): Promise<Container[]> {
  const ids = await list(['ps', '--all', '--quiet', '--filter', `label=${prefixLabel}=${prefix}`]);
  if (ids.length === 0) return [];
  const { stdout } = await execa('docker', ['inspect', ...ids]);
  return (JSON.parse(stdout) as Inspected[]).map((container) => ({
    id: container.Id,
    name: container.Name.replace(/^\//, ''),
    workload: container.Config.Labels[workloadLabel] ?? '',
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
  if (names.length > 0) await execa('docker', ['volume', 'rm', ...names]);
}

/** Removes the service images of this prefix that no container uses. */
export async function removeUnusedImages(prefix: string): Promise<string[]> {
  const label = `label=${prefixLabel}=${prefix}`;
  const images = await list([
    'image',
    'ls',
    '--filter',
    label,
    '--format',
    '{{.Repository}}:{{.Tag}} {{.ID}}',
  ]);
  const containers = (await containersOf(prefix)).map(({ id }) => id);
  const used =
    containers.length === 0 ? [] : await list(['inspect', '--format', '{{.Image}}', ...containers]);
  const unused = images
    .map((line) => line.split(' ') as [string, string])
    .filter(([, id]) => !used.some((image) => image.startsWith(`sha256:${id}`)))
    .map(([reference, id]) => (reference.includes('<none>') ? id : reference));
  if (unused.length > 0) await execa('docker', ['image', 'rm', ...unused]);
  return unused;
}

async function list(args: string[]): Promise<string[]> {
  const { stdout } = await execa('docker', args);
  return stdout.split('\n').filter((line) => line !== '');
}
