import { drawing, type Dashboard } from './lint/model.ts';
import { declared } from './quiet.ts';

/** One query of a dashboard, and what it is for. */
export interface DashboardQuery {
  dashboard: string;
  /** Title of the panel, or which annotation or variable it is. */
  panel: string;
  /** With Grafana's variables in it. */
  expr: string;
  /** Asked for one moment, not for each point of a graph. */
  instant: boolean;
  /** Why it may return nothing; undefined where it may not. */
  quiet?: string | undefined;
}

/** Every query that Grafana sends for a dashboard: those of its panels, its marks, and its choices. */
export function queries(dashboard: Dashboard): DashboardQuery[] {
  const { title, annotations, templating } = dashboard;
  return [
    ...drawing(dashboard).flatMap((panel) => {
      const targets = panel.targets ?? [];
      const expressions = targets.map(({ expr }) => expr);
      const quiet = declared(panel.fieldConfig?.defaults.noValue, expressions);
      return targets.map(({ expr, instant = false }) => ({
        dashboard: title,
        panel: panel.title ?? String(panel.id),
        expr,
        instant,
        quiet,
      }));
    }),
    ...annotations.list.map(({ name, expr }) => ({
      dashboard: title,
      panel: `annotation ${name}`,
      expr,
      instant: false,
    })),
    ...templating.list.flatMap(({ name, query = '' }) => {
      const expr = /^label_values\((.+),\s*\w+\)$/.exec(query)?.[1];
      return expr === undefined ? [] : [{ dashboard: title, panel: `variable ${name}`, expr, instant: true }];
    }),
  ];
}
