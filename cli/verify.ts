import { metricOf, metrics, type ForeignMetric, type Job } from '@emotion-stack/metrics';
import { selectors } from '../dashboards/lint/promql.ts';
import type { DashboardQuery } from '../dashboards/queries.ts';
import { unpublished } from '../dashboards/quiet.ts';
import { shown, substituted } from '../dashboards/variables.ts';
import { askPrometheus, valuesOf } from './prometheus.ts';

/** An alert or a recording rule. */
export interface Rule {
  name: string;
  expr: string;
  alert: boolean;
}

/** A query or a rule, and what became of it. */
export interface Finding {
  dashboard: string;
  panel: string;
  expr: string;
  reason: string;
}

/** ok: it returns data, or could. quiet: it returns nothing, and the reason is known. broken: all else. */
export type Verdict = 'ok' | 'quiet' | 'broken';
export type Report = Record<Verdict, Finding[]>;

type Judgement = [Verdict, reason: string];

export interface Subject {
  /** URL of Prometheus. */
  prometheus: string;
  /** Like `15s`. */
  scrapeInterval: string;
  queries: DashboardQuery[];
  rules: Rule[];
  /** Jobs that this stack does without: Grafana is not to be had on every machine. */
  absent: readonly Job[];
}

/** What stands for a dashboard in the findings about rules. */
export const rulesTitle = 'Rules';

/**
 * Asks Prometheus every query of the dashboards and every rule, one after the other: it has other work.
 * @throws Error when Prometheus does not answer at all
 */
export async function verify(subject: Subject): Promise<Report> {
  const { prometheus, scrapeInterval, queries, rules } = subject;
  const live = await loadedRules(prometheus);
  const report: Report = { ok: [], quiet: [], broken: [] };
  for (const query of queries) {
    const { dashboard, panel, expr } = query;
    const [verdict, reason] = await judged(() =>
      ofQuery(prometheus, query, substituted(expr, scrapeInterval)),
    );
    report[verdict].push({ dashboard, panel, expr, reason });
  }
  for (const rule of rules) {
    const [verdict, reason] = await judged(() => ofRule(subject, rule, live));
    report[verdict].push({ dashboard: rulesTitle, panel: rule.name, expr: rule.expr, reason });
  }
  return report;
}

/** A query that Prometheus refuses is broken, in its words. */
async function judged(judge: () => Promise<Judgement>): Promise<Judgement> {
  try {
    return await judge();
  } catch (error) {
    return ['broken', error instanceof Error ? error.message : String(error)];
  }
}

async function ofQuery(url: string, { instant, quiet }: DashboardQuery, expr: string): Promise<Judgement> {
  // A graph shows the last hour: what it drew half an hour ago is data too.
  const found = await valuesOf(url, expr, instant ? undefined : shown);
  if (found.length === 0) return quiet === undefined ? ['broken', 'no data'] : ['quiet', quiet];
  return onlyNaN(found) ?? ['ok', `${found.length} series`];
}

/** The series are there and their labels match: a share or a quantile of nothing. */
function onlyNaN(found: number[][]): Judgement | undefined {
  return found.flat().every(Number.isNaN)
    ? ['quiet', 'nothing happened in this time range (NaN)']
    : undefined;
}

interface LoadedRule {
  name: string;
  health: string;
  lastError?: string;
}

async function loadedRules(url: string): Promise<LoadedRule[]> {
  const { groups } = await askPrometheus<{ groups: { rules: LoadedRule[] }[] }>(url, '/api/v1/rules');
  return groups.flatMap(({ rules }) => rules);
}

async function ofRule(subject: Subject, rule: Rule, live: LoadedRule[]): Promise<Judgement> {
  const { name, expr, alert } = rule;
  const loaded = live.find((candidate) => candidate.name === name);
  if (loaded === undefined) return ['broken', 'Prometheus has not loaded it: ./stack up'];
  if (loaded.health === 'err') return ['broken', loaded.lastError ?? 'its evaluation fails'];
  const found = await valuesOf(subject.prometheus, expr);
  if (found.length > 0)
    return onlyNaN(found) ?? ['ok', alert ? 'fires, or is about to' : `${found.length} series`];
  const silence = await whySilent(subject, expr);
  if (silence !== undefined) return silence;
  return alert
    ? ['ok', 'silent, and every series that it reads is there']
    : ['quiet', 'none of its series pass its filter'];
}

/** Why a rule returns nothing, where it is for want of a series that it reads. */
async function whySilent(subject: Subject, expr: string): Promise<Judgement | undefined> {
  const { prometheus, absent, rules } = subject;
  const pending = unpublished([expr]);
  if (pending !== undefined) return ['quiet', pending];
  for (const { text, name, matchers } of selectors(expr)) {
    if ((await valuesOf(prometheus, text)).length > 0) continue;
    const recorded = rules.find((rule) => !rule.alert && rule.name === name);
    const deeper = recorded === undefined ? undefined : await whySilent(subject, recorded.expr);
    if (deeper !== undefined) return deeper;
    // A status that nobody has been answered with yet has no series; a metric that nobody publishes has none at all.
    if (matchers.length > 0 && (await valuesOf(prometheus, name)).length > 0) {
      return ['quiet', `nothing matches ${text} yet`];
    }
    const job = publisherOf(name);
    return job !== undefined && absent.includes(job)
      ? ['quiet', `no ${job} in this stack`]
      : ['broken', `no data for ${text}`];
  }
  return undefined;
}

function publisherOf(series: string): Job | undefined {
  const metric = metricOf(series);
  const known: Record<string, Partial<ForeignMetric>> = metrics;
  return metric === undefined ? undefined : known[metric]?.job;
}
