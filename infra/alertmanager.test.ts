import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { alertingGaps, alertmanagerConfig } from './alertmanager.ts';
import { loadConfig, type RawConfig } from './config.ts';
import { withSecrets } from './file-secrets.ts';

const mail = {
  'alertmanager.email': 'night@example.com',
  'alertmanager.smtpHost': 'mail.example.com:587',
  'alertmanager.smtpFrom': 'alerts@example.com',
};
const config = (plain: Record<string, string> = {}, secrets: string[] = []) =>
  loadConfig('dev', {
    ...Object.fromEntries(Object.entries(plain).map(([key, value]) => [key, { value, secret: false }])),
    ...(Object.fromEntries(secrets.map((key) => [key, { secret: true }])) as RawConfig),
  });

interface Receiver {
  name: string;
  webhook_configs?: { url: string }[];
  slack_configs?: object[];
  email_configs?: object[];
}
const receivers = (...args: Parameters<typeof config>) =>
  Object.fromEntries(
    (parse(alertmanagerConfig(config(...args))) as { receivers: Receiver[] }).receivers.map(
      ({ name, ...channels }) => [name, Object.keys(channels)],
    ),
  );

describe('receivers', () => {
  it('are empty until one is set', () => {
    expect(receivers()).toEqual({ warning: [], critical: [], heartbeat: [] });
  });

  it('are told of both severities, or of critical alerts alone', () => {
    const secrets = ['alertmanager.webhookUrl', 'alertmanager.slackUrl'];
    expect(receivers({ ...mail, 'alertmanager.webhookSeverity': 'critical' }, secrets)).toEqual({
      warning: ['slack_configs', 'email_configs'],
      critical: ['webhook_configs', 'slack_configs', 'email_configs'],
      heartbeat: [],
    });
  });

  it('hear the Watchdog only as the heartbeat', () => {
    expect(receivers({}, ['alertmanager.heartbeatUrl'])).toEqual({
      warning: [],
      critical: [],
      heartbeat: ['webhook_configs'],
    });
  });

  it('are named by their secrets, whose values a target puts in', () => {
    const text = alertmanagerConfig(config({}, ['alertmanager.webhookUrl']));
    expect(text).toContain('$(secret:alertmanager.webhookUrl)');
    const url = 'https://example.com/a?b="c": d';
    const filled = parse(withSecrets(text, { 'alertmanager.webhookUrl': url })) as { receivers: Receiver[] };
    expect(filled.receivers[0]?.webhook_configs?.[0]?.url).toBe(url);
    expect(() => withSecrets(text, {})).toThrow('no secret named alertmanager.webhookUrl');
  });
});

describe('alertingGaps', () => {
  const gaps = (...args: Parameters<typeof config>) =>
    alertingGaps(config(...args)).map(({ problem, fix }) => `${problem}: ${fix}`);

  it('says plainly that nobody is told, with the command that mends it', () => {
    expect(gaps()).toEqual([
      expect.stringContaining('nobody is told when an alert fires: ./stack config set --stack dev --secret'),
      expect.stringContaining('nobody notices when Prometheus or Alertmanager itself is down'),
    ]);
  });

  it('is quiet when somebody is', () => {
    expect(gaps(mail, ['alertmanager.heartbeatUrl'])).toEqual([]);
    expect(gaps({}, ['alertmanager.webhookUrl', 'alertmanager.heartbeatUrl'])).toEqual([]);
  });
});
