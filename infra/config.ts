import { Value } from 'typebox/value';
import { about, example, isNumeric, isSetting, settingsSchema, type Settings } from './settings.ts';

/** Pulumi's project, as Pulumi.yaml has it: what the keys of a stack file begin with. */
export const projectName = 'emotion-stack';

/** A validated stack config. Secrets are not in it: see `secretKeys`. */
export type StackConfig = Readonly<
  Omit<Settings, 'namePrefix'> & {
    stack: string;
    namePrefix: string;
    /** The secrets that are given, by name: without its address, Alertmanager has no receiver. */
    secrets: readonly SecretKey[];
  }
>;

/** Settings whose values are Pulumi secrets; the topology names them, only a target reads them. */
export const secretKeys = [
  'grafana.adminPassword',
  'backend.apiKey',
  'feedback.databaseUrl',
  'alertmanager.webhookUrl',
  'alertmanager.slackUrl',
  'alertmanager.smtpPassword',
  'alertmanager.heartbeatUrl',
] as const;
export type SecretKey = (typeof secretKeys)[number];

/** The stack that may run on the documented default password. */
const devStack = 'dev';
/**
 * Where it is empty, any stack may do without the secret: without a key, the API is open to all who reach it; without a
 * database, feedback is kept in a file; without an address, Alertmanager does not tell its receiver.
 */
export const devDefaults: Record<SecretKey, string> = {
  'grafana.adminPassword': 'admin123',
  'backend.apiKey': '',
  'feedback.databaseUrl': '',
  'alertmanager.webhookUrl': '',
  'alertmanager.slackUrl': '',
  'alertmanager.smtpPassword': '',
  'alertmanager.heartbeatUrl': '',
};

/** What the value of a secret must look like, and what is wrong otherwise. */
const url: [RegExp, string] = [/^https?:\/\/[^\s/]+\S*$/, 'must be an http or https URL'];
const secretForms: Partial<Record<SecretKey, [RegExp, string]>> = {
  'backend.apiKey': [/^[\w.~+/=-]+$/, 'travels in a header and may have only A-Z a-z 0-9 . _ ~ + / = -'],
  'alertmanager.webhookUrl': url,
  'alertmanager.slackUrl': url,
  'alertmanager.heartbeatUrl': url,
};

/** One setting as it stands in the stack file: plain text, or encrypted (then `value` may be unknown). */
export interface RawSetting {
  value?: string;
  secret: boolean;
}
export type RawConfig = Record<string, RawSetting>;

export interface Problem {
  field: string;
  value: string;
  problem: string;
  fix: string;
}

/** All that is wrong with a stack config, at once. */
export class ConfigError extends Error {
  override name = 'ConfigError';
  readonly problems: Problem[];
  constructor(stack: string, problems: Problem[]) {
    const lines = problems.map((p) => `  ${p.field} = ${p.value}: ${p.problem}\n    fix: ${p.fix}`);
    super(
      `The config of stack "${stack}" has ${problems.length} problem${problems.length === 1 ? '' : 's'}; nothing was touched.\n${lines.join('\n')}`,
    );
    this.problems = problems;
  }
}

/**
 * Validates the settings of one stack, without the project's prefix `emotion-stack:`.
 * @throws ConfigError with every problem: field, value, and the command that fixes it.
 */
export function loadConfig(stack: string, raw: RawConfig): StackConfig {
  const config = withDefaults(stack, raw);
  const problems = problemsOf(stack, raw);
  if (problems.length > 0) throw new ConfigError(stack, problems);
  return config;
}

/** What is wrong with the settings of one stack, in the order of the file. */
export function problemsOf(stack: string, raw: RawConfig): Problem[] {
  const config = withDefaults(stack, raw);
  return [
    ...schemaProblems(config),
    ...secretProblems(stack, raw),
    ...missingImages(config),
    ...missingMail(config),
    ...sharedPorts(config),
  ];
}

function withDefaults(stack: string, raw: RawConfig): StackConfig {
  const plain = Object.fromEntries(
    Object.entries(raw).flatMap(([key, { value }]) =>
      isSecretKey(key) ? [] : [[key, parsed(key, value ?? '')]],
    ),
  );
  const settings = Value.Default(settingsSchema, plain) as Settings;
  const secrets = secretKeys.filter((key) => raw[key] !== undefined && raw[key].value !== '');
  return { ...settings, namePrefix: settings.namePrefix ?? `emotion-${stack}`, stack, secrets };
}

/**
 * Plain decimals become numbers where a number is asked for; `true` and `1e3` stay text, and are refused. Only the
 * thresholds of alerts may have more than two decimals.
 */
function parsed(key: string, value: string): string | number {
  const decimal = key.startsWith('alerts.') ? /^\d+(\.\d+)?$/ : /^\d+(\.\d{1,2})?$/;
  return isNumeric(key) && decimal.test(value) ? Number(value) : value;
}

