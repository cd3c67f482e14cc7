import { gauge, increase, quantile, rate, sum } from '@emotion-stack/metrics';
import { StackingMode } from '@grafana/grafana-foundation-sdk/common';
import * as units from '@grafana/grafana-foundation-sdk/units';
import { dashboard, type DashboardOptions } from './common.ts';
import { emotionColours } from './emotions.ts';
import { bars, graph, stat } from './panels.ts';
import { driftScore, taskQuality } from './thresholds.ts';
import { backend } from './variables.ts';

const unsure = rate('model_confidence_distribution_bucket', { ...backend, le: '0.5' });
const answered = rate('model_confidence_distribution_count', backend);

/** Of sentences: some scores have no value before their window is full. */
const tooFew = 'Too few sentences yet';

/** Data Quality: whether inputs and predictions can be trusted (requirement G5). */
export function quality(options: DashboardOptions) {
  return dashboard(
    'quality',
    {
      title: 'Data Quality',
      answers: [
        'How sure is the model, and is it right where somebody checked?',
        'Do the sentences that arrive still look like those it was trained on?',
        'Are recordings and transcripts good enough to be judged by?',
      ],
      jobs: ['backend'],
      rows: [
        { title: 'Predictions', panels: predictions() },
        { title: 'Drift', panels: drift() },
        { title: 'Audio and transcripts', panels: audio() },
      ],
    },
    options,
  );
}

function predictions() {
  return [
    bars({
      title: 'Confidence of emotions in this time range',
      description:
        'How many sentences got their emotion with which probability; a bar is named by its upper end. ' +
        'A hump in the middle means guesses.',
      unit: units.LocaleFormat,
      decimals: 0,
      buckets: true,
      queries: [
        [
          sum(increase('model_confidence_distribution_bucket', { ...backend, task: 'emotion' }, '$__range'), [
            'le',
          ]),
          '{{le}}',
        ],
      ],
      width: 12,
      height: 8,
    }),
    graph({
      title: 'Confidence of emotions over time',
      description:
        'The median probability of the predicted emotion, and what a quarter and a tenth lie below.',
      unit: units.PercentUnit,
      max: 1,
      queries: [
        [emotionConfidence(0.5), 'median'],
        [emotionConfidence(0.25), 'lowest quarter'],
        [emotionConfidence(0.1), 'lowest tenth'],
      ],
      width: 12,
      height: 8,
    }),
    graph({
      title: 'Unsure predictions',
      description: 'Share of labels predicted with a probability of at most 0.5, by task.',
      unit: units.Percent,
      max: 100,
      queries: [[`${sum(unsure, ['task'])} / ${sum(answered, ['task'])} * 100`, '{{task}}']],
      width: 8,
      height: 8,
    }),
    graph({
      title: 'Mix of emotions',
      description:
        'Share of each emotion among the predictions. A sudden shift is a new audience, or a fault upstream.',
      unit: units.Short,
      queries: [[sum(rate('emotion_predictions_total', backend), ['emotion']), '{{emotion}}']],
      stack: StackingMode.Percent,
      colours: emotionColours,
      width: 8,
      height: 8,
    }),
    bars({
      title: 'Measured quality',
      description:
        'Accuracy by task, and where it was measured: on feedback, or in the evaluation the model shipped with.',
      unit: units.PercentUnit,
      decimals: 1,
      max: 1,
      queries: [[gauge('model_accuracy_score', backend), '{{task}} ({{source}})']],
      thresholds: taskQuality,
      width: 8,
      height: 8,
    }),
  ];
}

function emotionConfidence(q: number) {
  return quantile(q, 'model_confidence_distribution', [], { ...backend, task: 'emotion' });
}

function drift() {
  return [
    stat({
      title: 'Data drift',
      description: 'Largest PSI among the properties of the inputs. ModelDriftDetected fires above 0.1.',
      unit: units.Short,
      decimals: 3,
      queries: [[gauge('data_drift_score', backend), 'PSI']],
      thresholds: driftScore,
      width: 6,
      height: 4,
    }),
    stat({
      title: 'Concept drift',
      description: 'Accuracy lost on labelled feedback, beyond what chance explains.',
      unit: units.PercentUnit,
      decimals: 1,
      queries: [[gauge('concept_drift_score', backend), 'lost']],
      thresholds: driftScore,
      width: 6,
      height: 4,
    }),
    stat({
      title: 'Ready to judge drift',
      description: 'Whether the window holds enough sentences from enough sources, by type of drift.',
      unit: units.NoUnit,
      queries: [[gauge('drift_ready', backend), '{{type}}']],
      words: { 0: 'filling', 1: 'ready' },
      width: 6,
      height: 4,
    }),
    stat({
      title: 'Sentences in the window',
      description: 'Drift is judged on the last thousand sentences, by type of drift.',
      unit: units.Short,
      queries: [[gauge('drift_window_size', backend), '{{type}}']],
      width: 6,
      height: 4,
    }),
    graph({
      title: 'Drift of inputs, by property',
      description:
        'PSI of each property of the inputs against those of training. Above 0.1 they differ in earnest.',
      unit: units.Short,
      queries: [[gauge('drift_feature_psi', backend), '{{feature}}']],
      empty: tooFew,
      thresholds: driftScore,
      width: 8,
      height: 8,
    }),
    graph({
      title: 'Drift of predictions, by task',
      description: 'PSI of predicted labels or confidences against those of training, the larger, by task.',
      unit: units.Short,
      queries: [[gauge('prediction_drift_score', backend), '{{task}}']],
      empty: tooFew,
      thresholds: driftScore,
      width: 8,
      height: 8,
    }),
    graph({
      title: 'Accuracy to expect',
      description: 'Mean calibrated confidence by task: the accuracy to expect while nobody has checked.',
      unit: units.PercentUnit,
      max: 1,
      queries: [[gauge('model_estimated_accuracy', backend), '{{task}}']],
      empty: 'No predictions yet',
      width: 8,
      height: 8,
    }),
  ];
}

function audio() {
  return [
    graph({
      title: 'Audio quality',
      description:
        'Quality of uploaded recordings, 0 to 1, from noise, clipping and bandwidth: median and lowest tenth.',
      unit: units.PercentUnit,
      max: 1,
      queries: [
        [quantile(0.5, 'audio_quality_score', [], backend), 'median'],
        [quantile(0.1, 'audio_quality_score', [], backend), 'lowest tenth'],
      ],
      width: 8,
      height: 8,
    }),
    graph({
      title: 'Transcript confidence',
      description: 'Confidence of transcribed sentences, 0 to 1: median and lowest tenth.',
      unit: units.PercentUnit,
      max: 1,
      queries: [
        [quantile(0.5, 'transcript_confidence_score', [], backend), 'median'],
        [quantile(0.1, 'transcript_confidence_score', [], backend), 'lowest tenth'],
      ],
      width: 8,
      height: 8,
    }),
    graph({
      title: 'Transcription time',
      description: 'Time from a complete upload to its transcript: the median, and what 5% take longer than.',
      unit: units.Seconds,
      queries: [
        [quantile(0.5, 'transcription_latency_seconds', [], backend), 'p50'],
        [quantile(0.95, 'transcription_latency_seconds', [], backend), 'p95'],
      ],
      width: 8,
      height: 8,
    }),
  ];
}
