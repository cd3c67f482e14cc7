import { gauge, increase, mean, sum } from '@emotion-stack/metrics';
import { from, target } from './history.ts';
import type { AlertConcern } from './rule.ts';

const accuracy = (source: 'evaluation' | 'feedback') =>
  from.backend('model_accuracy_score', { task: 'emotion', source });

/** Sentences and the sum of their confidences, per sample of 15 s; half an hour is 120 samples. */
const confident = (mean: number, sentences: number) => ({
  [from.backend('model_confidence_distribution_sum', { task: 'emotion' })]: `0+${mean * sentences}x240`,
  [from.backend('model_confidence_distribution_count', { task: 'emotion' })]: `0+${sentences}x240`,
});

const classify = { method: 'POST', route: '/v1/classify' };
const answers = (status: string) =>
  from.backend('http_request_duration_seconds_count', { ...classify, status });
const predictions = from.backend('emotion_predictions_total', { emotion: 'fear' });

/** Requests that ask for a prediction and are none of the caller's faults. */
const asked = increase(
  'http_request_duration_seconds_count',
  { route: /\/v1\/classify|\/v2\/models\/.+\/infer|\/predict/, status: /2..|5../ },
  '10m',
);

/** The model answers worse, less surely, or not at all. */
export const model: AlertConcern = {
  name: 'model',
  rules: [
    {
      alert: 'ModelAccuracyDropped',
      service: 'model',
      expr:
        `${gauge('model_accuracy_score', { source: 'evaluation' })} - on (job, instance, task) ` +
        `${gauge('model_accuracy_score', { source: 'feedback' })} > $threshold`,
      threshold: 0.15,
      unit: 'share',
      for: '30m',
      severity: 'warning',
      summary: 'People find the model wrong much more often than its evaluation did',
      description:
        'On labelled feedback the accuracy of {{ $labels.task }} is {{ $value | humanizePercentage }} below that of the ' +
        'shipped evaluation.',
      dashboard: 'quality',
      cases: [
        {
          name: 'fires when 16 points are lost',
          series: { [accuracy('evaluation')]: '0.625x160', [accuracy('feedback')]: '0.465x160' },
          at: '30m',
          firing: [{ labels: { ...target('backend'), task: 'emotion' }, value: '16%' }],
        },
        {
          name: 'waits half an hour',
          series: { [accuracy('evaluation')]: '0.625x160', [accuracy('feedback')]: '0.465x160' },
          at: '29m45s',
          firing: [],
        },
        {
          name: 'stays silent when 14 points are lost',
          series: { [accuracy('evaluation')]: '0.625x160', [accuracy('feedback')]: '0.485x160' },
          at: '35m',
          firing: [],
        },
        {
          name: 'stays silent without enough feedback',
          series: { [accuracy('evaluation')]: '0.625x160' },
          at: '35m',
          firing: [],
        },
      ],
    },
    {
      alert: 'ModelConfidenceCollapsed',
      service: 'model',
      expr:
        `${mean('model_confidence_distribution', { task: 'emotion' }, '30m')} < $threshold ` +
        `and ${increase('model_confidence_distribution_count', { task: 'emotion' }, '30m')} > 100`,
      threshold: 0.4,
      unit: 'share',
      for: '15m',
      severity: 'warning',
      summary: 'The model is hardly sure of any emotion',
      description:
        'The mean probability of the predicted emotion is {{ $value | humanizePercentage }} over half an hour, below ' +
        '$threshold; on its evaluation it is above 60%.',
      dashboard: 'quality',
      cases: [
        {
          name: 'fires when the model guesses',
          series: confident(0.375, 1),
          at: '41m',
          firing: [{ labels: { ...target('backend'), task: 'emotion' }, value: '37.5%' }],
        },
        // More than a hundred sentences are there after 25 minutes, a quarter of an hour before.
        { name: 'waits a quarter of an hour', series: confident(0.375, 1), at: '39m', firing: [] },
        { name: 'stays silent at 42%', series: confident(0.42, 1), at: '50m', firing: [] },
        { name: 'does not judge by 96 sentences', series: confident(0.25, 0.8), at: '55m', firing: [] },
        {
          name: 'judges by 108 sentences',
          series: confident(0.25, 0.9),
          at: '55m',
          firing: [{ labels: { ...target('backend'), task: 'emotion' }, value: '25%' }],
        },
      ],
    },
    {
      alert: 'NoPredictions',
      service: 'model',
      expr:
        `${sum(asked, ['job', 'instance'])} > $threshold and on (job, instance) ` +
        `${sum(increase('emotion_predictions_total', {}, '10m'), ['job', 'instance'])} == 0`,
      threshold: 10,
      unit: 'requests',
      for: '5m',
      severity: 'critical',
      summary: 'Requests arrive, and the model predicts nothing',
      description:
        '{{ $value | humanize }} requests in 10 minutes asked for predictions, and not one sentence was predicted.',
      dashboard: 'overview',
      cases: [
        {
          // Ten minutes are 40 samples: 0.27 requests in each are 10.8, 0.24 are 9.6.
          name: 'fires when every request fails in the model',
          series: { [answers('503')]: '0+0.27x120', [predictions]: '7x120' },
          at: '15m',
          firing: [{ labels: target('backend'), value: '10.8' }],
        },
        {
          name: 'waits five minutes',
          series: { [answers('200')]: '0+1x120', [predictions]: '7x120' },
          at: '7m',
          firing: [],
        },
        {
          name: 'stays silent when few ask',
          series: { [answers('503')]: '0+0.24x120', [predictions]: '7x120' },
          at: '25m',
          firing: [],
        },
        {
          name: 'stays silent when the callers are at fault',
          series: { [answers('422')]: '0+1x120', [predictions]: '7x120' },
          at: '25m',
          firing: [],
        },
        {
          name: 'stays silent while the model answers',
          series: { [answers('200')]: '0+1x120', [predictions]: '0+1x120' },
          at: '25m',
          firing: [],
        },
      ],
    },
  ],
};
