import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { uids } from '../dashboards/uids.ts';
import { drift } from './drift.ts';
import { latency } from './latency.ts';
import { sampleInterval, type AlertCase, type AlertConcern, type AlertRule } from './rule.ts';

export interface AlertOptions {
  /** As a browser reaches Grafana; without it alerts carry no dashboard link. */
  grafanaUrl?: string | undefined;
}

/** Every alert of the stack. Concern names are file and group names. */
export const concerns: AlertConcern[] = [latency, drift];

/** The rule files of Prometheus: YAML by file name. */
export function ruleFiles(options: AlertOptions = {}): Record<string, string> {
  return Object.fromEntries(
    concerns.map(({ name, rules }) => [
      ruleFile(name),
      stringify({ groups: [{ name, rules: rules.map((rule) => render(rule, options)) }] }, { lineWidth: 0 }),
    ]),
  );
}

/** The unit tests of the rule files for `promtool test rules`: YAML by file name, to lie beside the rules. */
export function promtoolTests(options: AlertOptions = {}): Record<string, string> {
  return Object.fromEntries(
    concerns.map(({ name, rules, cases }) => [
      testFile(name),
      stringify(
        {
          rule_files: [ruleFile(name)],
          evaluation_interval: sampleInterval,
          tests: cases.map((example) => promtoolTest(example, rules, options)),
        },
        { lineWidth: 0 },
      ),
    ]),
  );
}

/**
 * Writes rules and tests into a folder, for `promtool check rules *.rules.yml` and
 * `promtool test rules *.test.yml`. Returns the file names of each.
 */
export function writePromtoolFiles(folder: string): { rules: string[]; tests: string[] } {
  const options = { grafanaUrl: 'http://grafana.example' };
  const rules = ruleFiles(options);
  const tests = promtoolTests(options);
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of Object.entries({ ...rules, ...tests })) writeFileSync(join(folder, name), text);
  return { rules: Object.keys(rules), tests: Object.keys(tests) };
}

const ruleFile = (concern: string) => `${concern}.rules.yml`;
const testFile = (concern: string) => `${concern}.test.yml`;

function render(rule: AlertRule, options: AlertOptions) {
  const { alert, expr, severity } = rule;
  return { alert, expr, for: rule.for, labels: { severity }, annotations: annotations(rule, options) };
}

function annotations({ alert, summary, description, dashboard }: AlertRule, { grafanaUrl }: AlertOptions) {
  return {
    summary,
    description,
    // A path in this repository: the runbook must be readable while everything it is about is down.
    runbook: `alerts/runbook.md#${alert.toLowerCase()}`,
    ...(grafanaUrl === undefined ? {} : { dashboard: `${grafanaUrl}/d/${uids[dashboard]}` }),
  };
}

function promtoolTest(example: AlertCase, rules: AlertRule[], options: AlertOptions) {
  const rule = rules.find(({ alert }) => alert === example.alert);
  if (rule === undefined)
    throw new Error(`case "${example.name}" is about ${example.alert}, which has no rule`);
  return {
    name: example.name,
    interval: sampleInterval,
    input_series: Object.entries(example.series).map(([series, values]) => ({ series, values })),
    alert_rule_test: [
      {
        eval_time: example.at,
        alertname: rule.alert,
        exp_alerts: example.firing.map(({ labels, value }) => ({
          exp_labels: { severity: rule.severity, ...labels },
          exp_annotations: withValue(annotations(rule, options), value),
        })),
      },
    ],
  };
}

/** What Prometheus makes of the template: promtool compares the finished text. */
function withValue(texts: Record<string, string>, value: string): Record<string, string> {
  return Object.fromEntries(
    Object.entries(texts).map(([key, text]) => [key, text.replace(/\{\{ \$value[^}]*\}\}/g, value)]),
  );
}
