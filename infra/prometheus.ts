import { stringify } from 'yaml';
import type { StackConfig } from './config.ts';
import type { Workload } from './workload.ts';

const folder = '/etc/prometheus';

/** Flags of Prometheus; 2.42 knows the retention only as a flag, 3 still takes it. */
export function prometheusArgs(config: StackConfig): string[] {
  return [
    `--config.file=${folder}/prometheus.yml`,
    '--storage.tsdb.path=/prometheus',
    `--storage.tsdb.retention.time=${config['prometheus.retention']}`,
  ];
}

/**
 * The configuration files of Prometheus by path: one scrape job per workload that publishes metrics, so that no
 * endpoint is scraped twice, and the rule files.
 */
export function prometheusFiles(
  config: StackConfig,
  workloads: Workload[],
  rules: Record<string, string>,
): Record<string, string> {
  const main = {
    global: {
      scrape_interval: config['prometheus.scrapeInterval'],
      evaluation_interval: config['prometheus.scrapeInterval'],
    },
    rule_files: [`${folder}/rules/*.yml`],
    alerting: { alertmanagers: [{ static_configs: [{ targets: ['alertmanager:9093'] }] }] },
    scrape_configs: workloads.flatMap(scrapeJob),
  };
  const ruleFiles = Object.entries(rules).map(([name, text]): [string, string] => [
    `${folder}/rules/${name}`,
    text,
  ]);
  return { [`${folder}/prometheus.yml`]: stringify(main), ...Object.fromEntries<string>(ruleFiles) };
}

function scrapeJob({ name, metrics, ports }: Workload) {
  if (metrics === undefined) return [];
  const port = ports.find((candidate) => candidate.name === metrics.port)?.containerPort;
  if (port === undefined) throw new Error(`workload ${name} has no port named ${metrics.port}`);
  return [{ job_name: name, metrics_path: metrics.path, static_configs: [{ targets: [`${name}:${port}`] }] }];
}
