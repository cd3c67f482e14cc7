import { readFile, writeFile } from 'node:fs/promises';
import { parseDocument, type Document } from 'yaml';
import {
  loadConfig,
  projectName,
  type RawConfig,
  type RawSetting,
  type StackConfig,
} from '../infra/config.ts';
import { hasCode } from '../infra/errno.ts';
import { UserError } from './errors.ts';

const prefix = `${projectName}:`;

export function stackFileName(stack: string): string {
  return `Pulumi.${stack}.yaml`;
}

/**
 * Reads and validates Pulumi.<stack>.yaml without the Pulumi CLI, so that a wrong value is named at once and before
 * anything is downloaded, built or touched. Encrypted values stay unread.
 * @throws ConfigError with every problem; UserError when the file is missing or is no YAML.
 */
export async function readStackFile(stack: string): Promise<StackConfig> {
  return loadConfig(stack, settingsOf(await openStackFile(stack)));
}

/** Pulumi.<stack>.yaml with its comments, to be read or edited. */
export async function openStackFile(stack: string): Promise<Document> {
  const file = stackFileName(stack);
  if (!/^[A-Za-z0-9][A-Za-z0-9_.-]*$/.test(stack)) {
    throw new UserError(
      `"${stack}" is no name of a stack`,
      'use letters, digits, dots, dashes and underscores',
    );
  }
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    if (!hasCode(error, 'ENOENT')) throw error;
    throw new UserError(
      `stack "${stack}" has no file ${file}`,
      `name another stack with --stack, or begin one: cp Pulumi.prod.yaml ${file}`,
    );
  });
  const document = parseDocument(text);
  const [problem] = document.errors;
  if (problem !== undefined) throw new UserError(`${file}: ${problem.message}`, 'mend that line of the file');
  const root = (document.toJS() ?? {}) as { config?: unknown };
  if (!isMap(root) || !isMap(root.config ?? {})) {
    throw new UserError(
      `${file} is no map with settings under "config:"`,
      'look at Pulumi.dev.yaml for the shape',
    );
  }
  if (root.config === null) document.delete('config');
  return document;
}

export async function writeStackFile(stack: string, document: Document): Promise<void> {
  await writeFile(stackFileName(stack), document.toString());
}

/** The settings of this project in a stack file, without their prefix. */
export function settingsOf(document: Document): RawConfig {
  const { config } = (document.toJS() ?? {}) as { config?: Record<string, unknown> | null };
  const own = Object.entries(config ?? {}).filter(([key]) => key.startsWith(prefix));
  return Object.fromEntries(own.map(([key, value]) => [key.slice(prefix.length), setting(value)]));
}

function isMap(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Where a setting stands in the document. */
export function settingPath(key: string): [string, string] {
  return ['config', prefix + key];
}

function setting(value: unknown): RawSetting {
  if (typeof value === 'object' && value !== null) {
    return 'secure' in value ? { secret: true } : { value: JSON.stringify(value), secret: false };
  }
  return { value: String(value), secret: false };
}
