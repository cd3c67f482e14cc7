import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { loadConfig, secretKeys, type RawConfig } from '../infra/config.ts';
import { withSecrets } from '../infra/file-secrets.ts';
import { topology } from '../infra/topology.ts';

/** A stack that sets every receiver, with made-up secrets. */
const everyReceiver: RawConfig = {
  ...Object.fromEntries(secretKeys.map((key) => [key, { secret: true }])),
  'alertmanager.email': { value: 'night@example.com,day@example.com', secret: false },
  'alertmanager.smtpHost': { value: 'mail.example.com:587', secret: false },
  'alertmanager.smtpFrom': { value: 'alerts@example.com', secret: false },
  'alertmanager.smtpUser': { value: 'alerts', secret: false },
};
const madeUp = Object.fromEntries(secretKeys.map((key) => [key, `http://example.com/"${key}"`]));

/** Configuration files to be checked, by their paths in a folder. */
export interface CheckedConfigs {
  rules: string[];
  prometheus: string;
  /** Without receivers, and with every one of them. */
  alertmanager: string[];
}

/** Writes what Prometheus and Alertmanager of two stacks read: one on its defaults, one with every receiver. */
export function writeConfigs(folder: string): CheckedConfigs {
  const write = (name: string, raw: RawConfig) => {
    mkdirSync(join(folder, name), { recursive: true });
    const workloads = topology(loadConfig('dev', raw), { grafana: true });
    return workloads
      .filter((workload) => workload.name === 'prometheus' || workload.name === 'alertmanager')
      .flatMap(({ files = {} }) => Object.entries(files))
      .map(([path, text]) => {
        const file = join(name, basename(path));
        writeFileSync(join(folder, file), withSecrets(text, madeUp));
        return file;
      });
  };
  const plain = write('defaults', {});
  write('receivers', everyReceiver);
  return {
    rules: plain.filter((file) => file.endsWith('.rules.yml')),
    prometheus: 'defaults/prometheus.yml',
    alertmanager: ['defaults/alertmanager.yml', 'receivers/alertmanager.yml'],
  };
}

/** Who is told of an alert with these labels. */
export const routes: [receiver: string, ...labels: string[]][] = [
  ['heartbeat', 'alertname=Watchdog', 'severity=none'],
  ['critical', 'alertname=ModelDriftDetected', 'severity=critical', 'service=model'],
  ['warning', 'alertname=HighPredictionLatency', 'severity=warning', 'service=backend'],
];
