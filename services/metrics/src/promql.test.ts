import { describe, expect, it } from 'vitest';
import { gauge, increase, max, mean, predict, quantile, rate, resets, sum, topk } from './promql.ts';

describe('queries', () => {
  it('write the documented latency query as it stands', () => {
    expect(mean('emotion_prediction_latency_seconds', {}, '5m')).toBe(
      'rate(emotion_prediction_latency_seconds_sum[5m]) / rate(emotion_prediction_latency_seconds_count[5m])',
    );
  });

  it('write the documented top five as it stands', () => {
    expect(topk(5, increase('emotion_predictions_total', {}, '1h'))).toBe(
      'topk(5, increase(emotion_predictions_total[1h]))',
    );
  });

  it('follow the zoom of the dashboard unless told a window', () => {
    expect(rate('http_requests_total')).toBe('rate(http_requests_total[$__rate_interval])');
    expect(resets('http_requests_total', {}, '$__range')).toBe('resets(http_requests_total[$__range])');
  });

  it('match by equality, by pattern, and the other way round', () => {
    expect(gauge('up', { job: 'backend', instance: 'backend:3120' })).toBe(
      'up{job="backend",instance="backend:3120"}',
    );
    expect(gauge('node_filesystem_size_bytes', { fstype: /ext4|xfs/, mountpoint: { not: /\/boot.*/ } })).toBe(
      'node_filesystem_size_bytes{fstype=~"ext4|xfs",mountpoint!~"\\\\/boot.*"}',
    );
    expect(rate('node_cpu_seconds_total', { mode: { not: 'idle' } }, '5m')).toBe(
      'rate(node_cpu_seconds_total{mode!="idle"}[5m])',
    );
  });

  it('take several matchers on one label', () => {
    expect(gauge('up', { job: ['backend', /$job/], instance: /$instance/ })).toBe(
      'up{job="backend",job=~"$job",instance=~"$instance"}',
    );
  });

  it('continue a gauge into the future', () => {
    expect(predict('node_filesystem_avail_bytes', { mountpoint: '/' }, '6h', 86400)).toBe(
      'predict_linear(node_filesystem_avail_bytes{mountpoint="/"}[6h], 86400)',
    );
  });

  it('escape what a matcher quotes', () => {
    expect(gauge('up', { instance: 'a"b\\c' })).toBe('up{instance="a\\"b\\\\c"}');
  });

  it('aggregate over all labels or by some', () => {
    const perSecond = rate('emotion_predictions_total', {}, '5m');
    expect(sum(perSecond)).toBe('sum(rate(emotion_predictions_total[5m]))');
    expect(sum(perSecond, ['emotion', 'intensity'])).toBe(
      'sum by (emotion, intensity) (rate(emotion_predictions_total[5m]))',
    );
    expect(max(gauge('drift_feature_psi'), ['feature'])).toBe('max by (feature) (drift_feature_psi)');
  });

  it('take quantiles over the buckets, by label where asked', () => {
    expect(quantile(0.95, 'http_request_duration_seconds', ['route'], { job: 'backend' }, '5m')).toBe(
      'histogram_quantile(0.95, sum by (le, route) (rate(http_request_duration_seconds_bucket{job="backend"}[5m])))',
    );
  });
});

describe('types', () => {
  // Each @ts-expect-error fails the type check when the line below it starts to compile.
  it('refuse what would draw an empty or a wrong panel', () => {
    const wrong = [
      // @ts-expect-error a gauge has no rate
      () => rate('active_requests_count'),
      // @ts-expect-error a histogram has no rate of its own: name its _count, _sum or _bucket
      () => increase('inference_seconds'),
      // @ts-expect-error a counter says nothing as it stands
      () => gauge('http_requests_total'),
      // @ts-expect-error no such metric
      () => rate('emotion_prediction_total'),
      // @ts-expect-error quantiles need buckets
      () => quantile(0.5, 'http_requests_total'),
      // @ts-expect-error status is no label of this metric
      () => rate('http_requests_total', { status: '500' }),
      // @ts-expect-error no such scrape job
      () => gauge('up', { job: 'back-end' }),
      // @ts-expect-error no bucket ends at 0.55
      () => rate('model_confidence_distribution_bucket', { le: '0.55' }),
      // @ts-expect-error spelled 1 by Prometheus 2 and 1.0 by Prometheus 3
      () => rate('model_confidence_distribution_bucket', { le: '1' }),
      // @ts-expect-error _sum has no buckets
      () => rate('model_confidence_distribution_sum', { le: '0.5' }),
      // @ts-expect-error route is no label of the predictions
      () => sum(rate('emotion_predictions_total'), ['route']),
      // @ts-expect-error the sum has dropped this label
      () => sum(sum(rate('emotion_predictions_total'), ['emotion']), ['intensity']),
      // @ts-expect-error queue depth is no histogram
      () => mean('inference_queue_depth'),
      // @ts-expect-error a window has a unit
      () => rate('http_requests_total', {}, '5'),
    ];
    expect(wrong).toHaveLength(14);
  });

  it('accept labels of foreign metrics and the labels that Prometheus adds', () => {
    expect(sum(rate('nodejs_gc_duration_seconds_sum', { job: 'backend' }, '5m'), ['kind', 'instance'])).toBe(
      'sum by (kind, instance) (rate(nodejs_gc_duration_seconds_sum{job="backend"}[5m]))',
    );
    expect(rate('model_confidence_distribution_bucket', { le: '0.5', task: 'emotion' }, '5m')).toBe(
      'rate(model_confidence_distribution_bucket{le="0.5",task="emotion"}[5m])',
    );
  });
});
