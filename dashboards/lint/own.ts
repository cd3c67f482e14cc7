import { metricOf, metrics } from '@emotion-stack/metrics';
import { eachPanel, eachTarget, when, type Rule } from './model.ts';
import { isPromql, selectors } from './promql.ts';
import { isChosen } from './upstream.ts';

/** What the 17 rules let pass, and a night shift stumbles over. */

const ofCounters = /^(i?rate|increase|resets)$/;

/** Counters, by the catalogue and not by their name, that are read without a function that knows their resets. */
function bareCounters(expr: string): string[] {
  return selectors(expr)
    .filter(({ name, fn = '' }) => {
      const metric = metricOf(name);
      const grows = metric === undefined ? name.endsWith('_total') : metrics[metric].kind !== 'gauge';
      return grows && !ofCounters.test(fn);
    })
    .map(({ text }) => `reads the counter ${text} without rate, irate, increase or resets`);
}

const counters = eachTarget(({ expr }) => bareCounters(expr));

/** A query may name another data source than its panel does. */
const targetDatasource = eachTarget(({ datasource }) =>
  when(!isChosen(datasource), `names the data source "${datasource?.uid ?? ''}", not "\${datasource}"`),
);

/** `1h` is "the last hour", `6h` "the last 6 hours". */
const spoken = (hours: string) => (hours === '1' ? 'last hour' : `last ${hours} hours`);

/** A window that does not follow the zoom tells another time than the axis below it: the title has to say it. */
const windows = eachTarget(({ expr }, { title = '' }) =>
  selectors(expr).flatMap(({ window = '$__rate_interval', text }) => {
    const hours = /^(\d+)h$/.exec(window)?.[1];
    const said = hours !== undefined && title.includes(spoken(hours));
    return when(
      !said && !window.startsWith('$__'),
      `looks at ${text} over ${window}, and its title does not say so`,
    );
  }),
);

const columns = 24;
const overlap: Rule = ({ panels }) =>
  panels.flatMap((panel, index) => {
    const { x, y, w, h } = panel.gridPos;
    const title = `panel "${panel.title ?? panel.id}"`;
    const covered = panels.slice(0, index).filter(({ gridPos: other }) => {
      const across = x < other.x + other.w && other.x < x + w;
      return across && y < other.y + other.h && other.y < y + h;
    });
    return [
      ...covered.map((other) => `${title} lies on "${other.title ?? other.id}"`),
      ...when(x + w > columns, `${title} ends at column ${x + w}, beyond ${columns}`),
    ];
  });

const annotations: Rule = ({ annotations: { list } }) =>
  list.flatMap(({ name, expr, datasource }) =>
    [
      ...when(
        !isChosen(datasource),
        `names the data source "${datasource?.uid ?? ''}", not "\${datasource}"`,
      ),
      ...when(!isPromql(expr), `is not PromQL: ${expr}`),
      ...bareCounters(expr),
    ].map((problem) => `annotation "${name}" ${problem}`),
  );

/** Without one, Grafana writes every label of the series. */
const legend = eachTarget(({ legendFormat = '' }) => when(legendFormat === '', 'has no legend'));

/** The text where a value would be; without one, an empty panel shows nothing at all. */
const noValue = eachPanel(({ fieldConfig }) =>
  when((fieldConfig?.defaults.noValue ?? '') === '', 'does not say what no data looks like'),
);

/** The panel that says which questions the others answer. */
const explained: Rule = ({ panels: [first] }) =>
  when(
    first?.type !== 'text' || first.gridPos.w !== columns,
    'does not begin with a text over its whole width',
  );

const links: Rule = ({ links, tags }) => {
  const found = links.some(
    (link) => link.type === 'dashboards' && link.tags.every((tag) => tags.includes(tag)),
  );
  return when(!found, `has no link to the dashboards tagged like itself: ${tags.join(', ')}`);
};

export const own = {
  counters,
  'target-datasource': targetDatasource,
  windows,
  overlap,
  annotations,
  legend,
  'no-value': noValue,
  explained,
  links,
} satisfies Record<string, Rule>;
