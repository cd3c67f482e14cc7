import {
  CommandError,
  ConcurrentUpdateError,
  LocalWorkspace,
  type PulumiCommand,
  type Stack,
} from '@pulumi/pulumi/automation/index.js';
import { execa } from 'execa';
import { randomBytes } from 'node:crypto';
import { access, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { projectName } from '../infra/config.ts';
import { program } from '../infra/program.ts';
import { readIfThere } from '../infra/read-if-there.ts';
import { writableFolder } from '../infra/state.ts';
import { UserError } from './errors.ts';
import { interactive } from './prompt.ts';
import { withSalt } from './salt.ts';

export interface Engine {
  pulumi: PulumiCommand;
  /** Folders put before PATH, for a plugin that was built here. */
  path: string[];
  /** DOCKER_HOST for the Docker provider; undefined for its default. */
  dockerHost?: string;
}

/**
 * Opens a Pulumi stack, made when it is new, that runs the same program as `pulumi up` does.
 * @param use what to do with it; the stack's file is put back in order afterwards
 */
export async function withStack<T>(
  stackName: string,
  engine: Engine,
  use: (stack: Stack) => Promise<T>,
): Promise<T> {
  const state = await stateSettings();
  // Pulumi gets the terminal's Ctrl-C too and ends in order; only then the stack's file can be put back. A second
  // one ends everything at once.
  const wait = () => {
    console.error('\nStopping once the state is in order; Ctrl-C again stops at once.');
  };
  process.once('SIGINT', wait);
  const open = async () => {
    const stack = await LocalWorkspace.createOrSelectStack(
      { stackName, projectName, program },
      { workDir: '.', pulumiCommand: engine.pulumi, envVars: environment(engine, state) },
    );
    return use(stack);
  };
  try {
    return await (state.ownPassphrase ? withSalt(stackName, open) : open());
  } finally {
    process.off('SIGINT', wait);
  }
}

function environment(engine: Engine, { variables }: StateSettings): Record<string, string> {
  return {
    ...variables,
    PATH: [...engine.path, process.env.PATH ?? ''].join(delimiter),
    PULUMI_SKIP_UPDATE_CHECK: 'true',
    ...(engine.dockerHost === undefined ? {} : { DOCKER_HOST: engine.dockerHost }),
  };
}

interface StateSettings {
  variables: Record<string, string>;
  /** Whether the state is encrypted with the passphrase that this checkout generated. */
  ownPassphrase: boolean;
}

/**
 * Where the state lives: as you have set or logged in, else in a folder of this checkout, encrypted with a passphrase
 * that is generated once.
 */
async function stateSettings(): Promise<StateSettings> {
  if (process.env.PULUMI_BACKEND_URL !== undefined || (await isLoggedIn())) {
    return { variables: {}, ownPassphrase: false };
  }
  const backend = { PULUMI_BACKEND_URL: `file://${resolve(await writableFolder('state'))}` };
  const given = ['PULUMI_CONFIG_PASSPHRASE', 'PULUMI_CONFIG_PASSPHRASE_FILE'];
  if (given.some((name) => process.env[name] !== undefined))
    return { variables: backend, ownPassphrase: false };
  return {
    variables: { ...backend, PULUMI_CONFIG_PASSPHRASE_FILE: await passphraseFile() },
    ownPassphrase: true,
  };
}

async function isLoggedIn(): Promise<boolean> {
  const file = join(process.env.PULUMI_HOME ?? join(homedir(), '.pulumi'), 'credentials.json');
  const { current = '' } = JSON.parse((await readIfThere(file)) ?? '{}') as { current?: string };
  return current !== '';
}

async function passphraseFile(): Promise<string> {
  const file = resolve(await writableFolder(), 'passphrase');
  try {
    await access(file);
  } catch {
    await writeFile(file, randomBytes(32).toString('base64url') + '\n', { mode: 0o600, flag: 'wx' });
  }
  return file;
}

/** Encrypts a value into the stack's file; it goes to the CLI by standard input, never as an argument. */
export async function setSecret(
  stackName: string,
  engine: Engine,
  key: string,
  value: string,
): Promise<void> {
  await withStack(stackName, engine, async (stack) => {
    const args = ['config', 'set', '--stack', stack.name, '--secret', `${projectName}:${key}`];
    await execa(engine.pulumi.command, args, { input: value, env: stack.workspace.envVars });
  });
}

/**
 * Runs one operation of Pulumi, its output shown as it comes.
 * @throws UserError when it fails: Pulumi has said why by then.
 */
export async function operate(name: string, operation: (shown: Shown) => Promise<unknown>): Promise<void> {
  try {
    await operation({
      onOutput: (text) => process.stdout.write(text),
      color: interactive() ? 'always' : 'never',
    });
  } catch (error) {
    if (error instanceof ConcurrentUpdateError) {
      throw new UserError(
        'the state is locked: another command works on this stack, or one was ended by force',
        './stack unlock, when no other command runs',
      );
    }
    if (!(error instanceof CommandError)) throw error;
    throw new UserError(
      `${name} did not finish; Pulumi says why above`,
      `mend it and run the same command again: what is done already stays done`,
    );
  }
}

interface Shown {
  onOutput: (text: string) => void;
  color: 'always' | 'never';
}
