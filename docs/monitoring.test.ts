import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { alerts, render } from '../alerts/index.ts';
import { testOptions } from '../alerts/promtool.ts';

const read = (name: string) => readFileSync(join(import.meta.dirname, name), 'utf8');
const text = read('monitoring.md');

describe('docs/monitoring.md', () => {
  it('has a row for every alert, that says what the alert says', () => {
    const rows = text
      .split('\n')
      .filter((line) => line.startsWith('| [') && line.includes('runbook.md#'))
      .map((line) => line.split('|').map((cell) => cell.trim()));
    expect(rows).toEqual(
      alerts.map((rule) => {
        const { runbook, summary } = render(rule, testOptions).annotations;
        return ['', `[${rule.alert}](../${runbook})`, summary, rule.for ?? '-', rule.severity, ''];
      }),
    );
  });

  it('shows the example that is compiled, linted and run', () => {
    expect(text).toContain('```ts\n' + read('example-alert.ts') + '```');
  });
});
