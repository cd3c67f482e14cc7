import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Counter, Registry } from 'prom-client';
import { expect, it } from 'vitest';
import { dashboard } from '../dashboards/common.ts';
import { lint, type Dashboard } from '../dashboards/lint/index.ts';
import { exampleMetric } from './example-metric.ts';
import { examplePanel } from './example-panel.ts';

const read = (name: string) => readFileSync(join(import.meta.dirname, name), 'utf8');

it.each(['example-metric.ts', 'example-panel.ts'])('docs/monitoring.md shows %s as it is', (name) => {
  expect(read('monitoring.md')).toContain('```ts\n' + read(name) + '```');
});

it('the metric of the example can be registered and counted', async () => {
  const [[name, { help, labels }] = ['', { help: '', labels: [] }]] = Object.entries(exampleMetric);
  const registry = new Registry();
  new Counter({ name, help, labelNames: [...labels], registers: [registry] }).inc();
  expect(await registry.metrics()).toContain('inference_timeouts_total 1');
});

it('the panel of the example passes every rule on a dashboard', () => {
  const spec = {
    title: 'Example',
    answers: ['How long?'],
    rows: [{ title: 'Row', panels: [examplePanel()] }],
  };
  const built = dashboard('overview', spec, { scrapeInterval: '15s', namePrefix: 'emotion' }).build();
  expect(lint(JSON.parse(JSON.stringify(built)) as Dashboard)).toEqual([]);
});
