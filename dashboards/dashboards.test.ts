import { catalogue, foreign, isPlanned, metricOf, seriesNames } from '@emotion-stack/metrics';
import { describe, expect, it } from 'vitest';
import { concerns } from '../alerts/index.ts';
import { dashboards } from './index.ts';

interface Target {
  expr: string;
  refId: string;
  datasource: unknown;
  legendFormat: string;
}

interface Panel {
  id: number;
  type: string;
  title: string;
  description: string;
  datasource?: unknown;
  gridPos: { x: number; y: number; w: number; h: number };
  targets?: Target[];
  fieldConfig: { defaults: { unit?: string; noValue?: string } };
}

interface Dashboard {
  uid: string;
  title: string;
  tags: string[];
  editable: boolean;
  refresh: string;
  panels: Panel[];
  links: { type: string; tags: string[]; keepTime: boolean }[];
  templating: { list: { name: string; type: string; query: string }[] };
  annotations: { list: { datasource: unknown; expr: string }[] };
}

const built = dashboards({ scrapeInterval: '15s', namePrefix: 'emotion-dev' }).map(
  ({ json }) => json as Dashboard,
);
const panels = built.flatMap((dashboard) => dashboard.panels);
const expressions = panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr));
const chosenByReader = { type: 'prometheus', uid: '${datasource}' };

describe('the dashboards that were asked for', () => {
  it('keep their names and uids', () => {
    expect(built.map(({ uid, title }) => [uid, title])).toEqual([
      ['emotion-overview', 'Emotion Analysis Overview'],
      ['system-performance', 'System Performance'],
      ['api-monitoring', 'API Monitoring'],
      ['data-quality', 'Data Quality'],
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

  it('lets the reader choose the data source', () => {
    expect(dashboard.templating.list).toContainEqual(
      expect.objectContaining({ name: 'datasource', type: 'datasource', query: 'prometheus' }),
    );
    expect(dashboard.annotations.list.map(({ datasource }) => datasource)).toEqual([chosenByReader]);
  });

  it('links to the others and keeps the time range on the way', () => {
    expect(dashboard.links).toEqual([expect.objectContaining({ type: 'dashboards', keepTime: true })]);
    const [tags] = dashboard.links.map((link) => link.tags);
    for (const other of built) expect(other.tags).toEqual(expect.arrayContaining(tags ?? ['none']));
  });

  it('begins with what it answers', () => {
    expect(dashboard.panels[0]).toMatchObject({ type: 'text', gridPos: { x: 0, y: 0, w: 24 } });
  });

  it('has no two panels on one spot, and no line with a gap', () => {
    const cells = dashboard.panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, i) => `${x + (i % w)},${y + Math.floor(i / w)}`),
    );
    const lowest = Math.max(...dashboard.panels.map(({ gridPos: { y, h } }) => y + h));
    expect(new Set(cells).size).toBe(cells.length);
    expect(cells.length).toBe(24 * lowest);
  });

  it('numbers its panels and gives each a title of its own', () => {
    expect(dashboard.panels.map(({ id }) => id)).toEqual(dashboard.panels.map((_, index) => index + 1));
    expect(new Set(dashboard.panels.map(({ title }) => title)).size).toBe(dashboard.panels.length);
  });

  const drawing = dashboard.panels.filter(({ type }) => type !== 'text' && type !== 'row');

  it.each(drawing)('$title: says what it shows, in which unit, from the chosen data source', (panel) => {
    expect(panel.description).toMatch(/\w.*\.$/);
    expect(panel.fieldConfig.defaults.unit).toBeTruthy();
    expect(panel.datasource).toEqual(chosenByReader);
    expect(panel.targets).not.toEqual([]);
    for (const { datasource, legendFormat } of panel.targets ?? []) {
      expect(datasource).toEqual(chosenByReader);
      expect(legendFormat).not.toBe('');
    }
  });

  it.each(drawing)('$title: averages over windows that follow the zoom', ({ title, targets = [] }) => {
    const windows = targets.flatMap(({ expr }) =>
      [...expr.matchAll(/\[([^\]]+)\]/g)].map(([, window]) => window),
    );
    const allowed = title.includes('last hour') ? ['1h'] : ['$__rate_interval', '$__range'];
    expect(windows.filter((window) => !allowed.includes(window ?? ''))).toEqual([]);
  });

  it.each(drawing)('$title: says so when no service publishes its metric yet', (panel) => {
    const names = (panel.targets ?? []).flatMap(({ expr }) =>
      seriesNames(expr).map((name) => metricOf(name) ?? name),
    );
    const waiting = names.some(isPlanned);
    expect(panel.fieldConfig.defaults.noValue).toBe(waiting ? 'No data yet' : 'No data');
    expect(panel.description.includes('No service publishes')).toBe(waiting);
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