export function isSecretKey(key: string): key is SecretKey {
  return (secretKeys as readonly string[]).includes(key);
}

function schemaProblems({ stack, ...settings }: StackConfig): Problem[] {
  return Object.entries(settings).flatMap(([field, value]): Problem[] => {
    if (field === 'secrets') return [];
    if (!isSetting(field)) {
      const fix = unset(stack, field);
      return [{ field, value: quote(value), problem: `no such setting${didYouMean(field)}`, fix }];
    }
    if (Value.Check(settingsSchema.properties[field], value)) return [];
    const fix = set(stack, field, example(field));
    return [{ field, value: quote(value), problem: `must be ${about(field).description}`, fix }];
  });
}

function secretProblems(stack: string, raw: RawConfig): Problem[] {
  return secretKeys.flatMap((field): Problem[] => {
    const given = raw[field];
    if (given === undefined && (stack === devStack || devDefaults[field] === '')) return [];
    const fix = `./stack config set --stack ${stack} --secret ${field}`;
    if (given === undefined) {
      return [{ field, value: '(not set)', problem: `has a default only in the stack "${devStack}"`, fix }];
    }
    if (!given.secret) return [{ field, value: '(plain text)', problem: 'must be stored as a secret', fix }];
    if (given.value !== undefined && given.value.length < 8) {
      return [{ field, value: '(secret)', problem: 'must have at least 8 characters', fix }];
    }
    if (stack !== devStack && given.value === devDefaults[field]) {
      return [{ field, value: '(the documented default)', problem: 'everyone knows it', fix }];
    }
    const [form, problem] = secretForms[field] ?? [/^/, ''];
    return given.value === undefined || form.test(given.value)
      ? []
      : [{ field, value: '(secret)', problem, fix }];
  });
}

function missingImages(config: StackConfig): Problem[] {
  if (config['images.source'] !== 'pull') return [];
  return (['images.backend', 'images.frontend'] as const)
    .filter((field) => config[field] === undefined)
    .map((field) => ({
      field,
      value: '(not set)',
      problem: 'is needed when images.source is "pull"',
      fix: set(config.stack, field, example(field)),
    }));
}

/** What a mail needs beside an address. */
function missingMail(config: StackConfig): Problem[] {
  const needed = (['alertmanager.smtpHost', 'alertmanager.smtpFrom'] as const).map((field) => ({
    field,
    by: 'alertmanager.email',
    wanted: config['alertmanager.email'] !== undefined,
  }));
  const user = {
    field: 'alertmanager.smtpUser' as const,
    by: 'alertmanager.smtpPassword',
    wanted: config.secrets.includes('alertmanager.smtpPassword'),
  };
  return [...needed, user]
    .filter(({ field, wanted }) => wanted && config[field] === undefined)
    .map(({ field, by }) => ({
      field,
      value: '(not set)',
      problem: `is needed by ${by}`,
      fix: set(config.stack, field, example(field)),
    }));
}

function sharedPorts(config: StackConfig): Problem[] {
  const fields = ['ports.backend', 'ports.frontend', 'ports.prometheus', 'ports.grafana'] as const;
  return fields.flatMap((field, index) => {
    const other = fields.slice(0, index).find((earlier) => config[earlier] === config[field]);
    if (other === undefined) return [];
    const free = Math.max(...fields.map((f) => config[f])) + 1;
    const fix = set(config.stack, field, String(free));
    return [{ field, value: String(config[field]), problem: `is the port of ${other} too`, fix }];
  });
}

function set(stack: string, field: string, value: string): string {
  return `./stack config set --stack ${stack} ${field} ${value}`;
}

function unset(stack: string, field: string): string {
  return `./stack config rm --stack ${stack} ${field}`;
}

function quote(value: unknown): string {
  return typeof value === 'string' ? `"${value}"` : String(value);
}

/** Names the setting that a mistyped one probably means: the one that shares most three-letter runs with it. */
export function didYouMean(field: string): string {
  const runs = (text: string) => new Set(Array.from(text, (_, i) => text.slice(i, i + 3)));
  const wanted = runs(field.toLowerCase());
  const shared = (key: string) => [...runs(key.toLowerCase())].filter((run) => wanted.has(run)).length;
  const keys = [...Object.keys(settingsSchema.properties), ...secretKeys];
  const best = keys.reduce((a, b) => (shared(b) > shared(a) ? b : a));
  return shared(best) * 2 > wanted.size ? `; did you mean ${best}?` : '';
}

/** MiB of a quantity such as `512Mi` or `2Gi`. */
export function mebibytes(quantity: string): number {
  return Number.parseInt(quantity, 10) * (quantity.endsWith('Gi') ? 1024 : 1);
}
