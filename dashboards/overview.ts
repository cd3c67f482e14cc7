import { gauge, increase, mean, quantile, rate, sum, topk } from '@emotion-stack/metrics';
import { StackingMode } from '@grafana/grafana-foundation-sdk/common';
import * as units from '@grafana/grafana-foundation-sdk/units';
import { dashboard, type DashboardOptions } from './common.ts';
import { emotionColours } from './emotions.ts';
import { bars, graph, pie, stat } from './panels.ts';
import { taskQuality } from './thresholds.ts';
import { backend } from './variables.ts';

const predictions = rate('emotion_predictions_total', backend);

/** Emotion Analysis Overview: what the model says, how fast, and how well (requirement G2). */
export function overview(options: DashboardOptions) {
  return dashboard(
    'overview',
    {
      title: 'Emotion Analysis Overview',
      answers: [
        'Which emotions do people express, and what changes over time?',
        'How long does a caller wait for a prediction?',
        'How good is the model that answers, and which one is it?',
      ],
      jobs: ['backend'],
      rows: [
        { title: 'Now', panels: now() },
        { title: 'Predictions', panels: labels() },
        { title: 'Latency', panels: latency() },
        { title: 'Model quality', panels: model() },
      ],
    },
    options,
  );
}

function now() {
  return [
    stat({
      title: 'Sentences',
      description: 'Sentences classified within the time range chosen above.',
      unit: units.LocaleFormat,
      decimals: 0,
      queries: [[sum(increase('emotion_predictions_total', backend, '$__range')), 'Sentences']],
      width: 4,
      height: 4,
    }),
    stat({
      title: 'Per second',
      description: 'Sentences classified per second, averaged over the last few scrapes.',
      unit: units.Short,
      decimals: 1,
      queries: [[sum(predictions), 'Sentences']],
      width: 4,
      height: 4,
    }),
    stat({
      title: 'Latency p95',
      description:
        'Nineteen of twenty sentences get their prediction within this time. Callers notice from 1 s on.',
      unit: units.Seconds,
      queries: [[quantile(0.95, 'emotion_prediction_latency_seconds', [], backend), 'p95']],
      thresholds: [
        [null, 'green'],
        [1, 'yellow'],
        [30, 'red'],
      ],
      width: 4,
      height: 4,
    }),
    stat({
      title: 'Accuracy',
      description:
        'Share of emotions predicted right: from feedback where there is enough, else as evaluated.',
      unit: units.PercentUnit,
      decimals: 1,
      queries: [[gauge('model_accuracy_score', { ...backend, task: 'emotion' }), 'from {{source}}']],
      thresholds: [
        [null, 'red'],
        [0.6, 'yellow'],
        [0.75, 'green'],
      ],
      width: 4,
      height: 4,
    }),
    stat({
      title: 'Model',
      description:
        'Name and version of the model that answers. Marks in the graphs: blue a deployment, purple the model’s start.',
      unit: units.NoUnit,
      queries: [[gauge('model_info', backend), '{{name}} {{version}}']],
      showName: true,
      width: 8,
      height: 4,
    }),
  ];
}

function labels() {
  return [
    graph({
      title: 'Sentences per second by emotion',
      description: 'How many sentences of each emotion are classified per second.',
      unit: units.Short,
      queries: [[sum(predictions, ['emotion']), '{{emotion}}']],
      stack: StackingMode.Normal,
      colours: emotionColours,
      width: 16,
      height: 8,
    }),
    pie({
      title: 'Emotions in this time range',
      description: 'Share of each emotion among the sentences of the time range chosen above.',
      unit: units.Short,
      queries: [
        [sum(increase('emotion_predictions_total', backend, '$__range'), ['emotion']), '{{emotion}}'],
      ],
      colours: emotionColours,
      width: 8,
      height: 8,
    }),
    bars({
      title: 'Most frequent labels of the last hour',
      description: 'The five most frequent combinations of emotion, sub-emotion and intensity, in sentences.',
      unit: units.LocaleFormat,
      decimals: 0,
      queries: [
        [
          topk(5, increase('emotion_predictions_total', backend, '1h')),
          '{{emotion}}, {{sub_emotion}}, {{intensity}}',
        ],
      ],
      width: 8,
      height: 8,
    }),
    bars({
      title: 'Most frequent sub-emotions',
      description: 'The five most frequent sub-emotions of the time range chosen above, in sentences.',
      unit: units.LocaleFormat,
      decimals: 0,
      queries: [
        [
          topk(5, sum(increase('emotion_predictions_total', backend, '$__range'), ['sub_emotion'])),
          '{{sub_emotion}}',
        ],
      ],
      width: 8,
      height: 8,
    }),
    graph({
      title: 'Intensity',
      description: 'Share of mild, moderate and strong among the sentences classified.',
      unit: units.Short,
      queries: [[sum(predictions, ['intensity']), '{{intensity}}']],
      stack: StackingMode.Percent,
      width: 8,
      height: 8,
    }),
  ];
}

function latency() {
  return [
    graph({
      title: 'Prediction latency, percentiles',
      description:
        'Time from accepting a sentence to its prediction: the median, and what 5% and 1% wait longer than.',
      unit: units.Seconds,
      queries: [
        [quantile(0.5, 'emotion_prediction_latency_seconds', [], backend), 'p50'],
        [quantile(0.95, 'emotion_prediction_latency_seconds', [], backend), 'p95'],
        [quantile(0.99, 'emotion_prediction_latency_seconds', [], backend), 'p99'],
      ],
      width: 12,
      height: 8,
    }),
    graph({
      title: 'Prediction latency, mean',
      description:
        'Mean time to a prediction. HighPredictionLatency warns when it stays above 30 s for two minutes.',
      unit: units.Seconds,
      queries: [[mean('emotion_prediction_latency_seconds', backend), 'mean']],
      thresholds: [
        [null, 'green'],
        [30, 'red'],
      ],
      width: 12,
      height: 8,
    }),
  ];
}

function model() {
  return [
    bars({
      title: 'Accuracy by task',
      description: 'Share of labels predicted right: from feedback where there is enough, else as evaluated.',
      unit: units.PercentUnit,
      decimals: 1,
      max: 1,
      queries: [[gauge('model_accuracy_score', backend), '{{task}} ({{source}})']],
      thresholds: taskQuality,
      width: 8,
      height: 8,
    }),
    bars({
      title: 'F1 by task',
      description:
        'Weighted F1, which counts rare labels too: from feedback where there is enough, else as evaluated.',
      unit: units.PercentUnit,
      decimals: 1,
      max: 1,
      queries: [[gauge('model_f1_score', backend), '{{task}} ({{source}})']],
      thresholds: taskQuality,
      width: 8,
      height: 8,
    }),
    graph({
      title: 'Median confidence by task',
      description:
        'The probability that the model gives its answers, in the median. A fall means unfamiliar sentences.',
      unit: units.PercentUnit,
      max: 1,
      queries: [[quantile(0.5, 'model_confidence_distribution', ['task'], backend), '{{task}}']],
      width: 8,
      height: 8,
    }),
  ];
}
