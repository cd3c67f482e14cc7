import { seconds } from './duration.ts';
import { render, type RenderedAlert } from './index.ts';
import { promtoolFiles, testOptions, type PromtoolFiles } from './promtool.ts';
import { isAlert, type AlertConcern } from './rule.ts';

/** An alert with one fault in it: its own cases must notice. */
export interface Mutant {
  /** "HighPredictionLatency: > became <" */
  fault: string;
  files: PromtoolFiles;
}

/** Every mutant of every alert. */
export function mutants(concerns: AlertConcern[]): Mutant[] {
  return concerns.flatMap((concern) =>
    concern.rules.filter(isAlert).flatMap((rule) =>
      faulty(render(rule, testOptions)).map(([fault, changed], index) => ({
        fault: `${rule.alert}: ${fault}`,
        files: promtoolFiles(concern, rule, `${rule.alert}.${index}`, changed),
      })),
    ),
  );
}

/** What is wrong, and the rule that has it. */
type Faulty = [fault: string, rule: RenderedAlert];

/** The rule with each fault that a slip of the hand makes: only the texts stay as they are. */
export function faulty(rule: RenderedAlert): Faulty[] {
  return [...faultyExpressions(rule.expr).map(withExpr(rule)), ...faultyPatience(rule)];
}

const flipped: Record<string, string> = { '>': '<', '<': '>', '>=': '<', '<=': '>', '==': '!=', '!=': '==' };
/** Of a guard, or of an exception. */
const weakened: Record<string, string> = { and: 'or', or: 'and', unless: 'and' };

interface Edit {
  at: number;
  old: string;
  now: string;
}

function faultyExpressions(expr: string): Edit[] {
  return [
    ...edits(expr, / (>=|<=|==|!=|>|<) /g, (comparison) => [flipped[comparison]]),
    ...edits(expr, / (and|or|unless) /g, (operator) => [weakened[operator]]),
    ...edits(expr, / (?:>=|<=|==|!=|>|<) ([\d.]+)/g, moved),
  ];
}

/** One edit per replacement of each group that the pattern finds outside quotes. */
function edits(expr: string, pattern: RegExp, replacements: (old: string) => (string | undefined)[]): Edit[] {
  const unquoted = expr.replace(/"(?:[^"\\]|\\.)*"/g, (quoted) => '"'.repeat(quoted.length));
  return [...unquoted.matchAll(pattern)].flatMap((match) => {
    const old = match[1] ?? '';
    const at = match.index + match[0].lastIndexOf(old);
    return replacements(old).flatMap((now) => (now === undefined ? [] : [{ at, old, now }]));
  });
}

/**
 * A tenth up and down; of a small whole number, which counts things, one. A zero says "any at all": nothing lies a
 * tenth beside it.
 */
function moved(threshold: string): string[] {
  const value = Number(threshold);
  if (value === 0) return [];
  const step = Number.isInteger(value) && value < 10 ? 1 : value / 10;
  return [value - step, value + step].map((one) => String(Number(one.toPrecision(6))));
}

function withExpr(rule: RenderedAlert) {
  return ({ at, old, now }: Edit): Faulty => {
    const expr = rule.expr.slice(0, at) + now + rule.expr.slice(at + old.length);
    return [`${old} became ${now} at character ${at} of ${rule.expr}`, { ...rule, expr }];
  };
}

function faultyPatience({ for: patience, ...rule }: RenderedAlert): Faulty[] {
  if (patience === undefined) return [];
  const half = seconds(patience) / 2;
  return [
    ['`for` was removed', rule],
    ['`for` was halved', { ...rule, for: `${half}s` }],
    ['`for` was doubled', { ...rule, for: `${half * 4}s` }],
  ];
}
