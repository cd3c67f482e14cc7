import { Command, InvalidArgumentError, Option } from 'commander';
import { ConfigError } from '../infra/config.ts';
import { StateError } from '../infra/state.ts';
import { alertsReplay } from './commands/alerts.ts';
import { benchCommand } from './commands/bench.ts';
import { configList, configRemove, configSet, configSetSecret } from './commands/config.ts';
import { destroy } from './commands/destroy.ts';
import { imagesLoad } from './commands/images.ts';
import { logs } from './commands/logs.ts';
import { preview } from './commands/preview.ts';
import { restart } from './commands/restart.ts';
import { status } from './commands/status.ts';
import { test } from './commands/test.ts';
import { unlock } from './commands/unlock.ts';
import { up } from './commands/up.ts';
import { verifyStack } from './commands/verify.ts';
import { UserError } from './errors.ts';

interface Flags {
  stack: string;
  yes: boolean;
}

const cli = new Command('./stack').description('Deploys and watches the emotion classification service.');
const stack = () => new Option('-s, --stack <name>', 'the stack, Pulumi.<name>.yaml').default('dev');
const yes = () => new Option('-y, --yes', 'do not ask').default(false);

cli
  .command('up')
  .description('bring the stack to the state that its config asks for, and wait until it works')
  .addOption(stack())
  .addOption(yes())
  .action((flags: Flags) => up(flags));
cli
  .command('preview')
  .description('show what `up` would change')
  .addOption(stack())
  .option('--diff', 'property by property', false)
  .action((flags: Flags & { diff: boolean }) => preview(flags));
cli
  .command('destroy')
  .description('remove the stack and keep its data')
  .addOption(stack())
  .addOption(yes())
  .option('--volumes', 'remove the data too', false)
  .action((flags: Flags & { volumes: boolean }) => destroy(flags));
cli
  .command('status')
  .description('health and URL of every service; exit code 1 when one is not healthy')
  .addOption(stack())
  .option('--json', 'for programs', false)
  .action(async (flags: Flags & { json: boolean }) => {
    if (!(await status(flags))) process.exitCode = 1;
  });
cli
  .command('verify')
  .description('ask Prometheus every query of the dashboards and every rule; exit code 1 when one is broken')
  .addOption(stack())
  .option('--json', 'for programs', false)
  .action(async (flags: Flags & { json: boolean }) => {
    if (!(await verifyStack(flags))) process.exitCode = 1;
  });
cli
  .command('logs [services...]')
  .description('print the logs of some services, or of all')
  .addOption(stack())
  .option('-f, --follow', 'go on until interrupted', false)
  .option('-n, --tail <lines>', 'begin this many lines before the end, or "all"', '100')
  .action((services: string[], flags: Flags & { follow: boolean; tail: string }) =>
    logs({ ...flags, services }),
  );
cli
  .command('restart <services...>')
  .description('restart some services and wait until they are healthy')
  .addOption(stack())
  .action((services: string[], flags: Flags) => restart({ ...flags, services }));
cli
  .command('unlock')
  .description('free the state after a command that was ended by force')
  .addOption(stack())
  .action((flags: Flags) => unlock(flags.stack));
cli
  .command('test [parts...]')
  .description(
    'lint, types, unit tests, alert rules, and the whole stack in containers; or only the named parts',
  )
  .action((parts: string[]) => test(parts));
cli
  .command('bench')
  .description(
    'measure the service against what this machine gives and against other services, in 5 to 8 minutes',
  )
  .option('--rounds <n>', 'rounds, of which the medians count', wholeNumber, 5)
  .option('--seconds <n>', 'seconds of each measurement', wholeNumber, 8)
  .option('--json', 'for programs', false)
  .action((flags: { rounds: number; seconds: number; json: boolean }) => benchCommand(flags));

cli
  .command('alerts')
  .description('alert rules')
  .command('replay')
  .description('how often alerts would have fired, by the rules that run and by those of this checkout')
  .addOption(stack())
  .option('--since <duration>', 'how far back', '7d')
  .action((flags: Flags & { since: string }) => alertsReplay(flags));

const config = cli.command('config').description('list or change the settings of a stack');
config
  .command('list', { isDefault: true })
  .description('every setting: its value, its default, and what it must be')
  .addOption(stack())
  .action((flags: Flags) => configList(flags.stack));
config
  .command('set <key> [value]')
  .description('change a setting')
  .addOption(stack())
  .option('--secret', 'encrypt it; the value is asked for, or read from standard input', false)
  .action(async (key: string, value: string | undefined, flags: Flags & { secret: boolean }) => {
    if (flags.secret && value !== undefined) {
      throw new UserError(
        'a secret is never an argument, where a process list shows it',
        `./stack config set --stack ${flags.stack} --secret ${key}`,
      );
    }
    if (flags.secret) return configSetSecret(flags.stack, key);
    if (value !== undefined) return configSet(flags.stack, key, value);
    throw new UserError(`${key} needs a value`, `./stack config set --stack ${flags.stack} ${key} VALUE`);
  });
config
  .command('rm <key>')
  .description('go back to the default of a setting')
  .addOption(stack())
  .action((key: string, flags: Flags) => configRemove(flags.stack, key));

cli
  .command('images')
  .description('third-party images')
  .command('load <name> <tarball>')
  .description('take an image from a file made by `docker save`, where no registry answers')
  .action((name: string, tarball: string) => imagesLoad(name, tarball));

try {
  await cli.parseAsync();
} catch (error) {
  console.error(`error: ${explain(error)}`);
  process.exitCode = 1;
}

function wholeNumber(value: string): number {
  if (!/^[1-9]\d{0,3}$/.test(value)) throw new InvalidArgumentError('Give a whole number from 1 to 9999.');
  return Number(value);
}

/** What a person can act on; a stack trace only for a fault of ours, and only when asked for. */
function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error instanceof UserError || error instanceof ConfigError || error instanceof StateError)
    return error.message;
  if (error.name === 'ExitPromptError') return 'stopped at the question; nothing was changed';
  if (process.env.EMOTION_STACK_DEBUG !== undefined) return error.stack ?? error.message;
  return `${error.message}\n  EMOTION_STACK_DEBUG=1 shows where it comes from`;
}
