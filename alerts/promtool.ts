import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { groupYaml, render, type AlertOptions, type RenderedAlert } from './index.ts';
import { isAlert, type AlertCase, type AlertConcern, type AlertRule, type RecordingRule } from './rule.ts';

/** The stack that the cases are about. */
export const testOptions: AlertOptions = {
  grafanaUrl: 'http://grafana.example',
  namePrefix: 'emotion-dev',
};

/** A rule file and its unit tests, to lie beside each other in a folder. */
export interface PromtoolFiles {
  name: string;
  rules: string;
  tests: string;
}

/**
 * One alert with its cases, and the recording rules that it needs.
 * @param name of the files
 * @param tried the rule that the cases are tried on, in place of the alert's own
 */
export function promtoolFiles(
  { name: group, rules }: AlertConcern,
  rule: AlertRule,
  name = rule.alert,
  tried = render(rule, testOptions),
): PromtoolFiles {
  const { interval = '15s', cases, expr } = rule;
  const wanted = render(rule, testOptions);
  const needed = rules.filter((other) => !isAlert(other) && expr.includes(other.record)) as RecordingRule[];
  const tests = cases.map((example) => promtoolTest(example, wanted, interval));
  const file = { rule_files: [`${name}.rules.yml`], evaluation_interval: interval, tests };
  return { name, rules: groupYaml(group, [...needed, tried]), tests: stringify(file, { lineWidth: 0 }) };
}

function promtoolTest(example: AlertCase, rule: RenderedAlert, interval: string) {
  return {
    name: example.name,
    interval,
    input_series: Object.entries(example.series).map(([series, values]) => ({ series, values })),
    alert_rule_test: [
      {
        eval_time: example.at,
        alertname: rule.alert,
        exp_alerts: example.firing.map(({ labels = {}, value = '' }) => ({
          exp_labels: { ...rule.labels, ...labels },
          exp_annotations: withValues(rule.annotations, labels, value),
        })),
      },
    ],
  };
}

/** What Prometheus makes of the templates: promtool compares the finished text. */
function withValues(texts: Record<string, string>, labels: Record<string, string>, value: string) {
  return Object.fromEntries(
    Object.entries(texts).map(([key, text]) => [
      key,
      text
        .replace(/\{\{ \$value[^}]*\}\}/g, value)
        .replace(/\{\{ \$labels\.(\w+) \}\}/g, (_, label: string) => labels[label] ?? ''),
    ]),
  );
}

/** Writes rules and tests into a folder. Returns the file names of each, for `promtool check rules` and `test rules`. */
export function writePromtoolFiles(
  folder: string,
  all: PromtoolFiles[],
): { rules: string[]; tests: string[] } {
  mkdirSync(folder, { recursive: true });
  for (const { name, rules, tests } of all) {
    writeFileSync(join(folder, `${name}.rules.yml`), rules);
    writeFileSync(join(folder, `${name}.test.yml`), tests);
  }
  return {
    rules: all.map(({ name }) => `${name}.rules.yml`),
    tests: all.map(({ name }) => `${name}.test.yml`),
  };
}
