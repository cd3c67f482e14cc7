import { stringify } from 'yaml';
import { dashboards } from '../dashboards/index.ts';
import type { StackConfig } from './config.ts';
import type { SecretRef } from './workload.ts';

const provisioning = '/etc/grafana/provisioning';
const dashboardFolder = '/etc/grafana/dashboards';

/** What Grafana reads from its environment; the password reaches it only as a secret. */
export function grafanaEnv(config: StackConfig): Record<string, string | SecretRef> {
  return {
    GF_SECURITY_ADMIN_USER: config['grafana.adminUser'],
    GF_SECURITY_ADMIN_PASSWORD: { secret: 'grafana.adminPassword' },
    GF_USERS_ALLOW_SIGN_UP: 'false',
    GF_ANALYTICS_REPORTING_ENABLED: 'false',
    GF_ANALYTICS_CHECK_FOR_UPDATES: 'false',
    GF_ANALYTICS_CHECK_FOR_PLUGIN_UPDATES: 'false',
    GF_NEWS_NEWS_FEED_ENABLED: 'false',
    GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH: `${dashboardFolder}/emotion-overview.json`,
    // Left alone, Grafana fetches plugins of its own choice at every start.
    ...(config['grafana.plugins'] === ''
      ? { GF_PLUGINS_PREINSTALL_DISABLED: 'true' }
      : { GF_PLUGINS_PREINSTALL: config['grafana.plugins'] }),
  };
}

/** Provisioned data source and dashboards, by path in the container. */
export function grafanaFiles(config: StackConfig): Record<string, string> {
  const datasource = {
    apiVersion: 1,
    datasources: [
      {
        name: 'Prometheus',
        uid: 'prometheus',
        type: 'prometheus',
        access: 'proxy',
        url: 'http://prometheus:9090',
        isDefault: true,
        editable: false,
        // Grafana derives $__rate_interval from it: four scrapes, so that a rate never spans a single sample.
        jsonData: { timeInterval: config['prometheus.scrapeInterval'], httpMethod: 'POST' },
      },
    ],
  };
  const provider = {
    apiVersion: 1,
    providers: [
      {
        name: 'emotion-stack',
        type: 'file',
        allowUiUpdates: false,
        disableDeletion: true,
        options: { path: dashboardFolder },
      },
    ],
  };
  const boards = dashboards({
    scrapeInterval: config['prometheus.scrapeInterval'],
    namePrefix: config.namePrefix,
  });
  return {
    [`${provisioning}/datasources/prometheus.yaml`]: stringify(datasource),
    [`${provisioning}/dashboards/emotion-stack.yaml`]: stringify(provider),
    ...Object.fromEntries(
      boards.map(({ uid, json }) => [`${dashboardFolder}/${uid}.json`, JSON.stringify(json, null, 2)]),
    ),
  };
}
