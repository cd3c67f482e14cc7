import { gauge, increase, max, quantile, rate, sum } from '@emotion-stack/metrics';
import * as units from '@grafana/grafana-foundation-sdk/units';
import { dashboard, type DashboardOptions } from './common.ts';
import { graph, stat } from './panels.ts';
import { storage } from './storage.ts';
import { faults } from './thresholds.ts';
import { of, picked } from './variables.ts';

const prometheus = of('prometheus');
const alertmanager = of('alertmanager');
const grafana = of('grafana');

/** Seconds in a day. */
const day = 86_400;

/** Stack Health: whether the monitoring itself can be believed. */
export function health(options: DashboardOptions) {
  return dashboard(
    'health',
    {
      title: 'Stack Health',
      answers: [
        'Is every service scraped, in time and completely?',
        'Are the alert rules evaluated, and do their notifications arrive?',
        'How long does the disk last, and is there a backup?',
      ],
      rows: [
        { title: 'Scraping', panels: scraping() },
        { title: 'Rules and notifications', panels: alerting() },
        { title: 'Storage', panels: storage() },
        { title: 'Grafana', panels: dashboardServer() },
      ],
    },
    options,
  );
}

/** Up or down, a field a service. */
export function scrapeTargets() {
  return stat({
    title: 'Scrape targets',
    description:
      'Whether Prometheus reaches each service. A service that is down shows no other metric either.',
    unit: units.NoUnit,
    queries: [[gauge('up', picked), '{{job}}']],
    words: { 0: 'Down', 1: 'Up' },
    thresholds: [
      [null, 'red'],
      [1, 'green'],
    ],
    width: 12,
    height: 4,
  });
}

function scraping() {
  return [
    scrapeTargets(),
    stat({
      title: 'Configuration',
      description:
        'Whether the newest configuration was taken. One that is refused leaves the old one at work.',
      unit: units.NoUnit,
      queries: [
        [gauge('prometheus_config_last_reload_successful', prometheus), '{{job}}'],
        [gauge('alertmanager_config_last_reload_successful', alertmanager), '{{job}}'],
      ],
      words: { 0: 'Refused', 1: 'Taken' },
      thresholds: [
        [null, 'red'],
        [1, 'green'],
      ],
      width: 8,
      height: 4,
    }),
    stat({
      title: 'Age of the backup',
      description: 'Time since the newest complete backup.',
      unit: units.Seconds,
      queries: [[`time() - ${gauge('backup_last_success_timestamp_seconds', picked)}`, 'Age']],
      empty: 'No backup yet',
      thresholds: [
        [null, 'green'],
        [day, 'yellow'],
        [7 * day, 'red'],
      ],
      width: 4,
      height: 4,
    }),
    graph({
      title: 'Scrape duration',
      description: 'How long each service takes to give its metrics.',
      unit: units.Seconds,
      queries: [[gauge('scrape_duration_seconds', picked), '{{job}}']],
      width: 8,
      height: 8,
    }),
    graph({
      title: 'Samples per scrape',
      description: 'How many samples each service gives. A line that climbs is a label with ever new values.',
      unit: units.Short,
      queries: [[gauge('scrape_samples_scraped', picked), '{{job}}']],
      width: 8,
      height: 8,
    }),
    graph({
      title: 'Memory by service',
      description: 'Memory of each service’s process, as it says itself.',
      unit: units.BytesIEC,
      queries: [[max(gauge('process_resident_memory_bytes', picked), ['job']), '{{job}}']],
      width: 8,
      height: 8,
    }),
  ];
}

function alerting() {
  const failed = rate('alertmanager_notifications_failed_total', alertmanager);
  return [
    stat({
      title: 'Alerts active',
      description: 'Alerts that Alertmanager holds and that nobody has silenced.',
      unit: units.Short,
      queries: [[gauge('alertmanager_alerts', { ...alertmanager, state: 'active' }), 'Active']],
      width: 6,
      height: 4,
    }),
    stat({
      title: 'Rule failures',
      description:
        'Evaluations of rules that failed within the time range chosen above: those alerts are blind.',
      unit: units.Short,
      decimals: 0,
      queries: [
        [sum(increase('prometheus_rule_evaluation_failures_total', prometheus, '$__range')), 'Failed'],
      ],
      thresholds: faults,
      width: 6,
      height: 4,
    }),
    stat({
      title: 'Alerts lost before Alertmanager',
      description:
        'Alerts that Prometheus could not hand to Alertmanager within the time range chosen above.',
      unit: units.Short,
      decimals: 0,
      queries: [
        [sum(increase('prometheus_notifications_errors_total', prometheus, '$__range')), 'Refused'],
        [sum(increase('prometheus_notifications_dropped_total', prometheus, '$__range')), 'Dropped'],
      ],
      thresholds: faults,
      width: 6,
      height: 4,
    }),
    stat({
      title: 'Notifications failed',
      description: 'Notifications that did not reach their receiver within the time range chosen above.',
      unit: units.Short,
      decimals: 0,
      queries: [
        [sum(increase('alertmanager_notifications_failed_total', alertmanager, '$__range')), 'Failed'],
      ],
      thresholds: faults,
      width: 6,
      height: 4,
    }),
    graph({
      title: 'Rule evaluation time',
      description:
        'How long each group of rules took. Longer than a scrape interval, and evaluations are left out.',
      unit: units.Seconds,
      queries: [[gauge('prometheus_rule_group_last_duration_seconds', prometheus), '{{rule_group}}']],
      width: 8,
      height: 8,
      // Prometheus names a group "file;group".
    }).withTransformation({ id: 'renameByRegex', options: { regex: '^.*;(.+)$', renamePattern: '$1' } }),
    graph({
      title: 'Alerts handed to Alertmanager',
      description:
        'Alerts per second from Prometheus to Alertmanager, repetitions included, and those refused.',
      unit: units.Short,
      queries: [
        [sum(rate('prometheus_notifications_sent_total', prometheus)), 'sent'],
        [sum(rate('prometheus_notifications_errors_total', prometheus)), 'refused'],
      ],
      width: 8,
      height: 8,
    }),
    graph({
      title: 'Notifications',
      description:
        'Notifications per second to people and machines by way of delivery, and those that failed.',
      unit: units.Short,
      queries: [
        [
          `${sum(rate('alertmanager_notifications_total', alertmanager), ['integration'])} > 0`,
          '{{integration}}',
        ],
        [`${sum(failed, ['integration'])} > 0`, '{{integration}} failed'],
      ],
      empty: 'No notification in this time range',
      width: 8,
      height: 8,
    }),
  ];
}

function dashboardServer() {
  const empty = 'No Grafana in this stack';
  return [
    graph({
      title: 'Grafana, requests by status',
      description: 'Requests that Grafana answers per second by HTTP status; 5xx is a fault of its own.',
      unit: units.RequestsPerSecond,
      queries: [
        [
          sum(rate('grafana_http_request_duration_seconds_count', grafana), ['status_code']),
          '{{status_code}}',
        ],
      ],
      empty,
      width: 12,
      height: 8,
    }),
    graph({
      title: 'Grafana, response time',
      description: 'Nineteen of twenty requests to Grafana are answered within this time.',
      unit: units.Seconds,
      queries: [[quantile(0.95, 'grafana_http_request_duration_seconds', [], grafana), 'p95']],
      empty,
      width: 12,
      height: 8,
    }),
  ];
}
