import { mean } from '@emotion-stack/metrics';
import type { AlertConcern } from './rule.ts';

const target = { job: 'backend', instance: 'backend:3120' };
const latencySum = 'emotion_prediction_latency_seconds_sum{job="backend",instance="backend:3120"}';
const latencyCount = 'emotion_prediction_latency_seconds_count{job="backend",instance="backend:3120"}';

/** Callers wait too long. */
export const latency: AlertConcern = {
  name: 'latency',
  rules: [
    {
      alert: 'HighPredictionLatency',
      expr: `${mean('emotion_prediction_latency_seconds', {}, '5m')} > 30`,
      for: '2m',
      severity: 'warning',
      summary: 'Predictions take more than 30 s on average',
      description:
        'A sentence waited {{ $value | humanizeDuration }} for its prediction, averaged over 5 minutes. ' +
        'Callers run into their time-outs.',
      dashboard: 'overview',
    },
  ],
  // The series count one sentence per 15 s, so that the growth of the sum is the latency.
  cases: [
    {
      name: 'fires when sentences take 31 s for more than two minutes',
      alert: 'HighPredictionLatency',
      series: { [latencySum]: '0+31x40', [latencyCount]: '0+1x40' },
      at: '5m',
      firing: [{ labels: target, value: '31s' }],
    },
    {
      name: 'fires as soon as the two minutes are over',
      alert: 'HighPredictionLatency',
      series: { [latencySum]: '0+31x40', [latencyCount]: '0+1x40' },
      at: '2m15s',
      firing: [{ labels: target, value: '31s' }],
    },
    {
      name: 'waits two minutes before it fires',
      alert: 'HighPredictionLatency',
      series: { [latencySum]: '0+31x40', [latencyCount]: '0+1x40' },
      at: '2m',
      firing: [],
    },
    {
      name: 'stays silent at 30 s',
      alert: 'HighPredictionLatency',
      series: { [latencySum]: '0+30x40', [latencyCount]: '0+1x40' },
      at: '10m',
      firing: [],
    },
    {
      name: 'stays silent while nobody asks',
      alert: 'HighPredictionLatency',
      series: { [latencySum]: '31x40', [latencyCount]: '1x40' },
      at: '10m',
      firing: [],
    },
  ],
};
