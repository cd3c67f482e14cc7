import { describe, expect, it } from 'vitest';
import {
  catalogue,
  isPlanned,
  publishedMetrics,
  type MetricDefinition,
  type MetricName,
} from './catalogue.ts';
import { foreign } from './foreign.ts';

const own = Object.entries<MetricDefinition>(catalogue);

describe('the catalogue', () => {
  it.each(own)('names %s as Prometheus recommends', (name, { kind, help, labels }) => {
    expect(name).toMatch(/^[a-z][a-z0-9_]*$/);
    expect(name.endsWith('_total')).toBe(kind === 'counter');
    expect(help).toMatch(/\.$/);
    expect(new Set(labels).size).toBe(labels.length);
  });

  it.each(own)('gives %s ascending buckets when it is a histogram', (_name, definition) => {
    if (definition.kind !== 'histogram') return;
    expect(definition.buckets).toEqual([...definition.buckets].sort((a, b) => a - b));
    expect(definition.buckets.length).toBeGreaterThan(1);
  });

  it('reaches past the threshold of HighPredictionLatency, 30 s', () => {
    expect(catalogue.emotion_prediction_latency_seconds.buckets.filter((bound) => bound > 30)).not.toEqual(
      [],
    );
  });

  it('gives requests and errors the same labels, so that their ratio finds its partners', () => {
    expect(catalogue.api_errors_total.labels).toEqual(catalogue.http_requests_total.labels);
  });

  it('splits into published and planned', () => {
    const planned = (Object.keys(catalogue) as MetricName[]).filter(isPlanned);
    expect(publishedMetrics).toContain('emotion_predictions_total');
    expect(publishedMetrics).not.toContain('audio_quality_score');
    expect([...publishedMetrics, ...planned].sort()).toEqual(Object.keys(catalogue).sort());
  });

  it('shares no name with the metrics of other programs', () => {
    expect(Object.keys(catalogue).filter((name) => Object.hasOwn(foreign, name))).toEqual([]);
  });
});
