import { gauge, increase, mean, quantile, rate, sum } from '@emotion-stack/metrics';
import { StackingMode } from '@grafana/grafana-foundation-sdk/common';
import * as units from '@grafana/grafana-foundation-sdk/units';
import { dashboard, type DashboardOptions } from './common.ts';
import { colour, graph, heatmap, stat } from './panels.ts';
import { backend } from './variables.ts';

const requests = rate('http_requests_total', backend);
const errors = rate('api_errors_total', backend);

/** Its series begin with the first request of each route. */
const empty = 'No requests yet';

/** API Monitoring: rate, errors and duration per route, and the queue before the model (requirement G4). */
export function api(options: DashboardOptions) {
  return dashboard(
    'api',
    {
      title: 'API Monitoring',
      answers: [
        'How many requests arrive, which fail, and how long do they take?',
        'Which route is the cause?',
        'Does the model keep up with what arrives?',
      ],
      jobs: ['backend'],
      rows: [
        { title: 'Now', panels: now() },
        { title: 'Requests, errors, duration', panels: red() },
        { title: 'Queue and batches', panels: queue() },
      ],
    },
    options,
  );
}

function now() {
  return [
    stat({
      title: 'Requests per second',
      description: 'Requests answered per second, all routes together.',
      unit: units.RequestsPerSecond,
      queries: [[sum(requests), 'Requests']],
      width: 6,
      height: 4,
    }),
    stat({
      title: 'Errors',
      description:
        'Share of requests answered with a status from 400 up. Above 1% somebody is being refused.',
      unit: units.Percent,
      decimals: 2,
      queries: [[`${sum(errors)} / ${sum(requests)} * 100`, 'Errors']],
      thresholds: [
        [null, 'green'],
        [1, 'yellow'],
        [5, 'red'],
      ],
      width: 6,
      height: 4,
    }),
    stat({
      title: 'Response time p95',
      description: 'Nineteen of twenty requests are answered within this time.',
      unit: units.Seconds,
      queries: [[quantile(0.95, 'http_request_duration_seconds', [], backend), 'p95']],
      empty,
      thresholds: [
        [null, 'green'],
        [1, 'yellow'],
        [10, 'red'],
      ],
      width: 6,
      height: 4,
    }),
    stat({
      title: 'Active requests',
      description: 'Requests being answered at the moment of the last scrape.',
      unit: units.Short,
      queries: [[gauge('active_requests_count', backend), 'Active']],
      width: 6,
      height: 4,
    }),
  ];
}

function red() {
  return [
    graph({
      title: 'Requests by route',
      description: 'Requests answered per second, by method and route.',
      unit: units.RequestsPerSecond,
      queries: [[sum(requests, ['method', 'route']), '{{method}} {{route}}']],
      width: 12,
      height: 8,
    }),
    graph({
      title: 'Errors by route',
      description:
        'Share of requests answered with a status from 400 up. A route without requests has no line.',
      unit: units.Percent,
      queries: [[`${errors} / ${requests} * 100`, '{{method}} {{route}}']],
      width: 12,
      height: 8,
    }),
    graph({
      title: 'Requests by status',
      description:
        'Requests answered per second by HTTP status: 4xx is refused input, 429 and 503 overload, 5xx a fault.',
      unit: units.RequestsPerSecond,
      queries: [[sum(rate('http_request_duration_seconds_count', backend), ['status']), '{{status}}']],
      empty,
      stack: StackingMode.Normal,
      width: 12,
      height: 8,
    })
      .overrideByRegexp('/^2/', colour('green'))
      .overrideByRegexp('/^4/', colour('yellow'))
      .overrideByRegexp('/^5/', colour('red')),
    graph({
      title: 'Response time by route, 95th percentile',
      description: 'Nineteen of twenty requests to the route are answered within this time.',
      unit: units.Seconds,
      queries: [
        [
          quantile(0.95, 'http_request_duration_seconds', ['method', 'route'], backend),
          '{{method}} {{route}}',
        ],
      ],
      empty,
      width: 12,
      height: 8,
    }),
    graph({
      title: 'Response time, percentiles',
      description: 'The median over all routes, and what 5% and 1% of the requests take longer than.',
      unit: units.Seconds,
      queries: [
        [quantile(0.5, 'http_request_duration_seconds', [], backend), 'p50'],
        [quantile(0.95, 'http_request_duration_seconds', [], backend), 'p95'],
        [quantile(0.99, 'http_request_duration_seconds', [], backend), 'p99'],
      ],
      empty,
      width: 12,
      height: 10,
    }),
    heatmap({
      title: 'Response times',
      description:
        'How many requests took how long: two bands mean two kinds of requests, which percentiles hide.',
      unit: units.Seconds,
      queries: [[sum(increase('http_request_duration_seconds_bucket', backend), ['le']), '{{le}}']],
      empty,
      width: 12,
      height: 10,
    }),
  ];
}

function queue() {
  return [
    graph({
      title: 'Active requests and queue',
      description:
        'Requests being answered, and sentences waiting for the model. A queue that only grows is overload.',
      unit: units.Short,
      queries: [
        [gauge('active_requests_count', backend), 'active requests'],
        [gauge('inference_queue_depth', backend), 'sentences waiting'],
      ],
      width: 12,
      height: 8,
    }),
    graph({
      title: 'Sentences rejected',
      description:
        'Sentences refused per second because the queue was full. Anything above zero is overload.',
      unit: units.Short,
      queries: [[rate('inference_rejected_total', backend), 'rejected']],
      width: 12,
      height: 8,
    }),
    graph({
      title: 'Batch size',
      description:
        'Sentences that go through the model together, on average. Larger batches are cheaper per sentence.',
      unit: units.Short,
      queries: [[mean('inference_batch_size', backend), 'sentences']],
      width: 12,
      height: 8,
    }),
    graph({
      title: 'Time per batch',
      description:
        'Time of one batch in the model, tokenizing included: the median, and what 5% take longer than.',
      unit: units.Seconds,
      queries: [
        [quantile(0.5, 'inference_seconds', [], backend), 'p50'],
        [quantile(0.95, 'inference_seconds', [], backend), 'p95'],
      ],
      width: 12,
      height: 8,
    }),
  ];
}
