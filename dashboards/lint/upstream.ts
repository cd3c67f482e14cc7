import * as units from '@grafana/grafana-foundation-sdk/units';
import { eachPanel, eachTarget, when, type Dashboard, type DataSource, type Rule } from './model.ts';
import { isPromql, selectors } from './promql.ts';

/*
 * The 17 rules of grafana/dashboard-linter, by its names. They go a little further than their models: each looks at
 * every kind of panel, where the original leaves out heatmaps, bars and pies.
 */

/** The choice of the data source is a variable of the one name and label that Grafana's own dashboards have. */
const templateDatasource: Rule = ({ templating: { list } }) => {
  const found = list.filter(({ type }) => type === 'datasource');
  return [
    ...when(found.length === 0, 'has no variable of type datasource'),
    ...found.flatMap(({ name, label }) => [
      ...when(name !== 'datasource', `names its data source variable "${name}", not "datasource"`),
      ...when(label !== 'Data source', `labels its data source variable "${label ?? ''}", not "Data source"`),
    ]),
  ];
};

/** Job and instance can be chosen: several, or all by `.+`, which leaves out series without the label. */
const template =
  (name: string, label: string): Rule =>
  ({ templating: { list } }) => {
    const variable = list.find((candidate) => candidate.name === name);
    if (variable === undefined) return [`has no variable named "${name}"`];
    return [
      ...when(!isChosen(variable.datasource), `variable ${name} does not ask the chosen data source`),
      ...when(variable.type !== 'query', `variable ${name} is of type ${variable.type}, not query`),
      ...when(
        variable.label !== label,
        `variable ${name} is labelled "${variable.label ?? ''}", not "${label}"`,
      ),
      ...when(variable.multi !== true, `variable ${name} takes a single value, not several`),
      ...when(
        variable.allValue !== '.+',
        `variable ${name} means "${variable.allValue ?? ''}" by all, not ".+"`,
      ),
    ];
  };

const queryVariables = ({ templating: { list } }: Dashboard) => list.filter(({ type }) => type === 'query');

const templateLabelPromql: Rule = (dashboard) =>
  queryVariables(dashboard).flatMap(({ name, query = '' }) => {
    const [, fn = '', asked = ''] = /^(\w+)\((?:(.+),\s*)?\w+\)$/.exec(query) ?? [];
    const known = ['label_names', 'label_values', 'metrics', 'query_result'].includes(fn);
    return when(
      !known || (asked !== '' && !isPromql(asked)),
      `variable ${name} asks what is no query: ${query}`,
    );
  });

/** Grafana's number for "on time range change": a series that is gone must not stay a choice. */
const onTimeRangeChange = 2;
const templateReload: Rule = (dashboard) =>
  queryVariables(dashboard).flatMap(({ name, refresh }) =>
    when(refresh !== onTimeRangeChange, `variable ${name} refreshes by ${refresh ?? 'nothing'}, not by 2`),
  );

const panelDatasource = eachPanel(({ datasource }) =>
  when(!isChosen(datasource), `names the data source "${datasource?.uid ?? ''}", not "\${datasource}"`),
);

const panelTitleDescription = eachPanel(({ title = '', description = '' }) => [
  ...when(title === '', 'has no title'),
  ...when(description === '', 'has no description'),
]);

const knownUnits = new Set<unknown>(Object.values(units));
const panelUnits = eachPanel(({ fieldConfig }) => {
  const { unit = '', mappings = [] } = fieldConfig?.defaults ?? {};
  return when(
    mappings.length === 0 && !knownUnits.has(unit),
    `has the unit "${unit}", which Grafana does not know`,
  );
});

const panelNoTargets = eachPanel(({ targets = [] }) => when(targets.length === 0, 'has no query'));

const isLoki = (datasource?: DataSource) => datasource?.type === 'loki';
/** Nothing here parses LogQL, because no stack has a Loki: a query to one is wrong as it stands. */
const targetLogql = eachTarget(({ datasource }) =>
  when(isLoki(datasource), 'asks Loki, which this stack does not have'),
);

const targetLogqlAuto = eachTarget(({ datasource, expr }) =>
  when(isLoki(datasource) && /\[(?!\$__auto\])/.test(expr), `has a fixed window, not [$__auto]: ${expr}`),
);

const targetPromql = eachTarget(({ expr }) => when(!isPromql(expr), `is not PromQL: ${expr}`));

const targetRateInterval = eachTarget(({ expr }) =>
  selectors(expr)
    .filter(({ fn, window }) => (fn === 'rate' || fn === 'irate') && window !== '$__rate_interval')
    .map(({ text, window }) => `takes the rate of ${text} over ${window ?? ''}, not over $__rate_interval`),
);

const targetMatcher = (label: string) =>
  eachTarget(({ expr }) =>
    selectors(expr)
      .filter(
        ({ matchers }) =>
          !matchers.some((m) => m.label === label && m.op === '=~' && m.value === `$${label}`),
      )
      .map(({ text }) => `lacks ${label}=~"$${label}" in ${text}`),
  );

/** As the original has it: `_total` by name, and only where no matcher follows. `counters` sees the others. */
const targetCounterAgg = eachTarget(({ expr }) =>
  selectors(expr)
    .filter(({ text, fn = '' }) => text.endsWith('_total') && !/^(i?rate|increase)$/.test(fn))
    .map(({ text }) => `reads the counter ${text} without rate, irate or increase`),
);

const uneditable: Rule = ({ editable }) =>
  when(editable, 'can be edited in Grafana, where the next start undoes it');

/** Whether a data source is the one that the reader has picked. */
export function isChosen(datasource: DataSource | undefined): boolean {
  return datasource?.uid === '${datasource}' || datasource?.uid === '$datasource';
}

export const upstream = {
  'template-datasource-rule': templateDatasource,
  'template-job-rule': template('job', 'Job'),
  'template-instance-rule': template('instance', 'Instance'),
  'template-label-promql-rule': templateLabelPromql,
  'template-on-time-change-reload-rule': templateReload,
  'panel-datasource-rule': panelDatasource,
  'panel-title-description-rule': panelTitleDescription,
  'panel-units-rule': panelUnits,
  'panel-no-targets-rule': panelNoTargets,
  'target-logql-rule': targetLogql,
  'target-logql-auto-rule': targetLogqlAuto,
  'target-promql-rule': targetPromql,
  'target-rate-interval-rule': targetRateInterval,
  'target-job-rule': targetMatcher('job'),
  'target-instance-rule': targetMatcher('instance'),
  'target-counter-agg-rule': targetCounterAgg,
  'uneditable-dashboard': uneditable,
} satisfies Record<string, Rule>;
