import type { DashboardName } from '../dashboards/uids.ts';

type Span = `${number}${'s' | 'm' | 'h' | 'd'}`;

export type Duration = Span | `${Span}${Span}`;

/** warning: look at it in working hours. critical: look at it now. */
export type Severity = 'warning' | 'critical';

/** One alert with all that the person it wakes needs. Its section in runbook.md is titled like the alert. */
export interface AlertRule {
  alert: string;
  expr: string;
  for: Duration;
  severity: Severity;
  /** One line without values: it is what notifications are grouped and read by. */
  summary: string;
  /** What is wrong and what follows from it, with `{{ $value }}` in the unit that people read. */
  description: string;
  /** Where to look first. */
  dashboard: DashboardName;
}

/** A proof by promtool that an alert fires, or stays silent, at one moment of a made-up history. */
export interface AlertCase {
  name: string;
  alert: string;
  /** Samples by series, every `sampleInterval`, in promtool's notation: `0+15x40` is 0, 15, 30, up to 600. */
  series: Record<string, string>;
  at: Duration;
  /** The firing alerts: their labels beside alertname and severity, and the value as the description shows it. */
  firing: { labels: Record<string, string>; value: string }[];
}

/** The alerts about one thing, with their proof. */
export interface AlertConcern {
  name: string;
  rules: AlertRule[];
  cases: AlertCase[];
}

/** Between two samples of a case: the stack's default scrape interval. */
export const sampleInterval: Duration = '15s';
