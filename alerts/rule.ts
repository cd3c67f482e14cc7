import type { DashboardName } from '../dashboards/uids.ts';

type Span = `${number}${'s' | 'm' | 'h' | 'd'}`;

export type Duration = Span | `${Span}${Span}`;

/** warning: look at it in working hours. critical: look at it now. none: a sign of life, for a machine to miss. */
export type Severity = 'warning' | 'critical' | 'none';

/** What an alert is about: its label `service`, by which Alertmanager groups and mutes (infra/alertmanager.ts). */
export type Service =
  | 'backend'
  | 'model'
  | 'audio'
  | 'frontend'
  | 'host'
  | 'containers'
  | 'prometheus'
  | 'alertmanager'
  | 'grafana'
  | 'exporters';

/**
 * What `threshold` counts, after the number in a sentence. A share runs from 0 to 1 and reads as a percentage; the
 * empty one is for scores, which have no unit.
 */
export type Unit =
  'share' | 's' | '' | 'samples' | 'sentences' | 'recordings' | 'requests' | 'restarts' | 'times';

/** One alert with all that the person it wakes needs. Its section in runbook.md is titled like the alert. */
export interface AlertRule {
  alert: string;
  service: Service;
  /** PromQL. `$threshold` stands for the threshold, `$stack` for what the names of this stack's containers begin with. */
  expr: string;
  /** A setting of the stack, `alerts.<alert>.threshold`; this is its default. */
  threshold?: number;
  unit?: Unit;
  /** A setting too, `alerts.<alert>.for`; an alert without one fires at once and needs no patience. */
  for?: Duration;
  severity: Severity;
  /** One line without values: it is what notifications are grouped and read by. `$threshold` as people read it. */
  summary: string;
  /** What is wrong and what follows from it, with `{{ $value }}` in the unit that people read, or the labels. */
  description: string;
  /** Where to look first. */
  dashboard: DashboardName;
  /** Between two samples and two evaluations of the cases, 15 s unless set; longer for an alert that looks at hours. */
  interval?: Duration;
  /** At least one that fires and one that stays silent, close enough to the threshold to notice when it moves. */
  cases: AlertCase[];
}

/** A query that several alerts or panels repeat, evaluated once. Named `level:metric:operation`, as is the custom. */
export interface RecordingRule {
  record: string;
  expr: string;
}

/** A proof by promtool that an alert fires, or stays silent, at one moment of a made-up history. */
export interface AlertCase {
  name: string;
  /** Samples by series, one every `interval`, in promtool's notation: `0+15x40` is 0, 15, 30, up to 600. */
  series: Record<string, string>;
  at: Duration;
  /**
   * The firing alerts: their labels beside those that every alert has, and the value as the description shows it.
   * Empty where the alert must stay silent.
   */
  firing: { labels?: Record<string, string>; value?: string }[];
}

/** The rules about one thing, with their proof. */
export interface AlertConcern {
  /** Names the file, the rule group, and the tests. */
  name: string;
  rules: (AlertRule | RecordingRule)[];
}

export function isAlert(rule: AlertRule | RecordingRule): rule is AlertRule {
  return 'alert' in rule;
}
