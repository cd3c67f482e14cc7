import { describe, expect, it } from 'vitest';
import { dashboards } from '../index.ts';
import { lint, rules, type Dashboard, type Panel } from './index.ts';
import type { Target, Variable } from './model.ts';

const built = dashboards({ scrapeInterval: '15s', namePrefix: 'emotion-dev' }).map(
  ({ json }) => json as Dashboard,
);

/** A copy, to be spoiled, of one that has every kind of thing that the rules look at. */
function sound(): Dashboard {
  const found = built.find(({ uid }) => uid === 'api-monitoring');
  if (found === undefined) throw new Error('no dashboard api-monitoring');
  return structuredClone(found);
}

const panel = ({ panels }: Dashboard, type = 'timeseries'): Panel => {
  const found = panels.find((candidate) => candidate.type === type);
  if (found === undefined) throw new Error(`no panel of type ${type}`);
  return found;
};
const target = (dashboard: Dashboard, type?: string): Target => {
  const [first] = panel(dashboard, type).targets ?? [];
  if (first === undefined) throw new Error('a panel without queries');
  return first;
};
const variable = ({ templating: { list } }: Dashboard, name: string): Variable => {
  const found = list.find((candidate) => candidate.name === name);
  if (found === undefined) throw new Error(`no variable ${name}`);
  return found;
};
const annotation = ({ annotations: { list } }: Dashboard) => {
  const [first] = list;
  if (first === undefined) throw new Error('no annotation');
  return first;
};

const where = '{job=~"$job",instance=~"$instance"}';
const prometheus = { type: 'prometheus', uid: 'prometheus' };
const loki = { type: 'loki', uid: '${datasource}' };

