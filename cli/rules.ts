import { execa } from 'execa';
import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { stringify } from 'yaml';
import { writePromtoolFiles } from '../alerts/index.ts';
import { dashboards } from '../dashboards/index.ts';
import type { Dashboard } from '../dashboards/lint/index.ts';
import { queries } from '../dashboards/queries.ts';
import { substituted } from '../dashboards/variables.ts';
import { writableFolder } from '../infra/state.ts';
import { prepareImages } from './prepare.ts';
import { interactive } from './prompt.ts';

/**
 * Runs promtool, from the image that the stack runs, over the rule files, their unit tests, and the queries of the
 * dashboards.
 * @returns how many files passed and failed
 */
export async function checkRules(): Promise<{ passed: number; failed: number; skipped: number }> {
  const folder = resolve(await writableFolder('test', 'rules'));
  const { rules, tests } = writePromtoolFiles(folder);
  await writeFile(join(folder, dashboardsFile), dashboardRules());
  const image = (await prepareImages('test', { yes: !interactive() })).prometheus?.reference;
  if (image == null) throw new Error('no image of Prometheus');
  const promtool = async (...args: string[]) => {
    const mount = ['--volume', `${folder}:/rules:ro`, '--workdir', '/rules', '--network', 'none'];
    // As you, because the state folder is yours alone.
    const user = `${process.getuid?.() ?? 0}:${process.getgid?.() ?? 0}`;
    const run = ['run', '--rm', '--user', user, ...mount, '--entrypoint', '/bin/promtool', image, ...args];
    return (await execa('docker', run, { stdio: 'inherit', reject: false })).exitCode === 0;
  };
  const results = [
    ...(await Promise.all([...rules, dashboardsFile].map((file) => promtool('check', 'rules', file)))),
    ...(await Promise.all(tests.map((file) => promtool('test', 'rules', file)))),
  ];
  const passed = results.filter(Boolean).length;
  return { passed, failed: results.length - passed, skipped: 0 };
}

const dashboardsFile = 'dashboards.yml';

/** Every query of the dashboards as a recording rule, which promtool knows how to check. */
export function dashboardRules(): string {
  const scrapeInterval = '15s';
  const all = dashboards({ scrapeInterval, namePrefix: 'emotion' }).flatMap(({ json }) =>
    queries(json as Dashboard),
  );
  const rules = all.map(({ expr }, index) => ({
    record: `dashboards:query:${index}`,
    expr: substituted(expr, scrapeInterval),
  }));
  return stringify({ groups: [{ name: 'dashboards', rules }] }, { lineWidth: 0 });
}
