import { increase, mean, quantile, sum } from '@emotion-stack/metrics';
import { from, target } from './history.ts';
import type { AlertConcern } from './rule.ts';

/** So many scores per sample of 15 s, of this mean; half an hour is 120 samples. */
const scores = (name: string, mean: number, each: number) => ({
  [from.backend(`${name}_sum`)]: `0+${mean * each}x240`,
  [from.backend(`${name}_count`)]: `0+${each}x240`,
});

/** Recordings per sample, all of which take between 60 s and `to`. */
const transcribing = (to: string, each: number) => {
  const bucket = (le: string) => from.backend('transcription_latency_seconds_bucket', { le });
  return {
    [bucket('60')]: '0x240',
    [bucket(to)]: `0+${each}x240`,
    [bucket('+Inf')]: `0+${each}x240`,
    [from.backend('transcription_latency_seconds_count')]: `0+${each}x240`,
  };
};

/** What people say is hard to hear, so that what the model reads of it is a guess. */
export const audio: AlertConcern = {
  name: 'audio',
  rules: [
    {
      alert: 'AudioQualityLow',
      service: 'audio',
      expr:
        `${mean('audio_quality_score', {}, '30m')} < $threshold ` +
        `and ${increase('audio_quality_score_count', {}, '30m')} > 10`,
      threshold: 0.4,
      for: '10m',
      severity: 'warning',
      summary: 'Recordings are noisy, clipped or muffled',
      description:
        'The mean quality of the recordings of the last half hour is {{ $value | printf "%.2f" }} of 1, below $threshold: ' +
        'their transcripts will be poor.',
      dashboard: 'quality',
      cases: [
        {
          name: 'fires when recordings are poor',
          series: scores('audio_quality_score', 0.38, 1),
          at: '14m',
          firing: [{ labels: target('backend'), value: '0.38' }],
        },
        // The eleventh recording comes after three minutes.
        { name: 'waits ten minutes', series: scores('audio_quality_score', 0.38, 1), at: '12m', firing: [] },
        {
          name: 'stays silent at 0.41',
          series: scores('audio_quality_score', 0.41, 1),
          at: '30m',
          firing: [],
        },
        {
          name: 'does not judge by 9',
          series: scores('audio_quality_score', 0.1, 0.079),
          at: '50m',
          firing: [],
        },
        {
          name: 'judges by 10.7',
          series: scores('audio_quality_score', 0.1, 0.089),
          at: '50m',
          firing: [{ labels: target('backend'), value: '0.10' }],
        },
      ],
    },
    {
      alert: 'TranscriptConfidenceLow',
      service: 'audio',
      expr:
        `${mean('transcript_confidence_score', {}, '30m')} < $threshold ` +
        `and ${increase('transcript_confidence_score_count', {}, '30m')} > 50`,
      threshold: 0.5,
      for: '10m',
      severity: 'warning',
      summary: 'Transcripts are guesses',
      description:
        'The mean confidence of the sentences transcribed in the last half hour is {{ $value | printf "%.2f" }}, below ' +
        '$threshold: the emotions read from them mean little.',
      dashboard: 'quality',
      cases: [
        {
          name: 'fires when transcripts are poor',
          series: scores('transcript_confidence_score', 0.47, 5),
          at: '14m',
          firing: [{ labels: target('backend'), value: '0.47' }],
        },
        // The fifty-first sentence comes after three minutes.
        {
          name: 'waits ten minutes',
          series: scores('transcript_confidence_score', 0.47, 5),
          at: '12m',
          firing: [],
        },
        {
          name: 'stays silent at 0.52',
          series: scores('transcript_confidence_score', 0.52, 5),
          at: '30m',
          firing: [],
        },
        {
          name: 'does not judge by 48 sentences',
          series: scores('transcript_confidence_score', 0.1, 0.4),
          at: '50m',
          firing: [],
        },
        {
          name: 'judges by 52 sentences',
          series: scores('transcript_confidence_score', 0.1, 0.435),
          at: '50m',
          firing: [{ labels: target('backend'), value: '0.10' }],
        },
      ],
    },
    {
      alert: 'TranscriptionSlow',
      service: 'audio',
      expr:
        `${quantile(0.95, 'transcription_latency_seconds', [], {}, '30m')} > $threshold ` +
        `and ${sum(increase('transcription_latency_seconds_count', {}, '30m'))} > 10`,
      threshold: 120,
      unit: 's',
      for: '10m',
      severity: 'warning',
      summary: 'One recording in twenty takes more than $threshold to transcribe',
      description:
        'The 95th percentile of the time to a transcript is {{ $value | humanizeDuration }} over half an hour.',
      dashboard: 'quality',
      cases: [
        {
          name: 'fires when transcripts take two minutes',
          series: transcribing('130', 1),
          at: '14m',
          firing: [{ value: '2m 6s' }],
        },
        { name: 'waits ten minutes', series: transcribing('130', 1), at: '12m', firing: [] },
        { name: 'stays silent below', series: transcribing('120', 1), at: '30m', firing: [] },
        { name: 'does not judge by 9', series: transcribing('130', 0.079), at: '50m', firing: [] },
        {
          name: 'judges by 10.7',
          series: transcribing('130', 0.089),
          at: '50m',
          firing: [{ value: '2m 6s' }],
        },
      ],
    },
  ],
};
