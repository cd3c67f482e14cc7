import { gauge } from '@emotion-stack/metrics';
import type { AlertConcern } from './rule.ts';

const target = { job: 'backend', instance: 'backend:3120' };
const score = 'data_drift_score{job="backend",instance="backend:3120"}';

/** The sentences that arrive are no longer those that the model was made for. */
export const drift: AlertConcern = {
  name: 'drift',
  rules: [
    {
      alert: 'ModelDriftDetected',
      expr: `${gauge('data_drift_score')} > 0.1`,
      for: '5m',
      severity: 'critical',
      summary: 'The sentences that arrive differ from those the model was trained on',
      description:
        'The population stability index of the inputs is {{ $value | printf "%.3f" }}, above 0.1. ' +
        'Predictions may be wrong without any error showing.',
      dashboard: 'quality',
    },
  ],
  cases: [
    {
      name: 'fires when the score stays above 0.1 for five minutes',
      alert: 'ModelDriftDetected',
      series: { [score]: '0.101x40' },
      at: '5m',
      firing: [{ labels: target, value: '0.101' }],
    },
    {
      name: 'waits five minutes before it fires',
      alert: 'ModelDriftDetected',
      series: { [score]: '0.101x40' },
      at: '4m45s',
      firing: [],
    },
    {
      name: 'starts to wait anew when the score drops in between',
      alert: 'ModelDriftDetected',
      series: { [score]: '0.2x15 0.05 0.2x24' },
      at: '8m',
      firing: [],
    },
    {
      name: 'stays silent at 0.1',
      alert: 'ModelDriftDetected',
      series: { [score]: '0.1x40' },
      at: '10m',
      firing: [],
    },
  ],
};
