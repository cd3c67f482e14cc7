import { parser } from '@prometheus-io/lezer-promql';

export interface Matcher {
  label: string;
  op: string;
  value: string;
}

/** One series selector of an expression, and what is done with it. */
export interface Selector {
  /** As it is written, without its window. */
  text: string;
  /** Empty where only matchers say what is meant. */
  name: string;
  matchers: Matcher[];
  /** `5m` of `[5m]`, or Grafana's variable in its place. */
  window?: string;
  /** The function that takes it with its window: `rate`, `increase`, ... */
  fn?: string;
}

/** Grafana's variables that stand for a duration, and durations that nobody would write. */
const standIns: Record<string, string> = {
  $__rate_interval: '1000001ms',
  $__range: '1000002ms',
  $__interval: '1000003ms',
};

/** Whether an expression is PromQL, Grafana's variables included. */
export function isPromql(expr: string): boolean {
  let valid = expr.trim() !== '';
  parser.parse(concrete(expr)).iterate({
    enter: ({ type }) => {
      if (type.isError) valid = false;
    },
  });
  return valid;
}

/** The series selectors of an expression, in order. */
export function selectors(expr: string): Selector[] {
  const source = concrete(expr);
  const found: Selector[] = [];
  parser.parse(source).iterate({
    enter: ({ name, node }) => {
      if (name !== 'VectorSelector') return;
      const text = (child: { from: number; to: number }) => source.slice(child.from, child.to);
      const identifier = node.getChild('Identifier');
      const list = node.getChild('LabelMatchers');
      const range = node.parent?.name === 'MatrixSelector' ? node.parent : undefined;
      const window = range?.getChild('DurationExpr');
      found.push({
        text: text(node),
        name: identifier === null ? '' : text(identifier),
        matchers: (list?.getChildren('UnquotedLabelMatcher') ?? []).map((matcher) =>
          matcherOf(text(matcher)),
        ),
        ...(window == null ? {} : { window: variable(text(window)) }),
        ...(range === undefined ? {} : functionAround(range, text)),
      });
    },
  });
  return found;
}

/** The parts of a syntax tree that `functionAround` climbs. */
interface Node {
  name: string;
  from: number;
  to: number;
  parent: Node | null;
  getChild(type: string): Node | null;
}

function functionAround(range: Node, text: (node: Node) => string): { fn?: string } {
  let node = range.parent;
  // `offset` and `@` may stand between.
  while (node !== null && /^(OffsetExpr|StepInvariantExpr|FunctionCallBody)$/.test(node.name))
    node = node.parent;
  const identifier = node?.name === 'FunctionCall' ? node.getChild('FunctionIdentifier') : null;
  return identifier === null ? {} : { fn: text(identifier) };
}

function matcherOf(text: string): Matcher {
  const [, label = '', op = '', value = ''] = /^(\w+)\s*(=~|!~|!=|=)\s*["'`](.*)["'`]$/s.exec(text) ?? [];
  return { label, op, value };
}

function concrete(expr: string): string {
  return Object.entries(standIns).reduce((text, [name, value]) => text.replaceAll(name, value), expr);
}

function variable(window: string): string {
  return Object.entries(standIns).find(([, value]) => value === window)?.[0] ?? window;
}
