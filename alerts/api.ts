import { gauge, increase, quantile, rate, sum } from '@emotion-stack/metrics';
import { from, target } from './history.ts';
import type { AlertConcern } from './rule.ts';

const classify = { method: 'POST', route: '/v1/classify' };
const route = { route: '/v1/classify' };
const requests = (status: string) => from.backend('http_requests_total', { ...classify, status });
const errors = from.backend('api_errors_total', classify);

/** Requests per sample of 15 s and which of them fail; five minutes are 20 samples. */
const failing = (each: number, failed: number) => ({
  [requests('200')]: `0+${each}x120`,
  [errors]: `0+${failed}x120`,
});

/** Requests per sample, all of which take between 5 s and `to`: their p95 lies at 95% of the way. */
const taking = (to: string, each: number) => {
  const bucket = (le: string) =>
    from.backend('http_request_duration_seconds_bucket', { ...classify, status: '200', le });
  return {
    [bucket('5')]: '0x120',
    [bucket(to)]: `0+${each}x120`,
    [bucket('+Inf')]: `0+${each}x120`,
    [from.backend('http_request_duration_seconds_count', { ...classify, status: '200' })]: `0+${each}x120`,
  };
};

const depth = from.backend('inference_queue_depth');
const rejected = from.backend('inference_rejected_total');

const perTarget = ['job', 'instance'] as const;

/** Following an analysis is a request as long as the video: no measure of how fast the API answers. */
const answered = { route: { not: /\/v1\/analyses.*/ } };

/** The API refuses, fails, or makes callers wait. */
export const api: AlertConcern = {
  name: 'api',
  rules: [
    {
      alert: 'ApiErrorsHigh',
      service: 'backend',
      expr:
        `${sum(rate('api_errors_total', {}, '5m'), perTarget)} / ${sum(rate('http_requests_total', {}, '5m'), perTarget)} ` +
        `> $threshold and on (job, instance) ${sum(increase('http_requests_total', {}, '5m'), perTarget)} > 20`,
      threshold: 0.1,
      unit: 'share',
      for: '10m',
      severity: 'warning',
      summary: 'More than $threshold of the requests are answered with an error',
      description:
        '{{ $value | humanizePercentage }} of the requests of the last 5 minutes got a status from 400 up. That may be ' +
        'one caller who sends nonsense; the budget alerts tell of our own faults.',
      dashboard: 'api',
      cases: [
        {
          name: 'fires when one request in nine or ten fails',
          series: failing(10, 1.05),
          at: '10m45s',
          firing: [{ labels: target('backend'), value: '10.5%' }],
        },
        { name: 'waits ten minutes', series: failing(10, 1.05), at: '10m', firing: [] },
        { name: 'stays silent at one in ten', series: failing(10, 1), at: '20m', firing: [] },
        { name: 'does not judge by 19 requests', series: failing(0.95, 0.9), at: '20m', firing: [] },
        {
          name: 'judges by 21 requests',
          series: failing(1.05, 1.05),
          at: '20m',
          firing: [{ labels: target('backend'), value: '100%' }],
        },
      ],
    },
    {
      alert: 'ApiLatencyHigh',
      service: 'backend',
      expr:
        `${quantile(0.95, 'http_request_duration_seconds', ['route'], answered, '5m')} > $threshold and on (route) ` +
        `${sum(increase('http_request_duration_seconds_count', answered, '5m'), ['route'])} > 20`,
      threshold: 10,
      unit: 's',
      for: '10m',
      severity: 'warning',
      summary: 'One request in twenty takes more than $threshold',
      description:
        'The 95th percentile of {{ $labels.route }} is {{ $value | humanizeDuration }} over 5 minutes, above $threshold.',
      dashboard: 'api',
      cases: [
        {
          name: 'fires when the 95th percentile is 10.2 s',
          series: taking('10.5', 10),
          at: '10m45s',
          firing: [{ labels: route, value: '10.23s' }],
        },
        { name: 'waits ten minutes', series: taking('10.5', 10), at: '10m', firing: [] },
        { name: 'stays silent at 9.9 s', series: taking('10.2', 10), at: '20m', firing: [] },
        { name: 'does not judge by 19 requests', series: taking('60', 0.95), at: '20m', firing: [] },
        {
          name: 'judges by 21 requests',
          series: taking('25', 1.05),
          at: '20m',
          firing: [{ labels: route, value: '24s' }],
        },
      ],
    },
    {
      alert: 'InferenceQueueFilling',
      service: 'backend',
      expr: `${gauge('inference_queue_depth')} > $threshold`,
      // Half of what the backend takes before it refuses: QUEUE_LIMIT in services/backend/src/env.ts.
      threshold: 1024,
      unit: 'sentences',
      for: '2m',
      severity: 'warning',
      summary: 'More sentences arrive than the model can take',
      description:
        '{{ $value | humanize }} sentences wait for the model, more than $threshold for minutes: callers wait, and soon ' +
        'the backend refuses.',
      dashboard: 'api',
      cases: [
        {
          name: 'fires when the queue is half full for two minutes',
          series: { [depth]: '1100x40' },
          at: '2m',
          firing: [{ labels: target('backend'), value: '1.1k' }],
        },
        { name: 'waits two minutes', series: { [depth]: '1100x40' }, at: '1m45s', firing: [] },
        { name: 'stays silent below half', series: { [depth]: '1000x40' }, at: '5m', firing: [] },
      ],
    },
    {
      alert: 'InferenceRejects',
      service: 'backend',
      expr: `${increase('inference_rejected_total', {}, '5m')} > $threshold`,
      threshold: 10,
      unit: 'sentences',
      for: '5m',
      severity: 'warning',
      summary: 'The backend refuses sentences because its queue is full',
      description:
        '{{ $value | humanize }} sentences were refused in 5 minutes, and callers were told to come back later.',
      dashboard: 'api',
      cases: [
        {
          // Five minutes are 20 samples: 0.53 in each are 10.6, 0.47 are 9.4.
          name: 'fires when sentences are refused again and again',
          series: { [rejected]: '0+0.53x80' },
          at: '10m',
          firing: [{ labels: target('backend'), value: '10.6' }],
        },
        { name: 'waits five minutes', series: { [rejected]: '0+5x80' }, at: '5m15s', firing: [] },
        { name: 'forgives a few', series: { [rejected]: '0+0.47x80' }, at: '20m', firing: [] },
      ],
    },
  ],
};
