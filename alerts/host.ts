import { avg, gauge, increase, rate } from '@emotion-stack/metrics';
import { from, target } from './history.ts';
import type { AlertConcern } from './rule.ts';

const node = target('node-exporter');

/** Per sample of 15 s: the rest of the time the processor works. */
const idle = (seconds: number) => ({
  [from['node-exporter']('node_cpu_seconds_total', { cpu: '0', mode: 'idle' })]: `0+${seconds}x120`,
});

const memory = (available: number) => ({
  [from['node-exporter']('node_memory_MemAvailable_bytes')]: `${available}x120`,
  [from['node-exporter']('node_memory_MemTotal_bytes')]: '1000x120',
});

const root = { device: '/dev/vda1', fstype: 'ext4', mountpoint: '/' };
const disk = (available: string, size = 1000) => ({
  [from['node-exporter']('node_filesystem_avail_bytes', root)]: available,
  [from['node-exporter']('node_filesystem_size_bytes', root)]: `${size}x80`,
});

const clock = from['node-exporter']('node_timex_maxerror_seconds');
const killed = from['node-exporter']('node_vmstat_oom_kill');

/** Disks that can fill up: not those in memory, and not those that are full by nature. */
const disks = { fstype: { not: /tmpfs|ramfs|squashfs|iso9660|vfat/ } } as const;

const free = `${gauge('node_filesystem_avail_bytes', disks)} / ${gauge('node_filesystem_size_bytes', disks)}`;

/** The machine runs short of something that everything on it needs. */
export const host: AlertConcern = {
  name: 'host',
  rules: [
    {
      alert: 'HostCpuHigh',
      service: 'host',
      expr: `1 - ${avg(rate('node_cpu_seconds_total', { mode: 'idle' }, '5m'), ['job', 'instance'])} > $threshold`,
      threshold: 0.9,
      unit: 'share',
      for: '15m',
      severity: 'warning',
      summary: 'The processor is busy more than $threshold of the time',
      description: 'The processor of {{ $labels.instance }} is {{ $value | humanizePercentage }} busy.',
      dashboard: 'system',
      cases: [
        {
          name: 'fires after a busy quarter of an hour',
          series: idle(1.2),
          at: '15m15s',
          firing: [{ labels: node, value: '92%' }],
        },
        { name: 'waits a quarter of an hour', series: idle(1.2), at: '15m', firing: [] },
        { name: 'stays silent at 88%', series: idle(1.8), at: '20m', firing: [] },
      ],
    },
    {
      alert: 'HostMemoryLow',
      service: 'host',
      expr: `${gauge('node_memory_MemAvailable_bytes')} / ${gauge('node_memory_MemTotal_bytes')} < $threshold`,
      threshold: 0.1,
      unit: 'share',
      for: '5m',
      severity: 'warning',
      summary: 'Less than $threshold of the memory is left',
      description:
        '{{ $labels.instance }} has {{ $value | humanizePercentage }} of its memory left; the kernel kills next.',
      dashboard: 'system',
      cases: [
        { name: 'fires at 9.5%', series: memory(95), at: '5m', firing: [{ labels: node, value: '9.5%' }] },
        { name: 'waits five minutes', series: memory(95), at: '4m45s', firing: [] },
        { name: 'stays silent at 10.5%', series: memory(105), at: '10m', firing: [] },
      ],
    },
    {
      alert: 'HostOutOfMemory',
      service: 'host',
      expr: `${increase('node_vmstat_oom_kill', {}, '10m')} > $threshold`,
      threshold: 0,
      unit: 'times',
      severity: 'warning',
      summary: 'The kernel killed a process because memory ran out',
      description:
        'The kernel of {{ $labels.instance }} killed {{ $value | printf "%.0f" }} process(es) in 10 minutes.',
      dashboard: 'system',
      cases: [
        {
          name: 'fires at one',
          series: { [killed]: '3x40 4x40' },
          at: '15m',
          firing: [{ labels: node, value: '1' }],
        },
        { name: 'stays silent at none', series: { [killed]: '3x80' }, at: '15m', firing: [] },
      ],
    },
    {
      alert: 'HostDiskFull',
      service: 'host',
      expr: `${free} < $threshold`,
      threshold: 0.05,
      unit: 'share',
      for: '5m',
      severity: 'critical',
      summary: 'Less than $threshold of a disk is left',
      description:
        '{{ $labels.mountpoint }} of {{ $labels.instance }} has {{ $value | humanizePercentage }} left. A full disk stops ' +
        'Prometheus, the feedback, and the containers’ logs.',
      dashboard: 'system',
      cases: [
        {
          name: 'fires at 4.8%',
          series: disk('48x80'),
          at: '5m',
          firing: [{ labels: { ...node, ...root }, value: '4.8%' }],
        },
        { name: 'waits five minutes', series: disk('48x80'), at: '4m45s', firing: [] },
        { name: 'stays silent at 5.2%', series: disk('52x80'), at: '10m', firing: [] },
      ],
    },
    {
      alert: 'HostDiskFillsSoon',
      service: 'host',
      expr:
        `${free} < $threshold ` +
        `and predict_linear(${gauge('node_filesystem_avail_bytes', disks)}[6h], 24 * 3600) < 0`,
      threshold: 0.4,
      unit: 'share',
      for: '1h',
      severity: 'warning',
      summary: 'A disk will be full within a day',
      description:
        '{{ $labels.mountpoint }} of {{ $labels.instance }} has {{ $value | humanizePercentage }} left, and at the pace ' +
        'of the last 6 hours it is full within a day.',
      dashboard: 'system',
      interval: '5m',
      cases: [
        {
          // 2 per sample of 5 minutes is 576 a day.
          name: 'fires when what is left is gone in a day',
          series: disk('420-2x40'),
          at: '2h',
          firing: [{ labels: { ...node, ...root }, value: '37.2%' }],
        },
        { name: 'waits an hour', series: disk('395-2x40'), at: '1h', firing: [] },
        {
          name: 'fires when the hour is over',
          series: disk('395-2x40'),
          at: '1h5m',
          firing: [{ labels: { ...node, ...root }, value: '36.9%' }],
        },
        { name: 'stays silent while much is left', series: disk('455-2x40'), at: '2h', firing: [] },
        { name: 'stays silent when it takes longer', series: disk('390-1x40'), at: '2h', firing: [] },
      ],
    },
    {
      alert: 'HostClockOff',
      service: 'host',
      expr: `${gauge('node_timex_maxerror_seconds')} > $threshold`,
      threshold: 1,
      unit: 's',
      for: '10m',
      severity: 'warning',
      summary: 'The clock may be off by more than $threshold',
      description:
        'The kernel of {{ $labels.instance }} trusts its clock to {{ $value | humanizeDuration }} only: no time server ' +
        'has set it for a while. Logs, metrics and certificates go by it.',
      dashboard: 'system',
      cases: [
        {
          name: 'fires when nobody has set it',
          series: { [clock]: '1.05x80' },
          at: '10m',
          firing: [{ labels: node, value: '1.05s' }],
        },
        { name: 'waits ten minutes', series: { [clock]: '1.05x80' }, at: '9m45s', firing: [] },
        { name: 'stays silent below a second', series: { [clock]: '0.95x80' }, at: '15m', firing: [] },
      ],
    },
  ],
};
