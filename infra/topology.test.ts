import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { loadConfig, type RawConfig } from './config.ts';
import { topology } from './topology.ts';

const settings = (changes: Record<string, string> = {}): RawConfig =>
  Object.fromEntries(Object.entries(changes).map(([key, value]) => [key, { value, secret: false }]));
const config = (changes?: Record<string, string>) => loadConfig('dev', settings(changes));
const named = (name: string, changes?: Record<string, string>) => {
  const workload = topology(config(changes), { grafana: true }).find((one) => one.name === name);
  if (workload === undefined) throw new Error(`no workload ${name}`);
  return workload;
};

interface PrometheusConfig {
  global: { scrape_interval: string };
  scrape_configs: { job_name: string; static_configs: { targets: string[] }[] }[];
}
const prometheusConfig = (changes?: Record<string, string>) =>
  parse(named('prometheus', changes).files?.['/etc/prometheus/prometheus.yml'] ?? '') as PrometheusConfig;

describe('topology', () => {
  it('declares the seven workloads, and all but Grafana where no image of it can be had', () => {
    const names = (grafana: boolean) => topology(config(), { grafana }).map(({ name }) => name);
    expect(names(true).sort()).toEqual(
      ['alertmanager', 'backend', 'cadvisor', 'frontend', 'grafana', 'node-exporter', 'prometheus'].sort(),
    );
    expect(names(false)).not.toContain('grafana');
  });

  it('is the same data every time', () => {
    expect(topology(config(), { grafana: true })).toEqual(topology(config(), { grafana: true }));
  });

  it('publishes the four services only', () => {
    const published = topology(config(), { grafana: true }).flatMap(({ name, ports }) =>
      ports.flatMap(({ hostPort }) => (hostPort === undefined ? [] : [`${name}:${hostPort}`])),
    );
    expect(published.sort()).toEqual(['backend:3120', 'frontend:3121', 'grafana:3123', 'prometheus:3122']);
  });

  it('keeps every workload from root but cAdvisor, and without added capabilities', () => {
    for (const { name, securityContext } of topology(config(), { grafana: true })) {
      if (name !== 'cadvisor') expect(securityContext.runAsUser, name).toBeGreaterThan(0);
      expect(securityContext.capabilities ?? [], name).toEqual([]);
    }
  });

  it('names the Grafana password as a secret and never carries its value', () => {
    expect(named('grafana').env?.GF_SECURITY_ADMIN_PASSWORD).toEqual({ secret: 'grafana.adminPassword' });
    expect(JSON.stringify(topology(config(), { grafana: true }))).not.toContain('admin123');
  });
});

describe('the backend', () => {
  it('keeps its data on its volume, and the URL of its database a secret', () => {
    const { env, volumes } = named('backend');
    expect(volumes?.map(({ mountPath }) => mountPath)).toEqual([env?.DATA_DIR]);
    expect(env?.FEEDBACK_DATABASE_URL).toEqual({ secret: 'feedback.databaseUrl' });
  });
});

describe('the API key', () => {
  it('reaches the backend and the frontend as one secret', () => {
    const secret = { secret: 'backend.apiKey' };
    expect(named('backend').env?.API_KEY).toEqual(secret);
    expect(named('frontend').env?.BACKEND_API_KEY).toEqual(secret);
  });
});

describe('Prometheus', () => {
  it('scrapes each endpoint under one job only', () => {
    const jobs = prometheusConfig().scrape_configs;
    const targets = jobs.flatMap((job) => job.static_configs.flatMap((one) => one.targets));
    expect(new Set(targets).size).toBe(targets.length);
    expect(jobs.map((job) => job.job_name).sort()).toEqual(
      ['alertmanager', 'backend', 'cadvisor', 'grafana', 'node-exporter', 'prometheus'].sort(),
    );
    expect(targets).toContain('backend:3120');
  });

  it('takes retention and scrape interval from the config', () => {
    expect(named('prometheus').args).toContain('--storage.tsdb.retention.time=200h');
    expect(prometheusConfig().global.scrape_interval).toBe('15s');
    const changes = { 'prometheus.retention': '30d', 'prometheus.scrapeInterval': '5s' };
    expect(named('prometheus', changes).args).toContain('--storage.tsdb.retention.time=30d');
    expect(prometheusConfig(changes).global.scrape_interval).toBe('5s');
  });

  it('takes thresholds and durations of alerts from the config', () => {
    const rules = (changes?: Record<string, string>) =>
      named('prometheus', changes).files?.['/etc/prometheus/rules/drift.rules.yml'];
    expect(rules()).toContain('expr: data_drift_score > 0.1\n        for: 5m');
    const changes = { 'alerts.ModelDriftDetected.threshold': '0.25', 'alerts.ModelDriftDetected.for': '10s' };
    expect(rules(changes)).toContain('expr: data_drift_score > 0.25\n        for: 10s');
  });

  it('changes nothing but itself when the retention changes', () => {
    const others = (changes?: Record<string, string>) =>
      topology(config(changes), { grafana: true }).filter(({ name }) => name !== 'prometheus');
    expect(others({ 'prometheus.retention': '300h' })).toEqual(others());
  });
});
