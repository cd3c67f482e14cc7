import { increase, rate, sum, type Window } from '@emotion-stack/metrics';
import { from } from './history.ts';
import type { AlertCase, AlertConcern, AlertRule, RecordingRule } from './rule.ts';

/**
 * Two objectives over 30 days: 99.5% of the requests do not fail by our fault (a status from 500 up), and 95% of the
 * sentences are predicted within 2.5 s. What may go wrong is the budget.
 *
 * The alerts ask how fast it burns: at 1 it lasts exactly 30 days. At 14.4 an hour takes 2% of it, at 6 six hours take
 * 5%. Each asks over a long window, so that it is about more than a moment, and over a short one, so that it ends when
 * the trouble ends (Google's SRE workbook, chapter 5). One failure among three requests says nothing: both want a
 * number of requests first.
 */
const budgets = { availability: 0.005, latency: 0.05 } as const;

type Objective = keyof typeof budgets;

const requests = 'http_request_duration_seconds_count';
const sentences = 'emotion_prediction_latency_seconds_count';

const badShare: Record<Objective, (window: Window) => string> = {
  availability: (window) =>
    `${sum(rate(requests, { status: /5../ }, window))} / ${sum(rate(requests, {}, window))}`,
  latency: (window) =>
    `1 - ${sum(rate('emotion_prediction_latency_seconds_bucket', { le: '2.5' }, window))} / ` +
    sum(rate(sentences, {}, window)),
};

const recorded: Record<Objective, (window: Window) => string> = {
  availability: (window) => `backend:failed_requests:ratio_rate${window}`,
  latency: (window) => `backend:slow_sentences:ratio_rate${window}`,
};

const records: RecordingRule[] = (['availability', 'latency'] as const).flatMap((objective) =>
  (['5m', '30m', '1h', '6h'] as const).map((window) => ({
    record: recorded[objective](window),
    expr: badShare[objective](window),
  })),
);

interface Burn {
  alert: string;
  objective: Objective;
  /** Times as fast as the budget allows. */
  rate: number;
  long: '1h' | '6h';
  short: '5m' | '30m';
  /** Fewer requests or sentences than this in the long window are not judged. */
  least: number;
  wait: '2m' | '15m';
  /** Of the cases. */
  interval: '1m' | '5m';
  severity: 'critical' | 'warning';
}

/** Minutes of a window. */
const minutes = { '1m': 1, '2m': 2, '5m': 5, '15m': 15, '30m': 30, '1h': 60, '6h': 360 } as const;

const samples = ({ interval }: Burn, window: keyof typeof minutes) => minutes[window] / minutes[interval];

function expression({ objective, long, short, least }: Burn): string {
  const limit = `$threshold * ${budgets[objective]}`;
  const traffic = sum(increase(objective === 'availability' ? requests : sentences, {}, long));
  return (
    `${recorded[objective](long)} > ${limit} and ${recorded[objective](short)} > ${limit} ` +
    `and ${traffic} > ${least}`
  );
}

/**
 * A long window in which a share `long` is bad, at its end a short one with the share `short`.
 * @param each requests or sentences per sample
 */
function history(burn: Burn, each: number, long: number, short = long): Record<string, string> {
  const last = samples(burn, burn.short);
  const first = samples(burn, burn.long) - last;
  const before = (long * (first + last) - short * last) / first;
  const counter = (a: number, b: number) => {
    const [x, y, z] = [a, a * first + b, b].map((step) => Number(step.toFixed(6)));
    return `0+${x}x${first} ${y}+${z}x${last - 1}`;
  };
  const good = counter(each * (1 - before), each * (1 - short));
  if (burn.objective === 'latency') {
    return {
      [from.backend('emotion_prediction_latency_seconds_bucket', { le: '2.5' })]: good,
      [from.backend(sentences)]: counter(each, each),
    };
  }
  const route = { method: 'POST', route: '/v1/classify' };
  return {
    [from.backend(requests, { ...route, status: '200' })]: good,
    [from.backend(requests, { ...route, status: '503' })]: counter(each * before, each * short),
  };
}

function cases(burn: Burn): AlertCase[] {
  const limit = burn.rate * budgets[burn.objective];
  const all = minutes[burn.long];
  const wait = minutes[burn.wait];
  const first = minutes[burn.interval];
  const at = `${all}m` as const;
  const fires = (share: number) => [{ value: `${Number((share * 100).toPrecision(4))}%` }];
  return [
    {
      name: 'fires just above the limit',
      series: history(burn, 900, limit * 1.03),
      at,
      firing: fires(limit * 1.03),
    },
    {
      // A rate needs two samples.
      name: 'fires as soon as the wait is over',
      series: history(burn, 900, 0.99),
      at: `${wait + first}m`,
      firing: fires(0.99),
    },
    { name: 'waits', series: history(burn, 900, 0.99), at: `${wait}m`, firing: [] },
    {
      name: 'stays silent for a bad moment after good hours',
      series: history(burn, 900, limit * 0.95, limit * 1.1),
      at,
      firing: [],
    },
    {
      name: 'ends when the last minutes are better',
      series: history(burn, 900, limit * 1.05, limit * 0.95),
      at,
      firing: [],
    },
    {
      name: 'does not judge by few',
      series: history(burn, (burn.least * 0.95) / samples(burn, burn.long), 0.99),
      at,
      firing: [],
    },
    {
      name: 'judges by enough',
      series: history(burn, (burn.least * 1.08) / samples(burn, burn.long), 0.99),
      at,
      firing: fires(0.99),
    },
  ];
}

const what: Record<Objective, { summary: string; description: string }> = {
  availability: {
    summary: 'Requests fail by our fault',
    description: 'of the requests were answered with a status from 500 up',
  },
  latency: { summary: 'Predictions are slow', description: 'of the sentences waited more than 2.5 s' },
};

function rule(burn: Burn): AlertRule {
  const { alert, objective, rate, long, wait, severity } = burn;
  const hurry =
    severity === 'critical' ? 'far more than its budget allows' : 'more than its budget allows, for hours';
  return {
    alert,
    service: 'backend',
    expr: expression(burn),
    threshold: rate,
    unit: 'times',
    for: wait,
    severity,
    summary: `${what[objective].summary}, ${hurry}`,
    description:
      `{{ $value | humanizePercentage }} ${what[objective].description} over ${long}: the budget of 30 days burns more ` +
      'than $threshold as fast as it may.',
    dashboard: 'api',
    interval: burn.interval,
    cases: cases(burn),
  };
}

const fast = {
  rate: 14.4,
  long: '1h',
  short: '5m',
  least: 100,
  wait: '2m',
  interval: '1m',
  severity: 'critical',
} as const;
const slow = {
  rate: 6,
  long: '6h',
  short: '30m',
  least: 300,
  wait: '15m',
  interval: '5m',
  severity: 'warning',
} as const;

/** What callers may expect is being missed. */
export const objectives: AlertConcern = {
  name: 'objectives',
  rules: [
    ...records,
    rule({ alert: 'AvailabilityBudgetBurnsFast', objective: 'availability', ...fast }),
    rule({ alert: 'AvailabilityBudgetBurnsSlowly', objective: 'availability', ...slow }),
    rule({ alert: 'LatencyBudgetBurnsFast', objective: 'latency', ...fast }),
    rule({ alert: 'LatencyBudgetBurnsSlowly', objective: 'latency', ...slow }),
  ],
};
