import { table } from '../cli/table.ts';
import type { Machine } from './machine.ts';
import type { Bar, Results } from './results.ts';

/** What a terminal shows. */
export function asText(results: Results): string {
  const rows = [['', 'SENTENCES/S', 'P50 MS', 'P99 MS', 'LOOP DELAY P99 MS'], ...cells(results)];
  const bars = results.bars.map((bar) => [bar.met ? 'met' : 'MISSED', ...barCells(bar)]);
  return `${table(rows)}\n\n${table([['BAR', 'WHAT', 'MEASURED', 'ASKED FOR'], ...bars])}`;
}

/** What is kept in the repository. */
export function asMarkdown(results: Results, machine: Machine, rounds: number, seconds: number): string {
  const bars = results.bars.map((bar) => [...barCells(bar), bar.met ? 'met' : '**missed**']);
  return `# Results

${describe(machine)}. Median of ${rounds} rounds of ${seconds} s each, in turns, with one thread for
the model. Made by \`./stack bench\`; [README.md](README.md) says what each row is.

![Sentences per second](bench.svg)

${markdownTable([['', 'sentences/s', 'p50 ms', 'p99 ms', 'main loop delay p99 ms'], ...cells(results)])}

${markdownTable([['bar', 'measured', 'asked for', ''], ...bars])}
`;
}

export function describe({ cpu, cores, node, model, date, commit, busy }: Machine): string {
  const disturbed = busy > 0.1 ? `; other processes used ${percent(busy)} of the CPU` : '';
  return `${cpu}, ${cores} cores, Node.js ${node}, model ${model}, ${date}, commit ${commit}${disturbed}`;
}

export function percent(share: number): string {
  return `${Math.round(share * 100)}%`;
}

function cells({ rows }: Results): string[][] {
  return rows.map((row) => [
    row.name,
    row.missing === undefined ? figure(row.sentences_per_second, 0) : `left out: ${row.missing}`,
    figure(row.p50_ms, 1),
    figure(row.p99_ms, 1),
    figure(row.loop_delay_p99_ms, 1),
  ]);
}

function barCells({ what, value, bar, better }: Bar): string[] {
  return [what, figure(value, 2), `${better === 'higher' ? 'at least' : 'at most'} ${figure(bar, 2)}`];
}

function figure(value: number | null, digits: number): string {
  return value === null ? '-' : value.toFixed(digits);
}

function markdownTable(rows: string[][]): string {
  const [head = [], ...body] = rows;
  const line = (row: string[]) => `| ${row.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...body.map(line)].join('\n');
}
