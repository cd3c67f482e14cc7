/** What the rules read of a dashboard as Grafana's provisioning takes it: its JSON, as far as they look at it. */
export interface Dashboard {
  uid: string;
  title: string;
  tags: string[];
  editable: boolean;
  refresh: string;
  panels: Panel[];
  links: { type: string; tags: string[]; keepTime: boolean }[];
  templating: { list: Variable[] };
  annotations: { list: Annotation[] };
}

export interface Panel {
  id: number;
  type: string;
  title?: string;
  description?: string;
  datasource?: DataSource;
  gridPos: { x: number; y: number; w: number; h: number };
  targets?: Target[];
  fieldConfig?: { defaults: { unit?: string; noValue?: string; mappings?: unknown[] } };
}

export interface Target {
  expr: string;
  refId: string;
  datasource?: DataSource;
  legendFormat?: string;
  /** Only the newest value, and not one for each point of a graph. */
  instant?: boolean;
}

export interface Variable {
  name: string;
  label?: string;
  type: string;
  query?: string;
  datasource?: DataSource;
  multi?: boolean;
  allValue?: string;
  refresh?: number;
}

export interface Annotation {
  name: string;
  datasource?: DataSource;
  expr: string;
}

export interface DataSource {
  type: string;
  uid: string;
}

/** What is wrong with a dashboard, a sentence each: the thing, its value, what it must be. */
export type Rule = (dashboard: Dashboard) => string[];

/** The panels that draw queries: neither texts nor the titles of rows. */
export function drawing({ panels }: Dashboard): Panel[] {
  return panels.filter(({ type }) => type !== 'text' && type !== 'row');
}

/** A rule that looks at one panel at a time; what it says is put after the panel's title. */
export function eachPanel(check: (panel: Panel, dashboard: Dashboard) => string[]): Rule {
  return (dashboard) =>
    drawing(dashboard).flatMap((panel) =>
      check(panel, dashboard).map((problem) => `panel "${panel.title ?? panel.id}" ${problem}`),
    );
}

/** A rule that looks at one query at a time. */
export function eachTarget(check: (target: Target, panel: Panel) => string[]): Rule {
  return eachPanel((panel) =>
    (panel.targets ?? []).flatMap((target) =>
      check(target, panel).map((problem) => `query ${target.refId} ${problem}`),
    ),
  );
}

/** `[problem]` where it is one, else nothing. */
export function when(wrong: boolean, problem: string): string[] {
  return wrong ? [problem] : [];
}
