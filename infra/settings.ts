import Type from 'typebox';
import { alertSettings, type AlertSettings } from './alert-settings.ts';
import { cpu, duration, imageReference, memory, port, severity, text } from './setting-types.ts';

/**
 * Every setting of a stack: its type, its default and what it must be, once. Keys are flat, as
 * `pulumi config set prometheus.retention 300h` writes them.
 */
const settings = {
  target: Type.Literal('docker', { default: 'docker', description: '"docker"', examples: ['docker'] }),
  namePrefix: Type.Optional(
    Type.String({
      pattern: '^[a-z][a-z0-9-]{0,30}[a-z0-9]$',
      description: '2 to 32 lower-case letters, digits and dashes, beginning with a letter',
      examples: ['emotion-dev'],
    }),
  ),
  bindAddress: Type.String({
    format: 'ipv4',
    default: '127.0.0.1',
    description: 'an IPv4 address of this machine',
    examples: ['127.0.0.1'],
  }),
  'ports.backend': port(3120),
  'ports.frontend': port(3121),
  'ports.prometheus': port(3122),
  'ports.grafana': port(3123),
  'prometheus.retention': duration('200h'),
  // Above a minute, the rates over five minutes that dashboards and alerts use would lose their meaning.
  'prometheus.scrapeInterval': Type.String({
    pattern: '^([1-9]|[1-5][0-9]|60)s$',
    default: '15s',
    description: 'a duration from 1s to 60s',
    examples: ['15s'],
  }),
  'images.source': Type.Enum(['build', 'pull'], {
    default: 'build',
    description: '"build" (from services/) or "pull" (pre-built images)',
    examples: ['build'],
  }),
  'images.backend': imageReference('backend'),
  'images.frontend': imageReference('frontend'),
  'grafana.adminUser': Type.String({
    pattern: '^[A-Za-z0-9._@-]{1,64}$',
    default: 'admin',
    description: '1 to 64 letters, digits and . _ @ -',
    examples: ['admin'],
  }),
  'grafana.plugins': Type.String({
    pattern: '^([a-z0-9-]+(,[a-z0-9-]+)*)?$',
    default: '',
    description: 'plugin ids separated by commas, or empty',
    examples: ['grafana-clock-panel'],
  }),
  'alertmanager.webhookSeverity': severity(),
  'alertmanager.slackSeverity': severity(),
  'alertmanager.emailSeverity': severity(),
  'alertmanager.email': text(
    '^[^\\s@]+@[^\\s@]+(,[^\\s@]+@[^\\s@]+)*$',
    'addresses that alerts are sent to, separated by commas',
    'night-shift@example.com',
  ),
  'alertmanager.smtpHost': text('^[^\\s:]+:[0-9]+$', 'the mail server, as HOST:PORT', 'mail.example.com:587'),
  'alertmanager.smtpFrom': text(
    '^[^\\s@]+@[^\\s@]+$',
    'the address that mails come from',
    'alerts@example.com',
  ),
  'alertmanager.smtpUser': text('^\\S+$', 'the user name at the mail server', 'alerts@example.com'),
  'resources.backend.cpu': cpu(1),
  'resources.backend.memory': memory('1Gi'),
  'resources.frontend.cpu': cpu(0.5),
  'resources.frontend.memory': memory('256Mi'),
  'resources.prometheus.cpu': cpu(1),
  'resources.prometheus.memory': memory('1Gi'),
  'resources.alertmanager.cpu': cpu(0.25),
  'resources.alertmanager.memory': memory('128Mi'),
  'resources.grafana.cpu': cpu(0.5),
  'resources.grafana.memory': memory('512Mi'),
  'resources.node-exporter.cpu': cpu(0.25),
  'resources.node-exporter.memory': memory('64Mi'),
  'resources.cadvisor.cpu': cpu(0.5),
  'resources.cadvisor.memory': memory('256Mi'),
};

// The names of the alerts' settings follow from alerts/; `AlertSettings` is their type.
export const settingsSchema = Type.Object(
  { ...settings, ...alertSettings },
  {
    additionalProperties: false,
  },
);

export type Settings = Type.Static<typeof settingsSchema> & AlertSettings;
export type SettingKey = keyof typeof settingsSchema.properties;

/** Every plain setting: its default (empty where there is none) and what it must be. */
export function describeSettings(): { key: string; default: string; description: string }[] {
  return Object.entries(settingsSchema.properties).map(([key, property]) => ({
    key,
    default: String((property as { default?: string | number }).default ?? ''),
    description: about(key as SettingKey).description,
  }));
}

/** What every schema above says of itself; TypeBox's types leave it out. */
export function about(field: SettingKey): { description: string; examples: unknown[] } {
  return settingsSchema.properties[field] as unknown as { description: string; examples: unknown[] };
}

/** A value that would be right. */
export function example(field: SettingKey): string {
  return String(about(field).examples[0]);
}

/** Whether there is a setting of this name. */
export function isSetting(field: string): field is SettingKey {
  return Object.hasOwn(settingsSchema.properties, field);
}

/** Whether a setting is a number. */
export function isNumeric(field: string): boolean {
  return (
    isSetting(field) && /^(integer|number)$/.test((settingsSchema.properties[field] as { type: string }).type)
  );
}
