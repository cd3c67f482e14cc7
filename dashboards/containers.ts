import { gauge, increase, jobs, max, rate, resets, sum } from '@emotion-stack/metrics';
import * as units from '@grafana/grafana-foundation-sdk/units';
import { bars, graph } from './panels.ts';
import { faults, fullness, restarts } from './thresholds.ts';
import { of } from './variables.ts';

/** Matcher of the containers of this stack alone, whatever else the machine runs. */
export function named(namePrefix: string) {
  return { name: new RegExp(`${namePrefix}-(${[...jobs, 'frontend'].join('|')})`) };
}

/** What each container of this stack takes of the machine. */
export function containers(namePrefix: string) {
  const mine = { ...of('cadvisor'), ...named(namePrefix) };
  const memory = max(gauge('container_memory_working_set_bytes', mine), ['name']);
  const throttled = sum(rate('container_cpu_cfs_throttled_periods_total', mine), ['name']);
  const periods = sum(rate('container_cpu_cfs_periods_total', mine), ['name']);
  const limit = max(gauge('container_spec_memory_limit_bytes', mine), ['name']);
  const panels = [
    graph({
      title: 'Processor by container',
      description: 'Cores in use: 1 is one core all the time.',
      unit: units.Short,
      queries: [[sum(rate('container_cpu_usage_seconds_total', mine), ['name']), '{{name}}']],
      width: 8,
      height: 8,
    }),
    graph({
      title: 'Processor withheld by container',
      description:
        'Share of the time slices in which the container wanted more than its limit. Above 25% the limit slows it down.',
      unit: units.Percent,
      max: 100,
      queries: [[`${throttled} / ${periods} * 100`, '{{name}}']],
      thresholds: [
        [null, 'green'],
        [25, 'yellow'],
        [50, 'red'],
      ],
      width: 8,
      height: 8,
    }),
    graph({
      title: 'Memory by container',
      description: 'Memory that cannot be given back: what the limit is compared with.',
      unit: units.BytesIEC,
      queries: [[memory, '{{name}}']],
      width: 8,
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
      width: 6,
      height: 9,
    }),
    graph({
      title: 'Network by container',
      description:
        'Bytes received and sent per second, together. node-exporter sees the whole machine, and so does its line.',
      unit: units.BytesPerSecondSI,
      queries: [
        [
          `${sum(rate('container_network_receive_bytes_total', mine), ['name'])} + ` +
            sum(rate('container_network_transmit_bytes_total', mine), ['name']),
          '{{name}}',
        ],
      ],
      width: 6,
      height: 9,
    }),
    bars({
      title: 'Restarts by container',
      description: 'How often each container was started again within the time range chosen above.',
      unit: units.NoUnit,
      decimals: 0,
      queries: [[sum(resets('container_cpu_usage_seconds_total', mine, '$__range'), ['name']), '{{name}}']],
      thresholds: restarts,
      width: 6,
      height: 9,
    }),
    bars({
      title: 'OOM kills by container',
      description:
        'Processes killed within the time range chosen above because the container reached its memory limit.',
      unit: units.NoUnit,
      decimals: 0,
      queries: [[sum(increase('container_oom_events_total', mine, '$__range'), ['name']), '{{name}}']],
      thresholds: faults,
      width: 6,
      height: 9,
    }),
  ];
  // The prefix is the same on every line: the legend goes without it.
  for (const panel of panels) {
    panel.withTransformation({
      id: 'renameByRegex',
      options: { regex: `^${namePrefix}-(.+)$`, renamePattern: '$1' },
    });
  }
  return panels;
}
