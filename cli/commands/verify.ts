import { jobs } from '@emotion-stack/metrics';
import { parse } from 'yaml';
import { dashboards } from '../../dashboards/index.ts';
import type { Dashboard } from '../../dashboards/lint/index.ts';
import { queries } from '../../dashboards/queries.ts';
import { resolvedImages } from '../../infra/sources.ts';
import { topology } from '../../infra/topology.ts';
import { publicUrls } from '../../infra/urls.ts';
import type { Workload } from '../../infra/workload.ts';
import { UserError } from '../errors.ts';
import { readStackFile } from '../stack-file.ts';
import { verify, type Finding, type Report, type Rule } from '../verify.ts';

/**
 * Asks the running Prometheus every query of every dashboard and every rule, and prints what became of them.
 * @returns whether none is broken.
 * @throws UserError when Prometheus does not answer.
 */
export async function verifyStack(options: { stack: string; json: boolean }): Promise<boolean> {
  const config = await readStackFile(options.stack);
  const { grafana } = await resolvedImages(config.stack);
  const workloads = topology(config, { grafana: grafana !== undefined });
  const scrapeInterval = config['prometheus.scrapeInterval'];
  const report = await verify({
    prometheus: publicUrls(config).prometheus,
    scrapeInterval,
    queries: dashboards({ scrapeInterval, namePrefix: config.namePrefix }).flatMap(({ json }) =>
      queries(json as Dashboard),
    ),
    rules: workloads.flatMap(rulesOf),
    absent: jobs.filter((job) => workloads.every(({ name }) => name !== job)),
  }).catch((error: unknown) => {
    throw new UserError(
      error instanceof Error ? error.message : String(error),
      `./stack status --stack ${options.stack} says what runs, ./stack up --stack ${options.stack} brings it up`,
    );
  });
  console.log(options.json ? JSON.stringify(report, null, 2) : reportText(report));
  return report.broken.length === 0;
}

interface RuleFile {
  groups: { rules: { alert?: string; record?: string; expr: string }[] }[];
}

/** The rules in the files of a workload: those that `up` gives to Prometheus. */
export function rulesOf({ files = {} }: Pick<Workload, 'files'>): Rule[] {
  return Object.entries(files)
    .filter(([path]) => path.includes('/rules/'))
    .flatMap(([, text]) => (parse(text) as RuleFile).groups.flatMap(({ rules }) => rules))
    .map(({ alert, record, expr }) => ({ name: alert ?? record ?? '', expr, alert: alert !== undefined }));
}

/** What is broken first, with its query; then what is quiet, and why; then how many there are of each. */
export function reportText({ ok, quiet, broken }: Report): string {
  const line = (word: string, { dashboard, panel, reason }: Finding) =>
    `${word}  ${dashboard}, ${panel}: ${reason}`;
  return [
    ...broken.flatMap((finding) => [line('broken', finding), `          ${finding.expr}`]),
    ...quiet.map((finding) => line('quiet ', finding)),
    `${ok.length} ok, ${quiet.length} quiet, ${broken.length} broken`,
  ].join('\n');
}
