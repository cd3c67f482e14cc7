import { avg, count, gauge, increase, rate, resets, sum } from '@emotion-stack/metrics';
import * as units from '@grafana/grafana-foundation-sdk/units';
import { dashboard, type DashboardOptions } from './common.ts';
import { containers, named } from './containers.ts';
import { scrapeTargets } from './health.ts';
import { graph, stat } from './panels.ts';
import { faults, fullness, restarts, saturation } from './thresholds.ts';
import { backend, of } from './variables.ts';

const node = of('node-exporter');
const rootDisk = { ...node, mountpoint: '/' };

/** Physical devices: not the loopback, and not the virtual ends of container networks. */
const network = { ...node, device: { not: /lo|veth.*|br-.*|docker.*|cni.*/ } };

/** System Performance: the machine, the containers on it, and the backend's process (requirement G3). */
export function system(options: DashboardOptions) {
  return dashboard(
    'system',
    {
      title: 'System Performance',
      answers: [
        'Is everything up, and what has been restarted?',
        'Does the machine run short of processor, memory, disk or network, and which container takes it?',
        'Does the backend itself keep up: event loop, garbage collection, heap?',
      ],
      rows: [
        { title: 'Health', panels: health(options.namePrefix) },
        { title: 'Machine', panels: machine() },
        { title: 'Containers', panels: containers(options.namePrefix) },
        { title: 'Backend process', panels: runtime() },
      ],
    },
    options,
  );
}

function health(namePrefix: string) {
  const mine = { ...of('cadvisor'), ...named(namePrefix) };
  return [
    scrapeTargets(),
    stat({
      title: 'Running',
      description: 'Containers of this stack that cAdvisor has seen within the last minute.',
      unit: units.Short,
      queries: [[`count(time() - ${gauge('container_last_seen', mine)} < 60)`, 'Containers']],
      width: 4,
      height: 4,
    }),
    stat({
      title: 'Restarts',
      description:
        'How often a container of this stack was started again within the time range chosen above.',
      unit: units.Short,
      queries: [[sum(resets('container_cpu_usage_seconds_total', mine, '$__range')), 'Restarts']],
      thresholds: restarts,
      width: 4,
      height: 4,
    }),
    stat({
      title: 'OOM kills',
      description:
        'Processes that the kernel killed for want of memory, anywhere on the machine, in the time range above.',
      unit: units.Short,
      decimals: 0,
      queries: [[sum(increase('node_vmstat_oom_kill', node, '$__range')), 'Killed']],
      thresholds: faults,
      width: 4,
      height: 4,
    }),
  ];
}

function machine() {
  const idle = avg(rate('node_cpu_seconds_total', { ...node, mode: 'idle' }), ['instance']);
  const available = gauge('node_memory_MemAvailable_bytes', node);
  const cores = count(rate('node_cpu_seconds_total', { ...node, mode: 'idle' }), ['instance']);
  return [
    graph({
      title: 'Processor',
      description: 'Share of processor time in use, all cores together.',
      unit: units.Percent,
      max: 100,
      queries: [[`(1 - ${idle}) * 100`, '{{instance}}']],
      thresholds: fullness,
      width: 8,
      height: 8,
    }),
    graph({
      title: 'Memory',
      description: 'Share of memory in use. What the kernel can give back at once counts as free.',
      unit: units.Percent,
      max: 100,
      queries: [
        [`(1 - (${available} / ${gauge('node_memory_MemTotal_bytes', node)})) * 100`, '{{instance}}'],
      ],
      thresholds: fullness,
      width: 8,
      height: 8,
    }),
    graph({
      title: 'Disk',
      description: 'Share of the root file system in use. Prometheus stops writing when it is full.',
      unit: units.Percent,
      max: 100,
      queries: [
        [
          `(1 - (${gauge('node_filesystem_avail_bytes', rootDisk)} / ${gauge('node_filesystem_size_bytes', rootDisk)})) * 100`,
          '{{instance}} {{mountpoint}}',
        ],
      ],
      thresholds: fullness,
      width: 8,
      height: 8,
    }),
    graph({
      title: 'Load per core',
      description:
        'Programs that run or wait, per core, over one minute. Above 1 somebody waits for the processor.',
      unit: units.Short,
      queries: [[`${sum(gauge('node_load1', node), ['instance'])} / ${cores}`, '{{instance}}']],
      thresholds: saturation,
      width: 8,
      height: 8,
    }),
    graph({
      title: 'Disk traffic',
      description: 'Bytes read and written per second, all disks together.',
      unit: units.BytesPerSecondSI,
      queries: [
        [sum(rate('node_disk_read_bytes_total', node)), 'read'],
        [sum(rate('node_disk_written_bytes_total', node)), 'written'],
      ],
      width: 8,
      height: 8,
    }),
    graph({
      title: 'Network traffic',
      description:
        'Bytes received and sent per second by the machine itself, without traffic between containers.',
      unit: units.BytesPerSecondSI,
      queries: [
        [sum(rate('node_network_receive_bytes_total', network)), 'received'],
        [sum(rate('node_network_transmit_bytes_total', network)), 'sent'],
      ],
      width: 8,
      height: 8,
    }),
  ];
}

function runtime() {
  return [
    graph({
      title: 'Event loop lag',
      description: 'How late the backend comes to its next piece of work. Above 0.1 s every request waits.',
      unit: units.Seconds,
      queries: [
        [gauge('nodejs_eventloop_lag_p50_seconds', backend), 'p50'],
        [gauge('nodejs_eventloop_lag_p99_seconds', backend), 'p99'],
      ],
      thresholds: [
        [null, 'green'],
        [0.1, 'yellow'],
      ],
      width: 8,
      height: 8,
    }),
    graph({
      title: 'Garbage collection',
      description: 'Share of time spent collecting garbage, by kind.',
      unit: units.PercentUnit,
      queries: [[sum(rate('nodejs_gc_duration_seconds_sum', backend), ['kind']), '{{kind}}']],
      width: 8,
      height: 8,
    }),
    graph({
      title: 'Memory of the process',
      description:
        'All memory of the process, and the part that JavaScript objects take. The model lies outside the heap.',
      unit: units.BytesIEC,
      queries: [
        [gauge('process_resident_memory_bytes', backend), 'resident'],
        [gauge('nodejs_heap_size_used_bytes', backend), 'heap'],
      ],
      width: 8,
      height: 8,
    }),
  ];
}
