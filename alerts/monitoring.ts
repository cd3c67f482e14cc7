import { gauge, increase, rate, sum } from '@emotion-stack/metrics';
import { from, target } from './history.ts';
import type { AlertConcern } from './rule.ts';

const rules = { rule_group: 'latency' };
const ruleFailures = from.prometheus('prometheus_rule_evaluation_failures_total', rules);
const alertmanager = { alertmanager: 'http://alertmanager:9093/api/v2/alerts' };
const sent = from.prometheus('prometheus_notifications_sent_total', alertmanager);
const errors = from.prometheus('prometheus_notifications_errors_total', alertmanager);
const compactions = from.prometheus('prometheus_tsdb_compactions_failed_total');
const reloads = from.prometheus('prometheus_tsdb_reloads_failures_total');
const wal = from.prometheus('prometheus_tsdb_wal_corruptions_total');
const webhook = { integration: 'webhook' };
const notified = from.alertmanager('alertmanager_notifications_total', webhook);
const failed = from.alertmanager('alertmanager_notifications_failed_total', {
  ...webhook,
  reason: 'serverError',
});
const loaded = (job: 'prometheus' | 'alertmanager') => from[job](`${job}_config_last_reload_successful`);

/** Prometheus and Alertmanager themselves; that both are alive at all, the Watchdog tells. */
export const monitoring: AlertConcern = {
  name: 'monitoring',
  rules: [
    {
      alert: 'PrometheusRuleFailures',
      service: 'prometheus',
      expr: `${sum(increase('prometheus_rule_evaluation_failures_total', {}, '5m'), ['rule_group'])} > $threshold`,
      threshold: 0,
      unit: 'times',
      for: '5m',
      severity: 'critical',
      summary: 'Alert rules cannot be evaluated',
      description:
        'Rules of {{ $labels.rule_group }} failed {{ $value | printf "%.0f" }} times in 5 minutes: their alerts are blind.',
      dashboard: 'system',
      cases: [
        {
          name: 'fires when a group keeps failing',
          series: { [ruleFailures]: '0+1x80' },
          at: '5m15s',
          firing: [{ labels: rules, value: '20' }],
        },
        { name: 'waits five minutes', series: { [ruleFailures]: '0+1x80' }, at: '5m', firing: [] },
        { name: 'stays silent while all work', series: { [ruleFailures]: '7x80' }, at: '15m', firing: [] },
      ],
    },
    {
      alert: 'PrometheusReloadFailed',
      service: 'prometheus',
      expr: `${gauge('prometheus_config_last_reload_successful')} == 0`,
      for: '5m',
      severity: 'critical',
      summary: 'Prometheus runs on an old configuration',
      description:
        '{{ $labels.instance }} could not load its configuration, and goes on with the one before.',
      dashboard: 'system',
      cases: [
        {
          name: 'fires when the last reload failed',
          series: { [loaded('prometheus')]: '0x40' },
          at: '5m',
          firing: [{ labels: target('prometheus') }],
        },
        { name: 'waits five minutes', series: { [loaded('prometheus')]: '0x40' }, at: '4m45s', firing: [] },
        {
          name: 'stays silent when it worked',
          series: { [loaded('prometheus')]: '1x40' },
          at: '9m',
          firing: [],
        },
      ],
    },
    {
      alert: 'PrometheusStorageFailing',
      service: 'prometheus',
      expr:
        `${increase('prometheus_tsdb_compactions_failed_total', {}, '3h')} + ` +
        `${increase('prometheus_tsdb_reloads_failures_total', {}, '3h')} + ` +
        `${increase('prometheus_tsdb_wal_corruptions_total', {}, '3h')} > $threshold`,
      threshold: 0,
      unit: 'times',
      for: '5m',
      severity: 'critical',
      summary: 'Prometheus cannot store what it measures',
      description:
        'Compactions, block loads or the write-ahead log of {{ $labels.instance }} failed {{ $value | printf "%.0f" }} ' +
        'time(s) in 3 hours.',
      dashboard: 'system',
      cases: [
        ...[compactions, reloads, wal].map((one) => ({
          name: `fires when ${/prometheus_tsdb_(\w+?)_/.exec(one)?.[1] ?? one} fail`,
          series: { [compactions]: '0x80', [reloads]: '0x80', [wal]: '0x80', [one]: '0x10 1x69' },
          at: '7m45s' as const,
          firing: [{ labels: target('prometheus'), value: '1' }],
        })),
        {
          name: 'waits five minutes',
          series: { [compactions]: '0x10 1x69', [reloads]: '0x80', [wal]: '0x80' },
          at: '7m30s',
          firing: [],
        },
        {
          name: 'stays silent while nothing fails',
          series: { [compactions]: '1x80', [reloads]: '0x80', [wal]: '2x80' },
          at: '15m',
          firing: [],
        },
      ],
    },
    {
      alert: 'PrometheusNotificationsFailing',
      service: 'prometheus',
      expr:
        `${sum(rate('prometheus_notifications_errors_total', {}, '5m'), ['alertmanager'])} / ` +
        `${sum(rate('prometheus_notifications_sent_total', {}, '5m'), ['alertmanager'])} > $threshold`,
      threshold: 0.1,
      unit: 'share',
      for: '5m',
      severity: 'critical',
      summary: 'Alerts do not reach Alertmanager',
      description:
        '{{ $value | humanizePercentage }} of the alerts sent to {{ $labels.alertmanager }} were lost on the way.',
      dashboard: 'system',
      cases: [
        {
          name: 'fires when more than one in ten is lost',
          series: { [sent]: '0+100x80', [errors]: '0+10.5x80' },
          at: '5m15s',
          firing: [{ labels: alertmanager, value: '10.5%' }],
        },
        {
          name: 'waits five minutes',
          series: { [sent]: '0+100x80', [errors]: '0+50x80' },
          at: '5m',
          firing: [],
        },
        {
          name: 'forgives less',
          series: { [sent]: '0+100x80', [errors]: '0+9.5x80' },
          at: '15m',
          firing: [],
        },
      ],
    },
    {
      alert: 'AlertmanagerNotificationsFailing',
      service: 'alertmanager',
      expr:
        `${sum(rate('alertmanager_notifications_failed_total', {}, '10m'), ['integration'])} / ` +
        `${sum(rate('alertmanager_notifications_total', {}, '10m'), ['integration'])} > $threshold`,
      threshold: 0.1,
      unit: 'share',
      for: '5m',
      severity: 'critical',
      summary: 'Alertmanager cannot tell people',
      description:
        '{{ $value | humanizePercentage }} of the notifications by {{ $labels.integration }} failed in 10 minutes.',
      dashboard: 'system',
      cases: [
        {
          name: 'fires when more than one in ten fails',
          series: { [notified]: '0+100x80', [failed]: '0+10.5x80' },
          at: '5m15s',
          firing: [{ labels: webhook, value: '10.5%' }],
        },
        {
          name: 'waits five minutes',
          series: { [notified]: '0+100x80', [failed]: '0+50x80' },
          at: '5m',
          firing: [],
        },
        {
          name: 'forgives less',
          series: { [notified]: '0+100x80', [failed]: '0+9.5x80' },
          at: '15m',
          firing: [],
        },
      ],
    },
    {
      alert: 'AlertmanagerReloadFailed',
      service: 'alertmanager',
      expr: `${gauge('alertmanager_config_last_reload_successful')} == 0`,
      for: '5m',
      severity: 'critical',
      summary: 'Alertmanager runs on an old configuration',
      description:
        '{{ $labels.instance }} could not load its configuration, and goes on with the one before.',
      dashboard: 'system',
      cases: [
        {
          name: 'fires when the last reload failed',
          series: { [loaded('alertmanager')]: '0x40' },
          at: '5m',
          firing: [{ labels: target('alertmanager') }],
        },
        { name: 'waits five minutes', series: { [loaded('alertmanager')]: '0x40' }, at: '4m45s', firing: [] },
        {
          name: 'stays silent when it worked',
          series: { [loaded('alertmanager')]: '1x40' },
          at: '9m',
          firing: [],
        },
      ],
    },
  ],
};
