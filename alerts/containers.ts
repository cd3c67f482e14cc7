import { gauge, increase, max, resets } from '@emotion-stack/metrics';
import { named } from '../dashboards/containers.ts';
import { from } from './history.ts';
import type { AlertConcern } from './rule.ts';

/** Containers of this stack alone: `$stack` becomes its prefix. */
const mine = named('$stack');

const name = { name: 'emotion-dev-backend' };
const series = (metric: string) => from.cadvisor(metric, { id: '/docker/1', image: 'backend', ...name });
const others = (metric: string) =>
  from.cadvisor(metric, { id: '/docker/2', image: 'x', name: 'emotion-test-backend' });
const memory = (used: number) => ({
  [series('container_memory_working_set_bytes')]: `${used}x80`,
  [series('container_spec_memory_limit_bytes')]: '1000x80',
});
const frontend = from.cadvisor('container_last_seen', {
  id: '/docker/3',
  image: 'frontend',
  name: 'emotion-dev-frontend',
});
const cadvisor = from.cadvisor('up');

/** Containers of the stack that end, or are about to. */
export const containers: AlertConcern = {
  name: 'containers',
  rules: [
    {
      alert: 'ContainerRestarting',
      service: 'containers',
      // The processor time of a container starts at zero again with it; cAdvisor keeps the time of its first start.
      expr: `${max(resets('container_cpu_usage_seconds_total', mine, '15m'), ['name'])} > $threshold`,
      threshold: 1,
      unit: 'restarts',
      severity: 'warning',
      summary: 'A container starts again and again',
      description: '{{ $labels.name }} was started again {{ $value }} times in 15 minutes.',
      dashboard: 'system',
      cases: [
        {
          name: 'fires at the second time',
          series: {
            [series('container_cpu_usage_seconds_total')]: '0+1x20 0+1x20 0+1x20',
            [others('container_cpu_usage_seconds_total')]: '9 8 7 6 5 4 3 2 1 1x50',
          },
          at: '12m',
          firing: [{ labels: name, value: '2' }],
        },
        {
          name: 'forgives one',
          series: { [series('container_cpu_usage_seconds_total')]: '0+1x20 0+1x40' },
          at: '12m',
          firing: [],
        },
      ],
    },
    {
      alert: 'ContainerOutOfMemory',
      service: 'containers',
      expr: `${max(increase('container_oom_events_total', mine, '10m'), ['name'])} > $threshold`,
      threshold: 0,
      unit: 'times',
      severity: 'critical',
      summary: 'A container was killed because it reached its memory limit',
      description:
        '{{ $labels.name }} reached its memory limit {{ $value | printf "%.0f" }} time(s) in 10 minutes.',
      dashboard: 'system',
      cases: [
        {
          name: 'fires at one',
          series: { [series('container_oom_events_total')]: '0x40 1x40' },
          at: '15m',
          firing: [{ labels: name, value: '1' }],
        },
        {
          name: 'stays silent at none, and for containers of another stack',
          series: {
            [series('container_oom_events_total')]: '1x80',
            [others('container_oom_events_total')]: '0+1x80',
          },
          at: '15m',
          firing: [],
        },
      ],
    },
    {
      alert: 'ContainerMemoryNearLimit',
      service: 'containers',
      expr:
        `${max(gauge('container_memory_working_set_bytes', mine), ['name'])} / ` +
        `${max(gauge('container_spec_memory_limit_bytes', mine), ['name'])} > $threshold`,
      threshold: 0.9,
      unit: 'share',
      for: '10m',
      severity: 'warning',
      summary: 'A container uses more than $threshold of its memory limit',
      description:
        '{{ $labels.name }} uses {{ $value | humanizePercentage }} of its memory limit; at 100% it is killed.',
      dashboard: 'system',
      cases: [
        { name: 'fires at 92%', series: memory(920), at: '10m', firing: [{ labels: name, value: '92%' }] },
        { name: 'waits ten minutes', series: memory(920), at: '9m45s', firing: [] },
        { name: 'stays silent at 88%', series: memory(880), at: '15m', firing: [] },
      ],
    },
    {
      alert: 'FrontendDown',
      service: 'frontend',
      // The one service that publishes no metrics: its container tells. The day is how long it is missed.
      expr:
        'time() - max(last_over_time(' +
        `${gauge('container_last_seen', { job: 'cadvisor', name: '$stack-frontend' })}[1d])) > $threshold ` +
        `and on () ${gauge('up', { job: 'cadvisor' })} == 1`,
      threshold: 60,
      unit: 's',
      for: '1m',
      severity: 'critical',
      summary: 'The web interface does not run',
      description: 'The container of the web interface was last seen {{ $value | humanizeDuration }} ago.',
      dashboard: 'system',
      cases: [
        {
          // Last seen at 5m.
          name: 'fires when the container is gone',
          series: { [frontend]: '0+15x20 _x60', [cadvisor]: '1x80' },
          at: '7m15s',
          firing: [{ value: '2m 15s' }],
        },
        {
          name: 'waits a minute',
          series: { [frontend]: '0+15x20 _x60', [cadvisor]: '1x80' },
          at: '7m',
          firing: [],
        },
        {
          // Seen 57 s ago at each look.
          name: 'forgives a look that came late',
          series: { [frontend]: '-57+15x80', [cadvisor]: '1x80' },
          at: '10m',
          firing: [],
        },
        {
          name: 'fires when each look is too late',
          series: { [frontend]: '-63+15x80', [cadvisor]: '1x80' },
          at: '10m',
          firing: [{ value: '1m 3s' }],
        },
        {
          name: 'stays silent when cAdvisor itself is down: TargetDown tells',
          series: { [frontend]: '0+15x20 _x60', [cadvisor]: '1x20 0x60' },
          at: '15m',
          firing: [],
        },
      ],
    },
  ],
};
