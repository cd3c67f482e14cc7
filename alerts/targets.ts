import { gauge } from '@emotion-stack/metrics';
import { from, target } from './history.ts';
import type { AlertConcern } from './rule.ts';

const samples = from.cadvisor('scrape_samples_scraped');

/** What Prometheus scrapes, or should. */
export const targets: AlertConcern = {
  name: 'targets',
  rules: [
    {
      alert: 'Watchdog',
      service: 'prometheus',
      expr: 'vector(1)',
      severity: 'none',
      summary: 'Always fires: the alerts reach whoever listens',
      description:
        'The value is always {{ $value }}. A receiver that does not hear of this alert for some minutes knows that ' +
        'Prometheus or Alertmanager is down.',
      dashboard: 'system',
      cases: [{ name: 'fires always', series: {}, at: '0s', firing: [{ value: '1' }] }],
    },
    {
      alert: 'BackendDown',
      service: 'backend',
      expr: `${gauge('up', { job: 'backend' })} == 0`,
      for: '1m',
      severity: 'critical',
      summary: 'The backend does not answer',
      description: 'Prometheus cannot scrape {{ $labels.instance }}: nobody gets a prediction.',
      dashboard: 'api',
      cases: [
        {
          name: 'fires when it is down for a minute',
          series: { [from.backend('up')]: '1x4 0x20' },
          at: '2m15s',
          firing: [{ labels: target('backend') }],
        },
        { name: 'waits a minute', series: { [from.backend('up')]: '1x4 0x20' }, at: '2m', firing: [] },
        {
          name: 'stays silent while it is up, whatever else is down',
          series: { [from.backend('up')]: '1x20', [from.cadvisor('up')]: '0x20' },
          at: '5m',
          firing: [],
        },
      ],
    },
    {
      alert: 'GrafanaDown',
      service: 'grafana',
      expr: `${gauge('up', { job: 'grafana' })} == 0`,
      for: '5m',
      severity: 'warning',
      summary: 'Grafana does not answer',
      description:
        'Prometheus cannot scrape {{ $labels.instance }}: no dashboard can be opened. Alerts still work.',
      dashboard: 'system',
      cases: [
        {
          name: 'fires when it is down for five minutes',
          series: { [from.grafana('up')]: '0x40' },
          at: '5m',
          firing: [{ labels: target('grafana') }],
        },
        { name: 'waits five minutes', series: { [from.grafana('up')]: '0x40' }, at: '4m45s', firing: [] },
        {
          name: 'stays silent while it is up',
          series: { [from.grafana('up')]: '1x40', [from.backend('up')]: '0x40' },
          at: '10m',
          firing: [],
        },
      ],
    },
    {
      alert: 'TargetDown',
      service: 'exporters',
      expr: `${gauge('up', { job: { not: /backend|grafana/ } })} == 0`,
      for: '2m',
      severity: 'warning',
      summary: 'A part of the monitoring does not answer',
      description:
        'Prometheus cannot scrape {{ $labels.job }} at {{ $labels.instance }}: what it measures is not watched.',
      dashboard: 'system',
      cases: [
        {
          name: 'fires for the one that is down',
          series: {
            [from.cadvisor('up')]: '0x40',
            [from['node-exporter']('up')]: '1x40',
            [from.backend('up')]: '0x40',
          },
          at: '2m',
          firing: [{ labels: target('cadvisor') }],
        },
        { name: 'waits two minutes', series: { [from.cadvisor('up')]: '0x40' }, at: '1m45s', firing: [] },
        {
          name: 'stays silent while all are up',
          series: { [from.alertmanager('up')]: '1x40' },
          at: '5m',
          firing: [],
        },
      ],
    },
    {
      alert: 'ScrapeTooLarge',
      service: 'prometheus',
      expr: `${gauge('scrape_samples_scraped')} > $threshold`,
      threshold: 10_000,
      unit: 'samples',
      for: '10m',
      severity: 'warning',
      summary: 'A target publishes more than $threshold at once',
      description:
        '{{ $labels.job }} publishes {{ $value | humanize }} samples a scrape, above $threshold. Each series costs ' +
        'memory in Prometheus: a label has values that nobody foresaw.',
      dashboard: 'system',
      cases: [
        {
          name: 'fires for the target that is too large',
          series: { [samples]: '10500x80', [from.backend('scrape_samples_scraped')]: '400x80' },
          at: '10m',
          firing: [{ labels: target('cadvisor'), value: '10.5k' }],
        },
        { name: 'waits ten minutes', series: { [samples]: '10500x80' }, at: '9m45s', firing: [] },
        { name: 'stays silent below', series: { [samples]: '9500x80' }, at: '15m', firing: [] },
      ],
    },
  ],
};
