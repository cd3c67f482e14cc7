/**
 * The metrics of other programs that dashboards and alerts query, as far as they do. Names hold for node-exporter
 * 1.5 and 1.9, cAdvisor 0.53, Prometheus 2.42 and 3, and prom-client 15.
 */

/** The scrape jobs of Prometheus; `job` in a matcher is one of them. */
export const jobs = [
  'backend',
  'prometheus',
  'alertmanager',
  'grafana',
  'node-exporter',
  'cadvisor',
] as const;

export type Job = (typeof jobs)[number];

export interface ForeignMetric {
  readonly kind: 'counter' | 'gauge' | 'histogram';
  readonly labels: readonly string[];
  /** Who publishes what we query; absent where Prometheus itself adds it to every target. */
  readonly job?: Job;
}

/** What cAdvisor says of every container; `name` is the container's name, absent on plain cgroups. */
const containerLabels = ['id', 'name', 'image'] as const;

const node = { job: 'node-exporter' } as const;
const container = { job: 'cadvisor' } as const;
const backend = { job: 'backend' } as const;
const prometheus = { job: 'prometheus' } as const;
const alertmanager = { job: 'alertmanager' } as const;
const grafana = { job: 'grafana' } as const;

export const foreign = {
  up: { kind: 'gauge', labels: [] },
  scrape_duration_seconds: { kind: 'gauge', labels: [] },
  scrape_samples_scraped: { kind: 'gauge', labels: [] },

  node_cpu_seconds_total: { ...node, kind: 'counter', labels: ['cpu', 'mode'] },
  node_load1: { ...node, kind: 'gauge', labels: [] },
  node_memory_MemAvailable_bytes: { ...node, kind: 'gauge', labels: [] },
  node_memory_MemTotal_bytes: { ...node, kind: 'gauge', labels: [] },
  node_filesystem_avail_bytes: { ...node, kind: 'gauge', labels: ['device', 'fstype', 'mountpoint'] },
  node_filesystem_size_bytes: { ...node, kind: 'gauge', labels: ['device', 'fstype', 'mountpoint'] },
  node_disk_read_bytes_total: { ...node, kind: 'counter', labels: ['device'] },
  node_disk_written_bytes_total: { ...node, kind: 'counter', labels: ['device'] },
  node_network_receive_bytes_total: { ...node, kind: 'counter', labels: ['device'] },
  node_network_transmit_bytes_total: { ...node, kind: 'counter', labels: ['device'] },
  node_vmstat_oom_kill: { ...node, kind: 'counter', labels: [] },
  node_timex_maxerror_seconds: { ...node, kind: 'gauge', labels: [] },

  container_start_time_seconds: { ...container, kind: 'gauge', labels: containerLabels },
  container_last_seen: { ...container, kind: 'gauge', labels: containerLabels },
  container_cpu_usage_seconds_total: { ...container, kind: 'counter', labels: [...containerLabels, 'cpu'] },
  container_cpu_cfs_periods_total: { ...container, kind: 'counter', labels: containerLabels },
  container_cpu_cfs_throttled_periods_total: { ...container, kind: 'counter', labels: containerLabels },
  container_memory_working_set_bytes: { ...container, kind: 'gauge', labels: containerLabels },
  container_spec_memory_limit_bytes: { ...container, kind: 'gauge', labels: containerLabels },
  container_network_receive_bytes_total: {
    ...container,
    kind: 'counter',
    labels: [...containerLabels, 'interface'],
  },
  container_network_transmit_bytes_total: {
    ...container,
    kind: 'counter',
    labels: [...containerLabels, 'interface'],
  },
  container_oom_events_total: { ...container, kind: 'counter', labels: containerLabels },

  process_start_time_seconds: { ...backend, kind: 'gauge', labels: [] },
  process_resident_memory_bytes: { ...backend, kind: 'gauge', labels: [] },
  nodejs_heap_size_used_bytes: { ...backend, kind: 'gauge', labels: [] },
  nodejs_eventloop_lag_p50_seconds: { ...backend, kind: 'gauge', labels: [] },
  nodejs_eventloop_lag_p99_seconds: { ...backend, kind: 'gauge', labels: [] },
  nodejs_gc_duration_seconds: { ...backend, kind: 'histogram', labels: ['kind'] },

  prometheus_tsdb_head_series: { ...prometheus, kind: 'gauge', labels: [] },
  prometheus_tsdb_head_samples_appended_total: { ...prometheus, kind: 'counter', labels: [] },
  prometheus_tsdb_storage_blocks_bytes: { ...prometheus, kind: 'gauge', labels: [] },
  prometheus_tsdb_compactions_failed_total: { ...prometheus, kind: 'counter', labels: [] },
  prometheus_tsdb_reloads_failures_total: { ...prometheus, kind: 'counter', labels: [] },
  prometheus_tsdb_wal_corruptions_total: { ...prometheus, kind: 'counter', labels: [] },
  prometheus_rule_evaluation_failures_total: { ...prometheus, kind: 'counter', labels: ['rule_group'] },
  prometheus_rule_group_last_duration_seconds: { ...prometheus, kind: 'gauge', labels: ['rule_group'] },
  prometheus_config_last_reload_successful: { ...prometheus, kind: 'gauge', labels: [] },
  prometheus_notifications_sent_total: { ...prometheus, kind: 'counter', labels: ['alertmanager'] },
  prometheus_notifications_errors_total: { ...prometheus, kind: 'counter', labels: ['alertmanager'] },
  prometheus_notifications_dropped_total: { ...prometheus, kind: 'counter', labels: [] },

  alertmanager_alerts: { ...alertmanager, kind: 'gauge', labels: ['state'] },
  alertmanager_config_last_reload_successful: { ...alertmanager, kind: 'gauge', labels: [] },
  alertmanager_notifications_total: { ...alertmanager, kind: 'counter', labels: ['integration'] },
  alertmanager_notifications_failed_total: { ...alertmanager, kind: 'counter', labels: ['integration'] },

  grafana_http_request_duration_seconds: {
    ...grafana,
    kind: 'histogram',
    labels: ['handler', 'method', 'status_code'],
  },
} as const satisfies Record<string, ForeignMetric>;
