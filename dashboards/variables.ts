import { gauge, type Job } from '@emotion-stack/metrics';
import type { DataSourceRef } from '@grafana/grafana-foundation-sdk/common';
import {
  DatasourceVariableBuilder,
  QueryVariableBuilder,
  VariableRefresh,
} from '@grafana/grafana-foundation-sdk/dashboard';

/** The data source that the reader picks at the top; no dashboard names one. */
export const datasource: DataSourceRef = { type: 'prometheus', uid: '${datasource}' };

/** Matchers of what the reader picks at the top: every query of a panel has them. */
export const picked = { job: /$job/, instance: /$instance/ } as const;

/** Matchers of one scrape job, as far as the reader picks it: names such as process_* are of several. */
export function of<J extends Job>(job: J) {
  return { ...picked, job: [job, picked.job] } as const;
}

/** Matchers of what this project's own service publishes. */
export const backend = of('backend');

/**
 * The choices at the top of a dashboard: the data source, and which jobs and instances it shows.
 * @param jobs those that the dashboard draws; all that Prometheus scrapes when left out
 */
export function variables(jobs: readonly Job[] = []) {
  const drawn = jobs.length === 0 ? gauge('up') : gauge('up', { job: new RegExp(jobs.join('|')) });
  return [
    new DatasourceVariableBuilder('datasource').label('Data source').type('prometheus'),
    choice('job', 'Job', `label_values(${drawn}, job)`),
    choice('instance', 'Instance', `label_values(${gauge('up', { job: picked.job })}, instance)`),
  ];
}

function choice(name: string, label: string, query: string): QueryVariableBuilder {
  return new QueryVariableBuilder(name)
    .label(label)
    .datasource(datasource)
    .query(query)
    .refresh(VariableRefresh.OnTimeRangeChanged)
    .multi(true)
    .includeAll(true)
    .allValue(everything)
    .current({ selected: true, text: ['All'], value: ['$__all'] });
}

/** What "All" stands for. */
const everything = '.+';

/**
 * A query as Prometheus takes it, with Grafana's variables as they stand when a dashboard opens: everything picked,
 * the last hour shown.
 * @param scrapeInterval like `15s`
 */
export function substituted(expr: string, scrapeInterval: string): string {
  const scrape = Number.parseInt(scrapeInterval, 10);
  const values: Record<string, string> = {
    job: everything,
    instance: everything,
    // Grafana's own rule: four scrapes, or a point of the graph and one scrape where that is longer.
    __rate_interval: `${Math.max(4 * scrape, shown.step + scrape)}s`,
    __range: `${shown.seconds}s`,
  };
  return expr.replace(/\$(\w+)/g, (whole, name: string) => values[name] ?? whole);
}

/** The time range that a dashboard opens with, and the seconds between two points of its graphs, roughly. */
export const shown = { from: 'now-1h', seconds: 3600, step: 15 } as const;
