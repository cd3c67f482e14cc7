import { quantile } from '@emotion-stack/metrics';
import * as units from '@grafana/grafana-foundation-sdk/units';
import { graph } from '../dashboards/panels.ts';
import { backend } from '../dashboards/variables.ts';

export function examplePanel() {
  return graph({
    title: 'Slowest sentences',
    description:
      'One sentence in a hundred waits longer than this. Above 30 s callers run into their time-outs.',
    unit: units.Seconds,
    queries: [[quantile(0.99, 'emotion_prediction_latency_seconds', [], backend), 'p99']],
    thresholds: [
      [null, 'green'],
      [30, 'red'],
    ],
    width: 24,
    height: 8,
  });
}
