import { describe, expect, it } from 'vitest';
import { metricOf, seriesNames } from './names.ts';

describe('seriesNames', () => {
  it('finds series and nothing else', () => {
    expect(seriesNames('(1 - (node_memory_MemAvailable_bytes / node_memory_MemTotal_bytes)) * 100')).toEqual([
      'node_memory_MemAvailable_bytes',
      'node_memory_MemTotal_bytes',
    ]);
    expect(seriesNames('topk(5, increase(emotion_predictions_total{emotion="fear, up"}[1h]))')).toEqual([
      'emotion_predictions_total',
    ]);
    expect(seriesNames('sum by (route, le) (rate(a_bucket{x=~"\\"y"}[$__rate_interval])) > 1e3')).toEqual([
      'a_bucket',
    ]);
    expect(seriesNames('a and on (job) b unless c offset 5m or vector(0) == bool job:d:rate5m')).toEqual([
      'a',
      'b',
      'c',
    ]);
  });

  it('names a series once', () => {
    expect(seriesNames('up == 0 or up')).toEqual(['up']);
  });
});

describe('metricOf', () => {
  it('leads the three series of a histogram back to it', () => {
    expect(metricOf('inference_seconds_bucket')).toBe('inference_seconds');
    expect(metricOf('inference_seconds_sum')).toBe('inference_seconds');
    expect(metricOf('node_load1')).toBe('node_load1');
  });

  it('knows neither strangers, nor a bare histogram, nor suffixes that the kind does not have', () => {
    expect(metricOf('emotion_prediction_total')).toBeUndefined();
    expect(metricOf('inference_seconds')).toBeUndefined();
    expect(metricOf('http_requests_total_bucket')).toBeUndefined();
    expect(metricOf('toString')).toBeUndefined();
  });
});
