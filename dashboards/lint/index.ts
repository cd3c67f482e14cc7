import type { Dashboard, Rule } from './model.ts';
import { own } from './own.ts';
import { upstream } from './upstream.ts';

export type { Dashboard, Panel } from './model.ts';

/** Every rule by its name. */
export const rules: Record<string, Rule> = { ...upstream, ...own };

/** What is wrong with a dashboard, a line each: `rule: the thing, its value, what it must be`. */
export function lint(dashboard: Dashboard): string[] {
  return Object.entries(rules).flatMap(([name, rule]) =>
    rule(dashboard).map((problem) => `${name}: ${problem}`),
  );
}
