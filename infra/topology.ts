import { ruleFiles, type AlertOptions } from '../alerts/index.ts';
import { alertmanagerConfig, alertmanagerConfigFile } from './alertmanager.ts';
import { mebibytes, type StackConfig } from './config.ts';
import { grafanaEnv, grafanaFiles } from './grafana.ts';
import type { ServiceName } from './images.ts';
import { prometheusArgs, prometheusFiles } from './prometheus.ts';
import { publicUrls } from './urls.ts';
import type { Resources, Workload } from './workload.ts';

/** User ids of the official images, which our own builds of them keep. */
const user = { node: 1000, nobody: 65534, grafana: 472, root: 0 };

/** Both services take an empty one as none. The frontend's server holds it, so that no browser does. */
const apiKey = { secret: 'backend.apiKey' };

/** What the machine can offer a stack; Grafana comes from an image registry or a tarball only. */
export interface Offer {
  grafana: boolean;
}

/** Every workload of a stack as plain data: no resource is made here. */
export function topology(config: StackConfig, offer: Offer): Workload[] {
  const watched = [
    backend(config),
    frontend(config, offer),
    alertmanager(config),
    ...(offer.grafana ? [grafana(config)] : []),
    nodeExporter(config),
    cadvisor(config),
  ];
  return [...watched, prometheus(config, offer, watched)];
}

function backend(config: StackConfig): Workload {
  return {
    name: 'backend',
    description: 'Emotion classification API',
    image: { build: 'backend' },
    env: {
      HOST: '0.0.0.0',
      PORT: '3120',
      API_KEY: apiKey,
      DATA_DIR: '/data',
      // Empty where it is not set: then feedback is a file in the data folder.
      FEEDBACK_DATABASE_URL: { secret: 'feedback.databaseUrl' },
    },
    volumes: [{ name: 'backend_data', mountPath: '/data' }],
    tmpfs: ['/tmp'],
    ports: [{ name: 'http', containerPort: 3120, hostPort: config['ports.backend'] }],
    readiness: nodeReadiness(3120, '/ready'),
    metrics: { port: 'http', path: '/metrics' },
    resources: resources(config, 'backend'),
    securityContext: { runAsUser: user.node, readOnlyRootFilesystem: true },
    terminationGracePeriodSeconds: 30,
  };
}

function frontend(config: StackConfig, offer: Offer): Workload {
  const urls = publicUrls(config);
  return {
    name: 'frontend',
    description: 'Web interface',
    image: { build: 'frontend' },
    env: {
      HOST: '0.0.0.0',
      PORT: '3121',
      BACKEND_URL: 'http://backend:3120',
      BACKEND_API_KEY: apiKey,
      PROMETHEUS_URL: urls.prometheus,
      ...(offer.grafana ? { GRAFANA_URL: urls.grafana } : {}),
    },
    tmpfs: ['/tmp'],
    ports: [{ name: 'http', containerPort: 3121, hostPort: config['ports.frontend'] }],
    readiness: nodeReadiness(3121, '/health'),
    resources: resources(config, 'frontend'),
    securityContext: { runAsUser: user.node, readOnlyRootFilesystem: true },
    terminationGracePeriodSeconds: 10,
  };
}

/** The Node images carry no wget or curl; they carry Node. */
function nodeReadiness(port: number, path: string) {
  const probe = `fetch('http://127.0.0.1:${port}${path}').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))`;
  return { port: 'http', path, exec: ['node', '-e', probe] };
}

function prometheus(config: StackConfig, offer: Offer, watched: Workload[]): Workload {
  const self: Workload = {
    name: 'prometheus',
    description: 'Metrics and alert rules',
    image: { thirdParty: 'prometheus' },
    args: prometheusArgs(config),
    volumes: [{ name: 'prometheus_data', mountPath: '/prometheus' }],
    ports: [{ name: 'http', containerPort: 9090, hostPort: config['ports.prometheus'] }],
    readiness: {
      port: 'http',
      path: '/-/ready',
      // Refused until the data is loaded; Prometheus 2.42 has no `promtool check ready` yet.
      exec: ['/bin/promtool', 'query', 'instant', 'http://127.0.0.1:9090', '1'],
    },
    metrics: { port: 'http', path: '/metrics' },
    resources: resources(config, 'prometheus'),
    // Docker uploads the configuration into the container, which a read-only root file system refuses; the
    // process is nobody, and nothing but its data folder is writable to it.
    securityContext: { runAsUser: user.nobody, readOnlyRootFilesystem: false },
    // Long enough to write the head block of a busy day.
    terminationGracePeriodSeconds: 120,
  };
  const rules = ruleFiles(alertOptions(config, offer));
  return { ...self, files: prometheusFiles(config, [...watched, self], rules) };
}

