import { seconds } from '../alerts/duration.ts';
import { concerns, render, type AlertOptions } from '../alerts/index.ts';
import { firings, inlined, type Firings } from '../alerts/replay.ts';
import { isAlert } from '../alerts/rule.ts';
import { UserError } from './errors.ts';

/** An alert, ready to be asked for. */
interface Question {
  alert: string;
  expr: string;
  /** `for` and the time between two evaluations, in seconds. */
  patience: number;
  step: number;
}

export interface Replayed {
  alert: string;
  /** Undefined where Prometheus, or this checkout, has no such alert. */
  before: Firings | undefined;
  after: Firings | undefined;
}

export interface ReplayOptions extends AlertOptions {
  /** Base URL of the running Prometheus. */
  prometheus: string;
  /** How far back, in seconds. */
  since: number;
  /** Between two evaluations, in seconds. */
  step: number;
}

/**
 * How often each alert would have fired over samples that Prometheus has: by the rules that it runs, and by those of
 * this checkout.
 * @throws UserError when Prometheus does not answer, or refuses a query.
 */
export async function replay(options: ReplayOptions, now = Date.now() / 1000): Promise<Replayed[]> {
  const before = await runningRules(options.prometheus);
  const after = rulesHere(options);
  // One that always fires has nothing to tell.
  const names = new Set(
    [...after, ...before].map(({ alert }) => alert).filter((name) => name !== 'Watchdog'),
  );
  const replayed: Replayed[] = [];
  for (const alert of names) {
    const [old, young] = [before, after].map((rules) => rules.find((rule) => rule.alert === alert));
    replayed.push({
      alert,
      before: old && (await answer(old, options, now)),
      after: young && (await answer(young, options, now)),
    });
  }
  return replayed;
}

async function runningRules(prometheus: string): Promise<Question[]> {
  interface Rules {
    groups: { interval: number; rules: { name: string; query: string; duration: number }[] }[];
  }
  const { groups } = await ask<Rules>(prometheus, '/api/v1/rules?type=alert');
  return groups.flatMap(({ interval, rules }) =>
    rules.map(({ name, query, duration }) => ({
      alert: name,
      expr: query,
      patience: duration,
      step: interval,
    })),
  );
}

function rulesHere(options: ReplayOptions): Question[] {
  return concerns.flatMap(({ rules }) => {
    const records = rules.filter((rule) => 'record' in rule);
    return rules.filter(isAlert).map((rule) => {
      const { alert, expr, for: patience = '0s' } = render(rule, options);
      return { alert, expr: inlined(expr, records), patience: seconds(patience), step: options.step };
    });
  });
}

/** Prometheus answers at most 11,000 points a query. */
const points = 10_000;

async function answer(question: Question, options: ReplayOptions, now: number): Promise<Firings> {
  const { expr, patience, step } = question;
  const end = Math.floor(now / step) * step;
  const held = new Map<string, number[]>();
  for (let from = end - options.since; from <= end; from += points * step) {
    const to = Math.min(end, from + (points - 1) * step);
    const query = new URLSearchParams({ query: expr, start: `${from}`, end: `${to}`, step: `${step}` });
    interface Matrix {
      result: { metric: Record<string, string>; values: [number, string][] }[];
    }
    const { result } = await ask<Matrix>(options.prometheus, `/api/v1/query_range?${query.toString()}`);
    for (const { metric, values } of result) {
      const series = JSON.stringify(metric);
      held.set(series, [...(held.get(series) ?? []), ...values.map(([time]) => time)]);
    }
  }
  return firings([...held.values()], patience, step);
}

async function ask<T>(prometheus: string, path: string): Promise<T> {
  const url = `${prometheus}${path}`;
  const response = await fetch(url, { signal: AbortSignal.timeout(60_000) }).catch((error: unknown) => {
    throw new UserError(
      `Prometheus at ${prometheus} does not answer: ${error instanceof Error ? error.message : String(error)}`,
      './stack status says whether it runs; ./stack up starts it',
    );
  });
  const answer = (await response.json()) as { data?: T; error?: string };
  if (answer.data === undefined) {
    throw new UserError(
      `Prometheus refuses ${decodeURIComponent(path)}: ${answer.error ?? response.status}`,
      'mend the rule in alerts/',
    );
  }
  return answer.data;
}
