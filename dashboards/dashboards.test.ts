import { catalogue, foreign, isPlanned, metricOf, seriesNames } from '@emotion-stack/metrics';
import { describe, expect, it } from 'vitest';
import { concerns } from '../alerts/index.ts';
import { dashboards } from './index.ts';
import type { Dashboard } from './lint/index.ts';
import { declared } from './quiet.ts';
import { substituted } from './variables.ts';

const built = dashboards({ scrapeInterval: '15s', namePrefix: 'emotion-dev' }).map(
  ({ json }) => json as Dashboard,
);
const panels = built.flatMap((dashboard) => dashboard.panels);
const expressions = panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr));

describe('the dashboards that were asked for', () => {
  it('keep their names and uids', () => {
    expect(built.map(({ uid, title }) => [uid, title])).toEqual([
      ['emotion-overview', 'Emotion Analysis Overview'],
      ['system-performance', 'System Performance'],
      ['api-monitoring', 'API Monitoring'],
      ['data-quality', 'Data Quality'],
      ['stack-health', 'Stack Health'],
    ]);
  });

  // Requirement G6; the panels add matchers and let the window follow the zoom.
  it.each([
    'rate(emotion_prediction_latency_seconds_sum[5m]) / rate(emotion_prediction_latency_seconds_count[5m])',
    'topk(5, increase(emotion_predictions_total[1h]))',
    '(1 - (node_memory_MemAvailable_bytes / node_memory_MemTotal_bytes)) * 100',
    'rate(api_errors_total[5m]) / rate(http_requests_total[5m]) * 100',
  ])('draw %s', (documented) => {
    const plain = expressions.map((expr) =>
      expr.replace(/\{[^}]*\}/g, '').replaceAll('[$__rate_interval]', '[5m]'),
    );
    expect(plain).toContain(documented);
  });

  it('draw every metric of the catalogue, and of other programs only what the list names', () => {
    const alerts = concerns.flatMap(({ rules }) => rules.map(({ expr }) => expr));
    const annotations = built.flatMap(({ annotations: { list } }) => list.map(({ expr }) => expr));
    const queried = [...expressions, ...annotations, ...alerts].flatMap(seriesNames);
    expect(queried.filter((series) => metricOf(series) === undefined)).toEqual([]);
    expect(new Set(queried.map(metricOf))).toEqual(
      new Set([...Object.keys(catalogue), ...Object.keys(foreign)]),
    );
  });
});

describe.each(built)('$title', (dashboard) => {
  it('is read-only and refreshes no more often than Prometheus scrapes', () => {
    expect(dashboard.editable).toBe(false);
    expect(dashboard.refresh).toBe('15s');
  });

  it('keeps the time range on the way to the others', () => {
    expect(dashboard.links.map(({ keepTime }) => keepTime)).toEqual([true]);
    for (const other of built) expect(other.tags).toEqual(dashboard.tags);
  });

  it('marks deployments and the starts of a model', () => {
    expect(dashboard.annotations.list.map(({ name }) => name)).toEqual(['Deployment', 'Model']);
  });

  it('has no line with a gap', () => {
    const cells = dashboard.panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, i) => `${x + (i % w)},${y + Math.floor(i / w)}`),
    );
    const lowest = Math.max(...dashboard.panels.map(({ gridPos: { y, h } }) => y + h));
    expect(new Set(cells).size).toBe(24 * lowest);
  });

  it('numbers its panels and gives each a title of its own', () => {
    expect(dashboard.panels.map(({ id }) => id)).toEqual(dashboard.panels.map((_, index) => index + 1));
    expect(new Set(dashboard.panels.map(({ title }) => title)).size).toBe(dashboard.panels.length);
  });

  const drawing = dashboard.panels.filter(({ type }) => type !== 'text' && type !== 'row');

  it.each(drawing)('$title: says so when no service publishes its metric yet', (panel) => {
    const names = (panel.targets ?? []).flatMap(({ expr }) =>
      seriesNames(expr).map((name) => metricOf(name) ?? name),
    );
    const waiting = names.some(isPlanned);
    expect(panel.description?.includes('No service publishes')).toBe(waiting);
    expect(panel.fieldConfig?.defaults.noValue === 'No data yet').toBe(waiting);
  });
});

it('containers of a stack whose name continues ours stay out', () => {
  const pattern = /name=~"([^"]+)"/.exec(
    expressions.find((expr) => expr.includes('container_last_seen')) ?? '',
  )?.[1];
  const anchored = new RegExp(`^(?:${pattern ?? ''})$`);
  expect(anchored.test('emotion-dev-backend')).toBe(true);
  expect(anchored.test('emotion-dev-node-exporter')).toBe(true);
  expect(anchored.test('emotion-dev-2-backend')).toBe(false);
});

describe('declared', () => {
  it('gives the reason for an empty panel: the metric is planned, or the panel says why', () => {
    expect(declared('No data yet', ['a', 'audio_quality_score_sum > 0'])).toBe(
      'No service publishes audio_quality_score yet',
    );
    expect(declared('No Grafana in this stack', ['up'])).toBe('No Grafana in this stack');
    expect(declared('No data', ['up'])).toBeUndefined();
    expect(declared(undefined, ['up'])).toBeUndefined();
  });
});

describe('substituted', () => {
  it('puts in what a dashboard shows when it opens', () => {
    expect(substituted('rate(a_total{job=~"$job",instance=~"$instance"}[$__rate_interval])', '15s')).toBe(
      'rate(a_total{job=~".+",instance=~".+"}[60s])',
    );
    expect(substituted('increase(a_total[$__range])', '15s')).toBe('increase(a_total[3600s])');
  });

  it('never takes a rate over less than four scrapes', () => {
    expect(substituted('[$__rate_interval]', '5s')).toBe('[20s]');
    expect(substituted('[$__rate_interval]', '60s')).toBe('[240s]');
  });

  it('leaves what it does not know, for Prometheus to refuse', () => {
    expect(substituted('a{b="$c"} + $__to', '15s')).toBe('a{b="$c"} + $__to');
  });
});
