import { gauge, increase, jobs, max, rate, resets, sum } from '@emotion-stack/metrics';
import * as units from '@grafana/grafana-foundation-sdk/units';
import { bars, fullness, graph } from './panels.ts';

/** Matchers of the containers of this stack alone, whatever else the machine runs. */
export function ours(namePrefix: string) {
  return { job: 'cadvisor', name: new RegExp(`${namePrefix}-(${[...jobs, 'frontend'].join('|')})`) } as const;
}

/** What each container of this stack takes of the machine. */
export function containers(namePrefix: string) {
  const mine = ours(namePrefix);
  const memory = max(gauge('container_memory_working_set_bytes', mine), ['name']);
  const limit = max(gauge('container_spec_memory_limit_bytes', mine), ['name']);
  return [
    graph({
      title: 'Processor by container',
      description: 'Cores in use: 1 is one core all the time.',
      unit: units.Short,
      queries: [[sum(rate('container_cpu_usage_seconds_total', mine), ['name']), '{{name}}']],
      width: 12,
      height: 8,
    }),
    graph({
      title: 'Memory by container',
      description: 'Memory that cannot be given back: what the limit is compared with.',
      unit: units.BytesIEC,
      queries: [[memory, '{{name}}']],
      width: 12,
      height: 8,
    }),
    bars({
      title: 'Memory of limit',
      description: 'Memory in use as a share of the limit. At 100% the kernel ends the container.',
      unit: units.Percent,
      decimals: 0,
      max: 100,
      queries: [[`${memory} / (${limit} > 0) * 100`, '{{name}}']],
      thresholds: fullness,
      width: 8,
      height: 8,
    }),
    graph({
      title: 'Network by container',
      description: 'Bytes received and sent per second, together.',
      unit: units.BytesPerSecondSI,
      queries: [
        [
          `${sum(rate('container_network_receive_bytes_total', mine), ['name'])} + ` +
            sum(rate('container_network_transmit_bytes_total', mine), ['name']),
          '{{name}}',
        ],
      ],
      width: 8,
      height: 8,
    }),
    graph({
      title: 'Restarts and kills by container, last hour',
      description:
        'Restarts within the last hour, and processes killed because the container reached its memory limit.',
      unit: units.Short,
      queries: [
        [sum(resets('container_cpu_usage_seconds_total', mine, '1h'), ['name']), '{{name}} restarted'],
        [sum(increase('container_oom_events_total', mine, '1h'), ['name']), '{{name}} killed'],
      ],
      width: 8,
      height: 8,
    }),
  ];
}
