import { rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { concerns } from '../alerts/index.ts';
import { mutants } from '../alerts/mutants.ts';
import { promtoolFiles, writePromtoolFiles, type PromtoolFiles } from '../alerts/promtool.ts';
import { isAlert, type AlertConcern } from '../alerts/rule.ts';
import { promtoolRules } from '../dashboards/promtool.ts';
import { exampleConcern } from '../docs/example-alert.ts';
import { writableFolder } from '../infra/state.ts';
import { routes, writeConfigs } from './checked-configs.ts';
import { monitoringTool, spread, type RunTool } from './monitoring-tools.ts';

interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

/** The alerts, and the one that docs/monitoring.md takes as its example. */
const tested: AlertConcern[] = [...concerns, exampleConcern];

/**
 * Runs promtool and amtool over everything that Prometheus and Alertmanager read of this repository: the files, the
 * queries of the dashboards, the cases of every alert, and a mutant for every slip of the hand in an alert, which its cases must notice.
 * @returns how many files, alerts and mutants passed and failed
 */
export async function checkRules(): Promise<Counts> {
  const folder = resolve(await writableFolder('test', 'rules'));
  await rm(folder, { recursive: true });
  await writableFolder('test', 'rules');
  const configs = writeConfigs(folder);
  const dashboards = 'dashboards.yml';
  await writeFile(join(folder, dashboards), promtoolRules());
  const promtool = await monitoringTool('promtool', folder);
  const amtool = await monitoringTool('amtool', folder);
  const results = [
    (await promtool(['check', 'rules', ...configs.rules, dashboards])).ok,
    (await promtool(['check', 'config', configs.prometheus])).ok,
    (await amtool(['check-config', ...configs.alertmanager])).ok,
    ...(await routesHold(amtool, configs.alertmanager)),
    ...(await alertsPass(promtool, folder)),
    ...(await mutantsFail(promtool, folder)),
  ];
  const passed = results.filter(Boolean).length;
  return { passed, failed: results.length - passed, skipped: 0 };
}

async function routesHold(amtool: RunTool, configs: string[]): Promise<boolean[]> {
  const asked = configs.flatMap((config) => routes.map((route) => [config, ...route] as const));
  return Promise.all(
    asked.map(async ([config, receiver, ...labels]) => {
      const test = ['config', 'routes', 'test', `--config.file=${config}`, `--verify.receivers=${receiver}`];
      return (await amtool([...test, ...labels])).ok;
    }),
  );
}

async function alertsPass(promtool: RunTool, folder: string): Promise<boolean[]> {
  const files = tested.flatMap((concern) =>
    concern.rules.filter(isAlert).map((rule) => promtoolFiles(concern, rule)),
  );
  const passed = await passing(promtool, folder, 'alerts', files);
  return files.map(({ name }) => {
    if (!passed.has(name))
      console.error(`${name}: a case of alerts/ does not hold; promtool says which above`);
    return passed.has(name);
  });
}

async function mutantsFail(promtool: RunTool, folder: string): Promise<boolean[]> {
  const start = Date.now();
  const all = mutants(tested);
  const files = all.map((mutant) => mutant.files);
  // A mutant that Prometheus cannot even read would be noticed by anything.
  const { rules } = writePromtoolFiles(join(folder, 'mutants'), files);
  const readable = await promtool(['check', 'rules', ...rules.map((file) => join('mutants', file))], {
    quiet: true,
  });
  if (!readable.ok)
    console.error(`a mutant is no rule: the fault is in alerts/mutants.ts\n${readable.stdout}`);
  const passed = await passing(promtool, folder, 'mutants', files, { quiet: true });
  const alive = all.filter((mutant) => passed.has(mutant.files.name));
  for (const { fault } of alive) console.error(`ALIVE ${fault}\n  fix: add a case that notices`);
  console.log(
    `${all.length} mutants of ${tested.flatMap(({ rules: one }) => one.filter(isAlert)).length} alerts, ` +
      `${alive.length} alive (${Math.round((Date.now() - start) / 1000)} s)`,
  );
  return [readable.ok, ...all.map((mutant) => !alive.includes(mutant))];
}

/** The names of those whose tests pass; one promtool for each processor. */
async function passing(
  promtool: RunTool,
  folder: string,
  name: string,
  files: PromtoolFiles[],
  options?: { quiet: boolean },
): Promise<Set<string>> {
  const { tests } = writePromtoolFiles(join(folder, name), files);
  const runs = spread(tests).map((part) =>
    promtool(['test', 'rules', ...part.map((file) => join(name, file))], options),
  );
  const outputs = (await Promise.all(runs)).map(({ stdout }) => stdout).join('\n');
  const succeeded = outputs.matchAll(/Unit Testing:\s+(\S+)\.test\.yml\n\s*SUCCESS/g);
  return new Set([...succeeded].map(([, file = '']) => file.slice(name.length + 1)));
}
