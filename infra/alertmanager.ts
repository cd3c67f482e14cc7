import { stringify } from 'yaml';
import type { Severity } from '../alerts/rule.ts';
import type { SecretKey, StackConfig } from './config.ts';
import { fileSecret } from './file-secrets.ts';

export const alertmanagerConfigFile = '/etc/alertmanager/alertmanager.yml';

/** What the alerts that follow from another one have in common: while that one fires, nobody is told of them. */
const consequences = [
  { of: ['alertname = BackendDown'], are: ['service =~ backend|model|audio', 'alertname != BackendDown'] },
  { of: ['alertname = TargetDown', 'job = cadvisor'], are: ['service =~ containers|frontend'] },
  { of: ['alertname = TargetDown', 'job = node-exporter'], are: ['service = host'] },
];

/**
 * Who is told of what: both severities to the receivers that ask for them, the critical ones sooner and again and
 * again; the Watchdog to whoever misses it. Without receivers alerts stay visible in Prometheus and in the API.
 */
export function alertmanagerConfig(config: StackConfig): string {
  return stringify({
    ...mailServer(config),
    route: {
      receiver: 'warning',
      group_by: ['alertname', 'service'],
      group_wait: '30s',
      group_interval: '5m',
      repeat_interval: '12h',
      routes: [
        {
          matchers: ['alertname = Watchdog'],
          receiver: 'heartbeat',
          group_wait: '0s',
          group_interval: '1m',
          repeat_interval: '1m',
        },
        { matchers: ['severity = critical'], receiver: 'critical', group_wait: '10s', repeat_interval: '1h' },
      ],
    },
    inhibit_rules: [
      ...consequences.map(({ of, are }) => ({ source_matchers: of, target_matchers: are })),
      {
        source_matchers: ['severity = critical'],
        target_matchers: ['severity = warning'],
        // Of one container or disk, where the alert is about one.
        equal: ['service', 'name', 'mountpoint'],
      },
    ],
    receivers: [
      { name: 'warning', ...channels(config, 'warning') },
      { name: 'critical', ...channels(config, 'critical') },
      { name: 'heartbeat', ...webhook(config, 'alertmanager.heartbeatUrl', { send_resolved: false }) },
    ],
  });
}

/** Why alerts of this stack might reach nobody, and what to do about it. */
export function alertingGaps(config: StackConfig): { problem: string; fix: string }[] {
  const command = `./stack config set --stack ${config.stack}`;
  const told = (severity: Severity) => Object.keys(channels(config, severity)).length > 0;
  return [
    ...(told('critical')
      ? []
      : [
          {
            problem: 'no receiver is set: nobody is told when an alert fires',
            fix: `${command} --secret alertmanager.webhookUrl (or slackUrl, or alertmanager.email; see docs/operations.md)`,
          },
        ]),
    ...(config.secrets.includes('alertmanager.heartbeatUrl')
      ? []
      : [
          {
            problem: 'no heartbeat is set: nobody notices when Prometheus or Alertmanager itself is down',
            fix: `${command} --secret alertmanager.heartbeatUrl`,
          },
        ]),
  ];
}

/** Where alerts of a severity go. */
function channels(config: StackConfig, severity: Severity): object {
  const wants = (channel: 'webhook' | 'slack' | 'email') =>
    severity === 'critical' || config[`alertmanager.${channel}Severity`] === 'warning';
  const email = config['alertmanager.email'];
  return {
    ...(wants('webhook') && webhook(config, 'alertmanager.webhookUrl', { send_resolved: true })),
    ...(wants('slack') &&
      config.secrets.includes('alertmanager.slackUrl') && {
        slack_configs: [
          {
            api_url: fileSecret('alertmanager.slackUrl'),
            send_resolved: true,
            title: '{{ .Status | toUpper }} {{ .CommonLabels.alertname }}: {{ .CommonAnnotations.summary }}',
            text: '{{ range .Alerts }}{{ .Annotations.description }}\n{{ end }}{{ .CommonAnnotations.runbook }}',
          },
        ],
      }),
    ...(wants('email') && email !== undefined && { email_configs: [{ to: email, send_resolved: true }] }),
  };
}

function webhook(config: StackConfig, key: SecretKey, options: object): object {
  if (!config.secrets.includes(key)) return {};
  // Not `url_file`: Debian's Alertmanager 0.25 does not know it.
  return { webhook_configs: [{ url: fileSecret(key), ...options }] };
}

function mailServer(config: StackConfig): object {
  const user = config['alertmanager.smtpUser'];
  if (config['alertmanager.email'] === undefined) return {};
  return {
    global: {
      smtp_smarthost: config['alertmanager.smtpHost'],
      smtp_from: config['alertmanager.smtpFrom'],
      ...(user !== undefined && { smtp_auth_username: user }),
      ...(config.secrets.includes('alertmanager.smtpPassword') && {
        smtp_auth_password: fileSecret('alertmanager.smtpPassword'),
      }),
    },
  };
}
