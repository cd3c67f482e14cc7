import { execa } from 'execa';
import { readFile, rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { writableFolder } from '../../infra/state.ts';
import { UserError } from '../errors.ts';
import { checkRules } from '../rules.ts';

interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

/** In the order from fast to slow. */
const parts: Record<string, () => Promise<Counts>> = {
  lint: () => check('npm', ['run', '--silent', 'lint']),
  types: () => check('npm', ['run', '--silent', 'typecheck']),
  unit: () => vitest('unit', []),
  rules: () => checkRules(),
  e2e: () => vitest('e2e', ['--config', 'e2e/vitest.config.ts']),
};

/**
 * Runs the named parts, or all of them, to the end, and prints the sum as the last line.
 * @throws UserError naming the parts that failed.
 */
export async function test(names: string[]): Promise<void> {
  const unknown = names.filter((name) => !Object.hasOwn(parts, name));
  if (unknown.length > 0) {
    throw new UserError(
      `no tests named ${unknown.join(', ')}`,
      `name some of ${Object.keys(parts).join(', ')}`,
    );
  }
  const sum: Counts = { passed: 0, failed: 0, skipped: 0 };
  const failed: string[] = [];
  for (const [name, run] of Object.entries(parts)) {
    if (names.length > 0 && !names.includes(name)) continue;
    console.log(`\n== ${name}`);
    const counts = await run();
    sum.passed += counts.passed;
    sum.failed += counts.failed;
    sum.skipped += counts.skipped;
    if (counts.failed > 0) failed.push(name);
  }
  console.log(`\n${sum.passed} passed, ${sum.failed} failed, ${sum.skipped} skipped`);
  if (failed.length > 0) throw new UserError(`failed: ${failed.join(', ')}`, 'read what they printed above');
}

/** A command that is right or wrong as a whole. */
async function check(command: string, args: string[]): Promise<Counts> {
  const { exitCode } = await execa(command, args, { stdio: 'inherit', reject: false });
  return exitCode === 0 ? { passed: 1, failed: 0, skipped: 0 } : { passed: 0, failed: 1, skipped: 0 };
}

interface VitestReport {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  numTodoTests: number;
  numFailedTestSuites: number;
}

async function vitest(name: string, args: string[]): Promise<Counts> {
  const file = resolve(await writableFolder('test'), `${name}.json`);
  await rm(file, { force: true });
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
  const { exitCode } = await execa('npx', ['vitest', 'run', ...args, ...reporters], {
    stdio: 'inherit',
    reject: false,
  });
  const report = JSON.parse(await readFile(file, 'utf8')) as VitestReport;
  // A suite that could not even load, and an error outside any test, count as a failure of their own.
  const broken = exitCode !== 0 && report.numFailedTests === 0 ? 1 : 0;
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + broken,
    skipped: report.numPendingTests + report.numTodoTests,
  };
}
