import { stringify } from 'yaml';
import { uids } from '../dashboards/uids.ts';
import { api } from './api.ts';
import { audio } from './audio.ts';
import { containers } from './containers.ts';
import { drift } from './drift.ts';
import { host } from './host.ts';
import { latency } from './latency.ts';
import { model } from './model.ts';
import { monitoring } from './monitoring.ts';
import { objectives } from './objectives.ts';
import { isAlert, type AlertConcern, type AlertRule, type RecordingRule, type Unit } from './rule.ts';
import { targets } from './targets.ts';

/** Every alert of the stack. Concern names are file and group names. */
export const concerns: AlertConcern[] = [
  latency,
  api,
  objectives,
  model,
  drift,
  audio,
  host,
  containers,
  targets,
  monitoring,
];

/** Every alert, in the order of the runbook. */
export const alerts: AlertRule[] = concerns.flatMap(({ rules }) => rules.filter(isAlert));

export interface AlertOptions {
  /** As a browser reaches Grafana; without it alerts carry no dashboard link. */
  grafanaUrl?: string | undefined;
  /** What the names of this stack's containers begin with. */
  namePrefix: string;
  /** In place of the rule's own. */
  threshold?: (rule: AlertRule) => number | undefined;
  for?: (rule: AlertRule) => string | undefined;
}

/** A rule as Prometheus reads it. */
export type RenderedRule = RenderedAlert | RecordingRule;
export interface RenderedAlert {
  alert: string;
  expr: string;
  for?: string;
  labels: Record<string, string>;
  annotations: Record<string, string>;
}

/** The rule files of Prometheus: YAML by file name. */
export function ruleFiles(options: AlertOptions): Record<string, string> {
  return Object.fromEntries(
    concerns.map(({ name, rules }) => [
      `${name}.rules.yml`,
      groupYaml(
        name,
        rules.map((rule) => render(rule, options)),
      ),
    ]),
  );
}

/** One rule group as a rule file. */
export function groupYaml(name: string, rules: RenderedRule[]): string {
  return stringify({ groups: [{ name, rules }] }, { lineWidth: 0 });
}

export function render(rule: AlertRule, options: AlertOptions): RenderedAlert;
export function render(rule: AlertRule | RecordingRule, options: AlertOptions): RenderedRule;
export function render(rule: AlertRule | RecordingRule, options: AlertOptions): RenderedRule {
  if (!isAlert(rule)) return rule;
  const { alert, severity, service, summary, description, dashboard } = rule;
  const threshold = options.threshold?.(rule) ?? rule.threshold ?? 0;
  const readable = (text: string) => text.replaceAll('$threshold', withUnit(threshold, rule.unit));
  const patience = options.for?.(rule) ?? rule.for;
  return {
    alert,
    expr: rule.expr.replaceAll('$threshold', String(threshold)).replaceAll('$stack', options.namePrefix),
    ...(patience === undefined ? {} : { for: patience }),
    labels: { severity, service },
    annotations: {
      summary: readable(summary),
      description: readable(description),
      // A path in this repository: the runbook must be readable while everything it is about is down.
      runbook: `alerts/runbook.md#${alert.toLowerCase()}`,
      ...(options.grafanaUrl === undefined
        ? {}
        : { dashboard: `${options.grafanaUrl}/d/${uids[dashboard]}` }),
    },
  };
}

/** A threshold as a sentence has it: "90%", "30 s", "0.1". */
function withUnit(threshold: number, unit: Unit = ''): string {
  if (unit === 'share') return `${Number((threshold * 100).toPrecision(6))}%`;
  return unit === '' ? String(threshold) : `${threshold} ${unit}`;
}
