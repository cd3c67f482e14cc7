import { median } from './statistics.ts';

/** What one round says of a row. Throughput in sentences per second, the rest in milliseconds. */
export interface Figures {
  throughput: number;
  p50: number;
  p99: number;
  /** 99th percentile of the delay of the service's main loop. */
  loopDelay?: number;
}

/** What is measured, in the order of the table. */
export const rowNames = {
  limit: 'limit: onnxruntime, full batches',
  one: 'onnxruntime, one sentence at a time',
  single: 'this service, 64 clients with 1 sentence',
  batched: 'this service, 4 clients with 64 sentences',
  halfLoad: 'this service at half of its load, open loop',
  fastapi: 'FastAPI, 64 clients with 1 sentence',
  mlserver: 'MLServer, 64 clients with 1 sentence',
} as const;

export type RowKey = keyof typeof rowNames;

/** The rounds of a row, or why there are none. */
export type Measurements = Partial<Record<RowKey, Figures[] | { missing: string }>>;

export interface Row {
  name: string;
  /** Medians of the rounds; null where nothing was measured. */
  sentences_per_second: number | null;
  p50_ms: number | null;
  p99_ms: number | null;
  loop_delay_p99_ms: number | null;
  /** Throughput of each round. */
  rounds: number[];
  /** Why nothing was measured. */
  missing?: string;
}

export interface Bar {
  what: string;
  /** null where it could not be measured. */
  value: number | null;
  bar: number;
  better: 'higher' | 'lower';
  met: boolean;
}

export interface Results {
  /** Median throughputs, divided; null where one of both is missing. */
  single_vs_limit: number | null;
  batched_vs_limit: number | null;
  single_vs_fastapi: number | null;
  rows: Row[];
  bars: Bar[];
}

/** Milliseconds that are quick enough for the 99th percentile at half load, however fast the model is. */
const quickEnough = 25;

export function summarize(measurements: Measurements): Results {
  const rows = (Object.keys(rowNames) as RowKey[]).map((key) => summarizeRow(key, measurements[key]));
  const value = (key: RowKey, figure: keyof Figures) => {
    const rounds = measurements[key];
    return Array.isArray(rounds) ? middle(rounds, figure) : null;
  };
  const ratio = (key: RowKey, other: RowKey) => divided(value(key, 'throughput'), value(other, 'throughput'));
  const single_vs_limit = ratio('single', 'limit');
  const batched_vs_limit = ratio('batched', 'limit');
  const single_vs_fastapi = ratio('single', 'fastapi');
  const tail = Math.max(quickEnough, 4 * (value('one', 'p50') ?? 0));
  return {
    single_vs_limit,
    batched_vs_limit,
    single_vs_fastapi,
    rows,
    bars: [
      atLeast('single sentences, share of the limit', single_vs_limit, 0.8),
      atLeast('batches, share of the limit', batched_vs_limit, 0.95),
      atLeast('single sentences, times FastAPI', single_vs_fastapi, 1.5),
      atMost('p99 at half load, ms', value('halfLoad', 'p99'), tail),
      atMost('main loop delay p99, single sentences, ms', value('single', 'loopDelay'), 50),
      atMost('main loop delay p99, batches, ms', value('batched', 'loopDelay'), 50),
    ],
  };
}

function summarizeRow(key: RowKey, rounds: Measurements[RowKey]): Row {
  const measured = Array.isArray(rounds) ? rounds : [];
  return {
    name: rowNames[key],
    sentences_per_second: middle(measured, 'throughput'),
    p50_ms: middle(measured, 'p50'),
    p99_ms: middle(measured, 'p99'),
    loop_delay_p99_ms: middle(measured, 'loopDelay'),
    rounds: measured.map(({ throughput }) => throughput),
    ...(measured.length === 0 && { missing: missing(rounds) }),
  };
}

function missing(rounds: Measurements[RowKey]): string {
  return rounds !== undefined && 'missing' in rounds ? rounds.missing : 'not measured';
}

function middle(rounds: readonly Figures[], figure: keyof Figures): number | null {
  const values = rounds.map((round) => round[figure]).filter((value) => value !== undefined);
  return values.length === 0 ? null : median(values);
}

function divided(value: number | null, by: number | null): number | null {
  return value === null || by === null ? null : value / by;
}

function atLeast(what: string, value: number | null, bar: number): Bar {
  return { what, value, bar, better: 'higher', met: value !== null && value >= bar };
}

function atMost(what: string, value: number | null, bar: number): Bar {
  return { what, value, bar, better: 'lower', met: value !== null && value <= bar };
}
