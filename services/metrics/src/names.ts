import { metrics } from './promql.ts';

const keywords = new Set(
  'and or unless by without on ignoring group_left group_right offset bool inf nan'.split(' '),
);

/**
 * The series of metrics that a PromQL expression names, each once, in order. Label names, functions and units are not;
 * what a recording rule of alerts/ makes is not either (a colon is in its name), because it is no metric of anyone.
 */
export function seriesNames(expr: string): string[] {
  const bare = expr
    .replace(/"(?:[^"\\]|\\.)*"/g, '""')
    .replace(/\{[^}]*\}|\[[^\]]*\]/g, ' ')
    .replace(/\b(by|without|on|ignoring|group_left|group_right)\s*\([^)]*\)/g, ' ')
    .replace(/\boffset\s+\w+/g, ' ');
  const identifiers = bare.matchAll(/(?<![\w.$])[a-zA-Z_:][\w:]*(?!\w|\s*\()/g);
  return [...new Set([...identifiers].map(([name]) => name))].filter(
    (name) => !keywords.has(name.toLowerCase()) && !name.includes(':'),
  );
}

/** The metric that a series belongs to (`x_bucket` to the histogram `x`); undefined when no list has it. */
export function metricOf(series: string): keyof typeof metrics | undefined {
  const known = (name: string): name is keyof typeof metrics => Object.hasOwn(metrics, name);
  if (known(series) && metrics[series].kind !== 'histogram') return series;
  const base = /^(.+)_(?:count|sum|bucket)$/.exec(series)?.[1];
  return base !== undefined && known(base) && metrics[base].kind === 'histogram' ? base : undefined;
}
