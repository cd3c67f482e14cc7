import {
  ConfigError,
  didYouMean,
  isSecretKey,
  problemsOf,
  secretKeys,
  type RawConfig,
} from '../../infra/config.ts';
import { describeSettings, isSetting } from '../../infra/settings.ts';
import { UserError } from '../errors.ts';
import { preparePulumi } from '../prepare.ts';
import { readSecret } from '../prompt.ts';
import { openStackFile, settingPath, settingsOf, stackFileName, writeStackFile } from '../stack-file.ts';
import { table } from '../table.ts';
import { setSecret } from '../workspace.ts';

/** Prints every setting of a stack: its value, its default, and what it must be. */
export async function configList(stack: string): Promise<void> {
  const raw = settingsOf(await openStackFile(stack));
  const plain = describeSettings().map(({ key, default: fallback, description }) => [
    key,
    raw[key]?.value ?? '',
    fallback,
    description,
  ]);
  const secret = secretKeys.map((key) => [
    key,
    key in raw ? '(secret)' : '',
    '',
    'a secret of 8 characters or more',
  ]);
  console.log(table([['SETTING', 'VALUE', 'DEFAULT', 'MUST BE'], ...plain, ...secret]));
}

/**
 * Writes one setting into the stack's file, comments kept.
 * @throws ConfigError when its value is wrong; the file then stays as it was.
 */
export async function configSet(stack: string, key: string, value: string): Promise<void> {
  const document = await openStackFile(stack);
  const before = settingsOf(document);
  if (!isSetting(key) && !isSecretKey(key)) {
    throw new UserError(
      `there is no setting ${key}${didYouMean(key)}`,
      `./stack config list --stack ${stack}`,
    );
  }
  refuse(stack, before, { ...before, [key]: { value, secret: false } });
  document.setIn(settingPath(key), value);
  await writeStackFile(stack, document);
}

/**
 * Encrypts a secret, read from a terminal or from standard input, into the stack's file.
 * @throws ConfigError when the value is too short or the documented default.
 */
export async function configSetSecret(stack: string, key: string): Promise<void> {
  const raw = settingsOf(await openStackFile(stack));
  if (!isSecretKey(key)) {
    throw new UserError(`${key} is no secret`, `name one of ${secretKeys.join(', ')}, or leave --secret out`);
  }
  const value = await readSecret(`${key} of stack ${stack}:`);
  refuse(stack, raw, { ...raw, [key]: { value, secret: true } });
  const engine = { pulumi: await preparePulumi(stack, { yes: false }), path: [] };
  await setSecret(stack, engine, key, value);
}

/** Takes one setting out of the stack's file: its default holds again. */
export async function configRemove(stack: string, key: string): Promise<void> {
  const document = await openStackFile(stack);
  if (!document.hasIn(settingPath(key))) {
    throw new UserError(
      `${key} is not set in ${stackFileName(stack)}`,
      `./stack config --stack ${stack} lists what is`,
    );
  }
  document.deleteIn(settingPath(key));
  await writeStackFile(stack, document);
}

/** Only what this change makes wrong: a new stack may still lack other settings. */
function refuse(stack: string, before: RawConfig, after: RawConfig): void {
  const known = new Set(problemsOf(stack, before).map(({ field, problem }) => field + problem));
  const added = problemsOf(stack, after).filter(({ field, problem }) => !known.has(field + problem));
  if (added.length > 0) throw new ConfigError(stack, added);
}
