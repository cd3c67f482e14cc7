import { execa } from 'execa';
import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { writePromtoolFiles } from '../alerts/index.ts';
import { promtoolRules } from '../dashboards/promtool.ts';
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
  const dashboards = 'dashboards.yml';
  await writeFile(join(folder, dashboards), promtoolRules());
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
    ...(await Promise.all([...rules, dashboards].map((file) => promtool('check', 'rules', file)))),
    ...(await Promise.all(tests.map((file) => promtool('test', 'rules', file)))),
  ];
  const passed = results.filter(Boolean).length;
  return { passed, failed: results.length - passed, skipped: 0 };
}
