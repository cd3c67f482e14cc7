import { beforeEach, describe, expect, it } from 'vitest';
import type { Prediction } from '../inference/decode.ts';
import { createMetrics, type Metrics } from '../metrics.ts';
import { DriftMonitor, type Served } from './monitor.ts';
import type { DriftReference } from './reference.ts';

const labels = {
  emotion: ['happiness', 'sadness'],
  sub_emotion: ['joy', 'grief'],
  intensity: ['mild', 'moderate', 'strong'],
};
const half = { edges: [0.5], counts: [500, 500] };
const reference: DriftReference = {
  rows: 1000,
  tokenCount: { edges: [7, 10], counts: [250, 500, 250] },
  unknownRate: { edges: [0], counts: [990, 10] },
  cluster: { centres: [[1], [-1]], counts: [500, 500] },
  labels: { emotion: [500, 500], sub_emotion: [500, 500], intensity: [500, 250, 250] },
  confidence: { emotion: half, sub_emotion: half, intensity: half },
};

let metrics: Metrics;
let monitor: DriftMonitor;
beforeEach(() => {
  metrics = createMetrics();
  monitor = new DriftMonitor(reference, { labels }, metrics);
});

/** The n-th sentence of ordinary traffic: its bins are filled as in the reference. */
function observe(n: number, change: Partial<Served> & { tokens?: number; emotion?: number } = {}): void {
  const side = n % 2;
  const scored = (task: keyof typeof labels, place: number) => ({
    label: labels[task][place] ?? '',
    confidence: Math.floor(n / 2) % 2 === 0 ? 0.4 : 0.6,
    scores: {},
  });
  const prediction: Prediction = {
    emotion: scored('emotion', change.emotion ?? side),
    sub_emotion: scored('sub_emotion', side),
    intensity: scored('intensity', [0, 1, 0, 2][n % 4] ?? 0),
  };
  const tokens = change.tokens ?? [6, 8, 9, 12][n % 4] ?? 0;
  const traits = { tokens, unknown: n % 100 === 0 ? 0.1 : 0, cluster: side };
  const { id = `request-${n}/0`, source = `request-${n}`, text = `Sentence ${n}.` } = change;
  monitor.observe({ id, source, text }, traits, prediction);
}

const value = async (
  name: 'data_drift_score' | 'prediction_drift_score' | 'drift_ready',
  labels: object = {},
) => {
  monitor.publish();
  const { values } = await metrics[name].get();
  return values.find((one) =>
    Object.entries(labels).every(([key, wanted]) => one.labels[key as never] === wanted),
  )?.value;
};

describe('the drift monitor', () => {
  it('finds no drift in ordinary traffic', async () => {
    for (let n = 0; n < 1500; n++) observe(n);
    expect(await value('drift_ready', { type: 'data' })).toBe(1);
    expect(await value('data_drift_score')).toBeLessThan(0.01);
    expect(await value('prediction_drift_score', { task: 'emotion' })).toBeLessThan(0.01);
  });

  it('says nothing before the window is full', async () => {
    for (let n = 0; n < 999; n++) observe(n, { tokens: 100 });
    expect(await value('data_drift_score')).toBe(0);
    observe(999, { tokens: 100 });
    expect(await value('data_drift_score')).toBeGreaterThan(1);
  });

  it('says nothing of fewer than ten sources', async () => {
    for (let n = 0; n < 1000; n++) observe(n, { tokens: 100, source: `video-${n % 9}` });
    expect([await value('drift_ready', { type: 'data' }), await value('data_drift_score')]).toEqual([0, 0]);
    observe(1000, { tokens: 100, source: 'video-9' });
    expect(await value('drift_ready', { type: 'data' })).toBe(1);
    expect(await value('data_drift_score')).toBeGreaterThan(1);
  });

  describe('of a sentence that repeats the one before it', () => {
    const say = (text: string, source: string, n = 0) => {
      observe(n, { text, source });
    };
    const sentences = () => monitor.report().window.sentences;

    it('counts one in a row from the same source, whatever others say in between', () => {
      for (let n = 0; n < 278; n++) {
        say('i', 'a stuck video');
        say(`Sentence ${n}.`, 'another video');
      }
      expect(sentences()).toBe(279);
      for (const text of ['Yes.', 'No.', 'Yes.']) say(text, 'a stuck video');
      expect(sentences()).toBe(282);
    });

    it('counts each of another source', () => {
      for (let n = 0; n < 20; n++) say('Ah!', `video-${n}`);
      expect(sentences()).toBe(20);
    });

    it('remembers no text of a source that left the window', () => {
      say('Ah!', 'a video');
      for (let n = 0; n < 1000; n++) observe(n);
      expect(monitor.report().window.sources).toBe(1000);
      say('Ah!', 'a video', 1);
      say('Ah!', 'a video', 2);
      expect(monitor.observations().filter(({ source }) => source === 'a video')).toHaveLength(1);
      expect(JSON.stringify(monitor.observations())).not.toContain('Ah!');
    });
  });

  it('names the feature, the bin and the sentences that moved', () => {
    for (let n = 0; n < 1000; n++) observe(n, n % 5 === 0 ? { tokens: 100, emotion: 1 } : {});
    const { data, prediction } = monitor.report();
    const { psi, bins, examples } = data.features.token_count;
    expect(psi).toBe(data.score);
    expect(bins.map(({ bin }) => bin)).toEqual(['<= 7', '<= 10', '> 10']);
    expect(bins[2]?.window).toBeCloseTo(0.4, 1);
    expect(bins.reduce((sum, { contribution }) => sum + contribution, 0)).toBeCloseTo(psi, 12);
    expect(examples[0]).toBe('request-999/0');
    expect(examples).toHaveLength(5);
    expect(prediction.emotion.score).toBe(prediction.emotion.features.label.psi);
    expect(prediction.emotion.score).toBeGreaterThan(prediction.sub_emotion.score);
  });

  it('goes on after a restart where it was', () => {
    for (let n = 0; n < 1200; n++) observe(n, { tokens: 9 });
    const again = new DriftMonitor(reference, { labels }, metrics);
    again.restore(monitor.observations());
    expect(again.report()).toEqual(monitor.report());
  });
});
