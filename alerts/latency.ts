import { mean } from '@emotion-stack/metrics';
import { from, target } from './history.ts';
import type { AlertConcern } from './rule.ts';

/** One sentence per 15 s, so that the growth of the sum is the latency. */
const sentencesOf = (seconds: number) => ({
  [from.backend('emotion_prediction_latency_seconds_sum')]: `0+${seconds}x60`,
  [from.backend('emotion_prediction_latency_seconds_count')]: '0+1x60',
});

/** Callers wait too long for a prediction. */
export const latency: AlertConcern = {
  name: 'latency',
  rules: [
    {
      alert: 'HighPredictionLatency',
      service: 'backend',
      expr: `${mean('emotion_prediction_latency_seconds', {}, '5m')} > $threshold`,
      threshold: 30,
      unit: 's',
      for: '2m',
      severity: 'warning',
      summary: 'Predictions take more than $threshold on average',
      description:
        'A sentence waited {{ $value | humanizeDuration }} for its prediction, averaged over 5 minutes. ' +
        'Callers run into their time-outs.',
      dashboard: 'overview',
      cases: [
        {
          name: 'fires when sentences take 31 s for more than two minutes',
          series: sentencesOf(31),
          at: '5m',
          firing: [{ labels: target('backend'), value: '31s' }],
        },
        {
          // The first rate needs two samples: it is there after 15 s.
          name: 'fires as soon as the two minutes are over',
          series: sentencesOf(31),
          at: '2m15s',
          firing: [{ labels: target('backend'), value: '31s' }],
        },
        { name: 'waits two minutes before it fires', series: sentencesOf(31), at: '2m', firing: [] },
        { name: 'stays silent at 30 s', series: sentencesOf(30), at: '10m', firing: [] },
        {
          name: 'stays silent while nobody asks',
          series: {
            [from.backend('emotion_prediction_latency_seconds_sum')]: '31x40',
            [from.backend('emotion_prediction_latency_seconds_count')]: '1x40',
          },
          at: '10m',
          firing: [],
        },
      ],
    },
  ],
};
