import { stringify } from 'yaml';
import { dashboards } from './index.ts';
import type { Dashboard } from './lint/index.ts';
import { queries } from './queries.ts';
import { substituted } from './variables.ts';

/** Every query of the dashboards as a recording rule, which `promtool check rules` knows how to check: YAML. */
export function promtoolRules(): string {
  const scrapeInterval = '15s';
  const all = dashboards({ scrapeInterval, namePrefix: 'emotion' }).flatMap(({ json }) =>
    queries(json as Dashboard),
  );
  const rules = all.map(({ expr }, index) => ({
    record: `dashboards:query:${index}`,
    expr: substituted(expr, scrapeInterval),
  }));
  return stringify({ groups: [{ name: 'dashboards', rules }] }, { lineWidth: 0 });
}
