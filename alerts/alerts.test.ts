import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { metricOf, seriesNames } from '@emotion-stack/metrics';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { alerts, concerns, render, ruleFiles, type AlertOptions, type RenderedRule } from './index.ts';
import { promtoolFiles, testOptions, writePromtoolFiles } from './promtool.ts';
import { isAlert } from './rule.ts';

const rules = alerts.map((rule) => ({ rule, ...render(rule, testOptions) }));
const runbook = readFileSync(join(import.meta.dirname, 'runbook.md'), 'utf8');
const sections = runbook.split(/^## /m).slice(1);
const recorded = concerns.flatMap((concern) =>
  concern.rules.flatMap((rule) => ('record' in rule ? rule.record : [])),
);

describe('the alerts that were asked for', () => {
  it('A1: HighPredictionLatency, word by word', () => {
    expect(rules).toContainEqual(
      expect.objectContaining({
        alert: 'HighPredictionLatency',
        expr: 'rate(emotion_prediction_latency_seconds_sum[5m]) / rate(emotion_prediction_latency_seconds_count[5m]) > 30',
        for: '2m',
        labels: { severity: 'warning', service: 'backend' },
      }),
    );
  });

  it('A2: ModelDriftDetected, word by word', () => {
    expect(rules).toContainEqual(
      expect.objectContaining({
        alert: 'ModelDriftDetected',
        expr: 'data_drift_score > 0.1',
        for: '5m',
        labels: { severity: 'critical', service: 'model' },
      }),
    );
  });
});

describe.each(rules)('$alert', ({ rule, alert, expr, annotations }) => {
  it('says what, how much or of whom, where to look and what to do', () => {
    expect(annotations).toEqual({
      summary: expect.stringMatching(/^[^{$]+$/) as string,
      description: expect.stringMatching(/\{\{ \$(value|labels)/) as string,
      runbook: `alerts/runbook.md#${alert.toLowerCase()}`,
      dashboard: expect.stringMatching(/^http:\/\/grafana\.example\/d\/[a-z-]+$/) as string,
    });
    expect(Object.values(annotations).join()).not.toMatch(/\$(threshold|stack)/);
  });

  it('has its section in the runbook', () => {
    const [section, ...others] = sections.filter((text) => text.startsWith(`${alert}\n`));
    expect(others).toEqual([]);
    expect(section).toMatch(/\*\*Means:\*\*[^]+\*\*Look at\*\*[^]+\*\*Do\*\*/);
  });

  it('asks only for metrics that somebody publishes, or rules record, over windows of its own', () => {
    expect(seriesNames(expr).filter((series) => metricOf(series) === undefined)).toEqual([]);
    expect((expr.match(/\w+:\w+:\w+/g) ?? []).filter((record) => !recorded.includes(record))).toEqual([]);
    expect(expr).not.toContain('$');
  });

  it('has a case in which it fires and one in which it stays silent', () => {
    expect(rule.cases.some(({ firing }) => firing.length > 0)).toBe(true);
    // A watchdog that stayed silent would be none.
    if (alert !== 'Watchdog') expect(rule.cases.some(({ firing }) => firing.length === 0)).toBe(true);
  });
});

it('every section of the runbook is about an alert, in the order of the files', () => {
  expect(sections.map((text) => text.split('\n')[0])).toEqual(alerts.map(({ alert }) => alert));
});

it('every alert and every recorded series has a name of its own', () => {
  const names = [...alerts.map(({ alert }) => alert), ...recorded];
  expect(new Set(names).size).toBe(names.length);
});

describe('the rule files', () => {
  const rendered = (options: Partial<AlertOptions>) =>
    Object.values(ruleFiles({ namePrefix: 'emotion-prod', ...options })).flatMap((text) =>
      (parse(text) as { groups: { rules: RenderedRule[] }[] }).groups.flatMap((group) => group.rules),
    );
  const named = (name: string, options: Partial<AlertOptions> = {}) => {
    const rule = rendered(options).find((one) => 'alert' in one && one.alert === name);
    if (rule === undefined || !('alert' in rule)) throw new Error(`no alert ${name}`);
    return rule;
  };

  it('link to no dashboard where there is no Grafana', () => {
    expect(JSON.stringify(rendered({}))).not.toContain('"dashboard"');
  });

  it('are about the containers of the stack', () => {
    expect(named('FrontendDown').expr).toContain('name="emotion-prod-frontend"');
  });

  it('take thresholds and durations from the stack, in the texts too', () => {
    const rule = named('ApiErrorsHigh', {
      threshold: ({ alert }) => (alert === 'ApiErrorsHigh' ? 0.025 : undefined),
      for: ({ alert }) => (alert === 'ApiErrorsHigh' ? '10s' : undefined),
    });
    expect(rule).toMatchObject({ for: '10s', expr: expect.stringContaining('> 0.025 and') as string });
    expect(rule.annotations.summary).toBe('More than 2.5% of the requests are answered with an error');
    expect(named('ApiErrorsHigh').annotations.summary).toContain('More than 10%');
  });
});

describe('what promtool reads', () => {
  const files = concerns.flatMap((concern) =>
    concern.rules.filter(isAlert).map((rule) => promtoolFiles(concern, rule)),
  );

  it('expects the finished texts, with values and labels in place', () => {
    expect(files.find(({ name }) => name === 'ModelDriftDetected')?.tests).toContain(
      'index of the inputs is 0.101, above 0.1.',
    );
    expect(files.map(({ tests }) => tests).join()).not.toContain('{{');
  });

  it('brings along only the recorded series that the alert needs', () => {
    const rulesOf = (name: string) => files.find((one) => one.name === name)?.rules ?? '';
    expect(rulesOf('LatencyBudgetBurnsFast').match(/record:/g)).toHaveLength(2);
    expect(rulesOf('ModelDriftDetected')).not.toContain('record:');
  });

  it('lies beside each other', () => {
    const folder = mkdtempSync(join(tmpdir(), 'alerts-'));
    try {
      const written = writePromtoolFiles(folder, files);
      for (const test of written.tests) {
        const { rule_files } = parse(readFileSync(join(folder, test), 'utf8')) as { rule_files: string[] };
        expect(written.rules).toEqual(expect.arrayContaining(rule_files));
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
