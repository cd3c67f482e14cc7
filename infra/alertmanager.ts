import { stringify } from 'yaml';

export const alertmanagerConfigFile = '/etc/alertmanager/alertmanager.yml';

/** Groups alerts; where nobody is configured to be told, they stay visible in Alertmanager's API. */
export function alertmanagerConfig(): string {
  return stringify({
    route: {
      receiver: 'none',
      group_by: ['alertname'],
      group_wait: '30s',
      group_interval: '5m',
      repeat_interval: '4h',
    },
    receivers: [{ name: 'none' }],
  });
}
