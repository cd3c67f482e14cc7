import { gauge, increase, sum } from '@emotion-stack/metrics';
import { from, target } from './history.ts';
import type { AlertConcern } from './rule.ts';

const data = from.backend('data_drift_score');
const prediction = from.backend('prediction_drift_score', { task: 'emotion' });
const concept = from.backend('concept_drift_score');
const predictions = from.backend('emotion_predictions_total', { emotion: 'fear' });
const ready = from.backend('drift_ready', { type: 'data' });

/** The sentences that arrive, or what they mean, are no longer those that the model was made for. */
export const drift: AlertConcern = {
  name: 'drift',
  rules: [
    {
      alert: 'ModelDriftDetected',
      service: 'model',
      expr: `${gauge('data_drift_score')} > $threshold`,
      threshold: 0.1,
      for: '5m',
      severity: 'critical',
      summary: 'The sentences that arrive differ from those the model was trained on',
      description:
        'The population stability index of the inputs is {{ $value | printf "%.3f" }}, above $threshold. ' +
        'Predictions may be wrong without any error showing.',
      dashboard: 'quality',
      cases: [
        {
          name: 'fires when the score stays above 0.1 for five minutes',
          series: { [data]: '0.101x40' },
          at: '5m',
          firing: [{ labels: target('backend'), value: '0.101' }],
        },
        {
          name: 'waits five minutes before it fires',
          series: { [data]: '0.101x40' },
          at: '4m45s',
          firing: [],
        },
        {
          name: 'starts to wait anew when the score drops in between',
          series: { [data]: '0.2x15 0.05 0.2x24' },
          at: '8m',
          firing: [],
        },
        { name: 'stays silent at 0.1', series: { [data]: '0.1x40' }, at: '10m', firing: [] },
      ],
    },
    {
      alert: 'PredictionDriftDetected',
      service: 'model',
      expr: `${gauge('prediction_drift_score')} > $threshold`,
      threshold: 0.1,
      for: '15m',
      severity: 'warning',
      summary: 'The model predicts other labels, or less surely, than on its evaluation',
      description:
        'The population stability index of the {{ $labels.task }} predictions is {{ $value | printf "%.3f" }}, above ' +
        '$threshold: another audience, or a model that no longer fits.',
      dashboard: 'quality',
      cases: [
        {
          name: 'fires for the task that drifts alone',
          series: {
            [prediction]: '0.105x80',
            [from.backend('prediction_drift_score', { task: 'intensity' })]: '0.1x80',
          },
          at: '15m',
          firing: [{ labels: { ...target('backend'), task: 'emotion' }, value: '0.105' }],
        },
        {
          name: 'waits a quarter of an hour',
          series: { [prediction]: '0.105x80' },
          at: '14m45s',
          firing: [],
        },
        { name: 'stays silent at 0.1', series: { [prediction]: '0.1x80' }, at: '20m', firing: [] },
      ],
    },
    {
      alert: 'ConceptDriftDetected',
      service: 'model',
      expr: `${gauge('concept_drift_score')} > $threshold`,
      threshold: 0.05,
      unit: 'share',
      for: '15m',
      severity: 'critical',
      summary: 'People correct the model more often than its confidence allows for',
      description:
        'On labelled feedback the model is right {{ $value | humanizePercentage }} less often than it should be, beyond ' +
        'chance: what it learned no longer holds.',
      dashboard: 'quality',
      cases: [
        {
          name: 'fires when more than five points are lost',
          series: { [concept]: '0.054x80' },
          at: '15m',
          firing: [{ labels: target('backend'), value: '5.4%' }],
        },
        { name: 'waits a quarter of an hour', series: { [concept]: '0.054x80' }, at: '14m45s', firing: [] },
        { name: 'stays silent at five points', series: { [concept]: '0.05x80' }, at: '20m', firing: [] },
      ],
    },
    {
      alert: 'DriftWindowNotFilling',
      service: 'model',
      expr:
        `${sum(increase('emotion_predictions_total', {}, '6h'), ['job', 'instance'])} > $threshold ` +
        `and on (job, instance) ${gauge('drift_ready', { type: 'data' })} == 0`,
      threshold: 5000,
      unit: 'sentences',
      for: '30m',
      severity: 'warning',
      summary: 'Drift is not measured, although sentences arrive',
      description:
        'The model answered {{ $value | humanize }} sentences in 6 hours, and the drift window is still not ready: ' +
        'they come from fewer than 10 sources, and drift would go unseen.',
      dashboard: 'quality',
      interval: '5m',
      cases: [
        {
          // Six hours are 72 samples: 72 sentences in each are 5,184, 66 are 4,752.
          name: 'fires when sentences arrive for hours and the window is not ready',
          series: { [predictions]: '0+72x90', [ready]: '0x90' },
          at: '6h30m',
          firing: [{ labels: target('backend'), value: '5.184k' }],
        },
        {
          name: 'waits half an hour',
          series: { [predictions]: '0x73 10000+1000x17', [ready]: '0x90' },
          at: '6h30m',
          firing: [],
        },
        {
          name: 'stays silent with fewer sentences',
          series: { [predictions]: '0+66x90', [ready]: '0x90' },
          at: '6h30m',
          firing: [],
        },
        {
          name: 'stays silent when the window is ready',
          series: { [predictions]: '0+72x90', [ready]: '1x90' },
          at: '6h30m',
          firing: [],
        },
      ],
    },
  ],
};
