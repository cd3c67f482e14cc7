import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { metricOf, seriesNames } from '@emotion-stack/metrics';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { concerns, promtoolTests, ruleFiles, writePromtoolFiles } from './index.ts';

interface RenderedRule {
  alert: string;
  expr: string;
  for: string;
  labels: { severity: string };
  annotations: Record<string, string>;
}

function rendered(grafanaUrl?: string): RenderedRule[] {
  return Object.values(ruleFiles({ grafanaUrl })).flatMap((text) =>
    (parse(text) as { groups: { rules: RenderedRule[] }[] }).groups.flatMap(({ rules }) => rules),
  );
}

const rules = rendered('http://localhost:3123');
const runbook = readFileSync(join(import.meta.dirname, 'runbook.md'), 'utf8');
const sections = [...runbook.matchAll(/^## (.+)$/gm)].map(([, title]) => title);

describe('the alerts that were asked for', () => {
  it('A1: HighPredictionLatency, word by word', () => {
    expect(rules).toContainEqual(
      expect.objectContaining({
        alert: 'HighPredictionLatency',
        expr: 'rate(emotion_prediction_latency_seconds_sum[5m]) / rate(emotion_prediction_latency_seconds_count[5m]) > 30',
        for: '2m',
        labels: { severity: 'warning' },
      }),
    );
  });

  it('A2: ModelDriftDetected, word by word', () => {
    expect(rules).toContainEqual(
      expect.objectContaining({
        alert: 'ModelDriftDetected',
        expr: 'data_drift_score > 0.1',
        for: '5m',
        labels: { severity: 'critical' },
      }),
    );
  });
});

describe.each(rules)('$alert', ({ alert, expr, annotations }) => {
  const cases = concerns.flatMap((concern) => concern.cases).filter((example) => example.alert === alert);

  it('says what, how much, where to look and what to do', () => {
    expect(annotations).toEqual({
      summary: expect.stringMatching(/^[^{]+$/) as string,
      description: expect.stringContaining('{{ $value') as string,
      runbook: `alerts/runbook.md#${alert.toLowerCase()}`,
      dashboard: expect.stringMatching(/^http:\/\/localhost:3123\/d\/[a-z-]+$/) as string,
    });
  });

  it('has its section in the runbook', () => {
    expect(sections.filter((title) => title === alert)).toHaveLength(1);
  });

  it('asks only for metrics that somebody publishes, over windows of its own', () => {
    expect(seriesNames(expr).filter((series) => metricOf(series) === undefined)).toEqual([]);
    expect(expr).not.toContain('$__');
  });

  it('has a case in which it fires and one in which it stays silent', () => {
    expect(cases.some(({ firing }) => firing.length > 0)).toBe(true);
    expect(cases.some(({ firing }) => firing.length === 0)).toBe(true);
  });
});

it('every section of the runbook is about an alert', () => {
  expect(sections).toEqual(rules.map(({ alert }) => alert));
});

it('alerts link to no dashboard where there is no Grafana', () => {
  expect(rendered().filter(({ annotations }) => 'dashboard' in annotations)).toEqual([]);
});

it('expects of promtool what the case says, with the value in place', () => {
  expect(promtoolTests()['drift.test.yml']).toContain('index of the inputs is 0.101, above 0.1.');
  expect(Object.values(promtoolTests()).join()).not.toContain('{{');
});

it('writes files that promtool finds beside each other', () => {
  const folder = mkdtempSync(join(tmpdir(), 'alerts-'));
  try {
    const { rules: ruleNames, tests } = writePromtoolFiles(folder);
    for (const test of tests) {
      const { rule_files } = parse(readFileSync(join(folder, test), 'utf8')) as { rule_files: string[] };
      expect(ruleNames).toEqual(expect.arrayContaining(rule_files));
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});