/** The alerts as this stack has them. */
export function alertOptions(config: StackConfig, offer: Offer): AlertOptions {
  return {
    grafanaUrl: offer.grafana ? publicUrls(config).grafana : undefined,
    namePrefix: config.namePrefix,
    threshold: ({ alert }) => config[`alerts.${alert}.threshold`],
    for: ({ alert }) => config[`alerts.${alert}.for`],
  };
}

function alertmanager(config: StackConfig): Workload {
  return {
    name: 'alertmanager',
    description: 'Groups alerts and tells people',
    image: { thirdParty: 'alertmanager' },
    args: [
      `--config.file=${alertmanagerConfigFile}`,
      '--storage.path=/alertmanager',
      // One instance: without peers, gossip only opens a port.
      '--cluster.listen-address=',
    ],
    files: { [alertmanagerConfigFile]: alertmanagerConfig(config) },
    volumes: [{ name: 'alertmanager_data', mountPath: '/alertmanager' }],
    ports: [{ name: 'http', containerPort: 9093 }],
    readiness: {
      port: 'http',
      path: '/-/ready',
      exec: ['/bin/amtool', '--alertmanager.url=http://127.0.0.1:9093', 'config', 'show'],
    },
    metrics: { port: 'http', path: '/metrics' },
    resources: resources(config, 'alertmanager'),
    securityContext: { runAsUser: user.nobody, readOnlyRootFilesystem: false },
    terminationGracePeriodSeconds: 30,
  };
}

function grafana(config: StackConfig): Workload {
  return {
    name: 'grafana',
    description: 'Dashboards',
    image: { thirdParty: 'grafana' },
    env: grafanaEnv(config),
    files: grafanaFiles(config),
    volumes: [{ name: 'grafana_data', mountPath: '/var/lib/grafana' }],
    ports: [{ name: 'http', containerPort: 3000, hostPort: config['ports.grafana'] }],
    readiness: { port: 'http', path: '/api/health' },
    metrics: { port: 'http', path: '/metrics' },
    resources: resources(config, 'grafana'),
    securityContext: { runAsUser: user.grafana, readOnlyRootFilesystem: false },
    terminationGracePeriodSeconds: 30,
  };
}

function nodeExporter(config: StackConfig): Workload {
  return {
    name: 'node-exporter',
    description: 'Metrics of the machine',
    image: { thirdParty: 'node-exporter' },
    args: [
      // The machine's interfaces are visible only from its own network; listening on the stack's network keeps
      // the port unpublished and lets two stacks share a machine.
      '--web.listen-address=$(HOST_IP):9100',
      '--path.rootfs=/host',
      '--path.procfs=/host/proc',
      '--path.sysfs=/host/sys',
    ],
    ports: [{ name: 'http', containerPort: 9100 }],
    readiness: { port: 'http', path: '/' },
    metrics: { port: 'http', path: '/metrics' },
    resources: resources(config, 'node-exporter'),
    securityContext: { runAsUser: user.nobody, readOnlyRootFilesystem: true },
    perNode: true,
    hostNetwork: true,
    hostMounts: [{ hostPath: '/', mountPath: '/host' }],
    terminationGracePeriodSeconds: 10,
  };
}

function cadvisor(config: StackConfig): Workload {
  return {
    name: 'cadvisor',
    description: 'Metrics of the containers',
    image: { thirdParty: 'cadvisor' },
    args: [
      '--port=8080',
      '--docker_only=true',
      '--store_container_labels=false',
      '--housekeeping_interval=10s',
    ],
    ports: [{ name: 'http', containerPort: 8080 }],
    readiness: { port: 'http', path: '/healthz' },
    metrics: { port: 'http', path: '/metrics' },
    resources: resources(config, 'cadvisor'),
    // Root, because Docker's socket and folders belong to root; without any capability and with nothing writable.
    securityContext: { runAsUser: user.root, readOnlyRootFilesystem: true },
    perNode: true,
    hostMounts: [
      { hostPath: '/', mountPath: '/rootfs' },
      { hostPath: '/var/run', mountPath: '/var/run' },
      { hostPath: '/sys', mountPath: '/sys' },
      { hostPath: '/var/lib/docker', mountPath: '/var/lib/docker' },
    ],
    terminationGracePeriodSeconds: 10,
  };
}

type Limited = ServiceName | 'prometheus' | 'alertmanager' | 'grafana' | 'node-exporter' | 'cadvisor';

function resources(config: StackConfig, name: Limited): Resources {
  return {
    cpu: config[`resources.${name}.cpu`],
    memory: mebibytes(config[`resources.${name}.memory`]),
  };
}