/** By rule: what is spoiled, and words that the rule then says. */
const broken: Record<string, [what: string, spoil: (dashboard: Dashboard) => void, says: string][]> = {
  'template-datasource-rule': [
    ['no variable', (d) => d.templating.list.shift(), 'has no variable of type datasource'],
    ['another name', (d) => (variable(d, 'datasource').name = 'ds'), '"ds"'],
    ['another label', (d) => (variable(d, 'datasource').label = 'Source'), '"Source"'],
  ],
  'template-job-rule': [
    ['no variable', (d) => (variable(d, 'job').name = 'jobs'), 'has no variable named "job"'],
    ['a fixed data source', (d) => (variable(d, 'job').datasource = prometheus), 'chosen data source'],
    ['a list of its own', (d) => (variable(d, 'job').type = 'custom'), 'type custom'],
    ['a single choice', (d) => (variable(d, 'job').multi = false), 'a single value'],
  ],
  'template-instance-rule': [
    ['no variable', (d) => (variable(d, 'instance').name = 'host'), 'has no variable named "instance"'],
    ['all by .*', (d) => (variable(d, 'instance').allValue = '.*'), '".*" by all'],
    ['another label', (d) => (variable(d, 'instance').label = 'Host'), '"Host"'],
  ],
  'template-label-promql-rule': [
    ['no PromQL', (d) => (variable(d, 'job').query = 'label_values(up{, job)'), 'label_values(up{, job)'],
    ['no function', (d) => (variable(d, 'job').query = 'values(up, job)'), 'values(up, job)'],
  ],
  'template-on-time-change-reload-rule': [
    ['refreshed at load', (d) => (variable(d, 'job').refresh = 1), 'refreshes by 1'],
  ],
  'panel-datasource-rule': ['timeseries', 'stat', 'heatmap'].map((type) => [
    `a fixed data source in a ${type}`,
    (d) => (panel(d, type).datasource = prometheus),
    'names the data source "prometheus"',
  ]),
  'panel-title-description-rule': [
    ['no title', (d) => (panel(d).title = ''), 'has no title'],
    ['no description', (d) => delete panel(d, 'heatmap').description, 'has no description'],
  ],
  'panel-units-rule': [
    ['no unit', (d) => (panel(d).fieldConfig = { defaults: {} }), 'has the unit ""'],
    ['no such unit', (d) => (panel(d).fieldConfig = { defaults: { unit: 'sentences' } }), '"sentences"'],
  ],
  'panel-no-targets-rule': [['no query', (d) => (panel(d).targets = []), 'has no query']],
  'target-logql-rule': [['a query to Loki', (d) => (target(d).datasource = loki), 'asks Loki']],
  'target-logql-auto-rule': [
    [
      'a fixed window',
      (d) => Object.assign(target(d), { datasource: loki, expr: 'rate({job="a"}[5m])' }),
      'not [$__auto]',
    ],
  ],
  'target-promql-rule': [
    ['a bracket too few', (d) => (target(d).expr = `sum(rate(up${where}[5m])`), 'is not PromQL'],
    ['no such function', (d) => (target(d).expr = `rates(up${where}[5m])`), 'is not PromQL'],
    ['nothing', (d) => (target(d).expr = ''), 'is not PromQL'],
  ],
  'target-rate-interval-rule': [
    ['a fixed window', (d) => (target(d).expr = `rate(http_requests_total${where}[5m])`), 'over 5m'],
    ['the whole range', (d) => (target(d).expr = `rate(a_total${where}[$__range] offset 1m)`), '$__range'],
  ],
  'target-job-rule': [
    ['no matcher', (d) => (target(d).expr = 'up{instance=~"$instance"}'), 'lacks job=~"$job" in up{'],
    ['a fixed job', (d) => (target(d).expr = 'up{job="backend"}'), 'lacks job=~"$job"'],
    ['only on one side', (d) => (target(d).expr = `up${where} / up`), 'in up'],
  ],
  'target-instance-rule': [
    ['no matcher', (d) => (target(d).expr = 'up{job=~"$job"}'), 'lacks instance=~"$instance"'],
    ['equality', (d) => (target(d).expr = 'up{instance="$instance"}'), 'lacks instance=~"$instance"'],
  ],
  'target-counter-agg-rule': [
    ['a bare counter', (d) => (target(d).expr = 'sum(http_requests_total)'), 'http_requests_total without'],
    ['another function', (d) => (target(d).expr = 'delta(http_requests_total[5m])'), 'without rate'],
  ],
  'uneditable-dashboard': [['an editable one', (d) => (d.editable = true), 'can be edited']],

  counters: [
    ['matchers behind it', (d) => (target(d).expr = `sum(http_requests_total${where})`), 'without rate'],
    ['no _total in its name', (d) => (target(d).expr = `node_vmstat_oom_kill${where}`), 'oom_kill'],
    ['a part of a histogram', (d) => (target(d).expr = `inference_seconds_count${where}`), '_count'],
    ['a stranger', (d) => (target(d).expr = `stranger_total${where} > 0`), 'stranger_total'],
  ],
  'target-datasource': ['stat', 'heatmap'].map((type) => [
    `a fixed data source in the query of a ${type}`,
    (d) => (target(d, type).datasource = prometheus),
    'query A names the data source "prometheus"',
  ]),
  windows: [
    [
      'a fixed window in a histogram',
      (d) => (target(d, 'heatmap').expr = `increase(inference_seconds_bucket${where}[5m])`),
      'over 5m',
    ],
    [
      'another than the title says',
      (d) => {
        spoilWindow(d, 'Requests of the last hour', '2h');
      },
      'over 2h',
    ],
  ],
  overlap: [
    [
      'a panel on another',
      (d) => (panel(d, 'heatmap').gridPos.x -= 1),
      'lies on "Response time, percentiles"',
    ],
    ['a panel over the edge', (d) => (panel(d, 'heatmap').gridPos.w += 1), 'column 25'],
  ],
  annotations: [
    ['a fixed data source', (d) => (annotation(d).datasource = prometheus), 'names the data source'],
    ['no PromQL', (d) => (annotation(d).expr = 'up *'), 'is not PromQL: up *'],
    ['a bare counter', (d) => (annotation(d).expr = `http_requests_total${where} > 0`), 'without rate'],
  ],
  legend: [['none', (d) => delete target(d).legendFormat, 'has no legend']],
  'no-value': [['none', (d) => delete panel(d).fieldConfig?.defaults.noValue, 'no data looks like']],
  explained: [
    ['no text', (d) => d.panels.shift(), 'does not begin with a text'],
    ['a narrow text', (d) => (panel(d, 'text').gridPos.w = 12), 'does not begin with a text'],
  ],
  links: [
    ['none', (d) => (d.links = []), 'has no link'],
    ['to others', (d) => (d.tags = ['mine']), 'tagged like itself: mine'],
  ],
};

function spoilWindow(dashboard: Dashboard, title: string, window: string): void {
  panel(dashboard).title = title;
  target(dashboard).expr = `increase(http_requests_total${where}[${window}])`;
}

describe.each(Object.entries(rules))('%s', (name, rule) => {
  it.each(broken[name] ?? [['a case', () => undefined, 'that this table lacks']])(
    'fires on %s',
    (_, spoil, says) => {
      const copy = sound();
      expect(rule(copy)).toEqual([]);
      spoil(copy);
      expect(rule(copy).join('\n')).toContain(says);
    },
  );
});

it('takes a fixed window that the title tells', () => {
  const copy = sound();
  spoilWindow(copy, 'Requests of the last 6 hours', '6h');
  expect(lint(copy)).toEqual([]);
});

it.each(built)('finds nothing in $title', (dashboard) => {
  expect(lint(dashboard)).toEqual([]);
});
