import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decoder, row, softmax, type LabelSpace } from './decode.ts';
import { tasks } from './tasks.ts';

const space: LabelSpace = {
  labels: {
    emotion: ['fear', 'neutral', 'sadness'],
    sub_emotion: ['grief', 'fear', 'neutral', 'nervousness', 'sadness'],
    intensity: ['mild', 'strong'],
  },
  tree: { sadness: ['grief', 'sadness'], fear: ['fear', 'nervousness'], neutral: ['neutral'] },
  temperature: { emotion: 2, sub_emotion: 1, intensity: 0.5 },
};
const decode = decoder(space);
const logits = (emotion: number[], sub_emotion: number[], intensity: number[]) => ({
  emotion: Float32Array.from(emotion),
  sub_emotion: Float32Array.from(sub_emotion),
  intensity: Float32Array.from(intensity),
});

describe('softmax', () => {
  it('divides by the temperature', () => {
    const [first, second] = softmax([Math.log(9), 0], 2);
    expect(first).toBeCloseTo(0.75);
    expect(second).toBeCloseTo(0.25);
  });

  it('survives logits that overflow an exponential', () => {
    expect(softmax([5000, 4000, -5000], 1)).toEqual([1, 0, 0]);
  });
});

describe('decoding', () => {
  it('multiplies the emotion into its sub-emotions', () => {
    const { emotion, sub_emotion, intensity } = decode(
      logits(
        [2 * Math.log(2), 2 * Math.log(5), 2 * Math.log(3)],
        [0, Math.log(4), 9, 0, Math.log(3)],
        [0, 0.5],
      ),
    );
    expect(emotion).toMatchObject({ label: 'neutral' });
    expect(emotion.scores).toMatchObject({ fear: near(0.2), neutral: near(0.5), sadness: near(0.3) });
    expect(sub_emotion.scores).toMatchObject({
      fear: near(0.2 * 0.8),
      nervousness: near(0.2 * 0.2),
      grief: near(0.3 * 0.25),
      sadness: near(0.3 * 0.75),
      neutral: near(0.5),
    });
    expect(intensity).toMatchObject({ label: 'strong', confidence: near(Math.E / (1 + Math.E)) });
  });

  it('takes the sub-emotion from below the emotion, even where another one is likelier', () => {
    // Fear .4 splits evenly, neutral .35 stays whole.
    const { emotion, sub_emotion } = decode(
      logits([2 * Math.log(0.4), 2 * Math.log(0.35), 2 * Math.log(0.25)], [0, 0, 0, 0.1, 0], [0, 0]),
    );
    expect(emotion.label).toBe('fear');
    expect(sub_emotion.label).toBe('nervousness');
    expect(sub_emotion.scores.neutral).toBeGreaterThan(sub_emotion.confidence);
  });

  it('gives probabilities, whatever the logits', () => {
    const values = (length: number) =>
      fc.array(fc.float({ min: -80, max: 80, noNaN: true }), { minLength: length, maxLength: length });
    fc.assert(
      fc.property(values(3), values(5), values(2), (emotion, sub, intensity) => {
        const prediction = decode(logits(emotion, sub, intensity));
        for (const task of tasks) {
          const { label, confidence, scores } = prediction[task];
          expect(Object.keys(scores)).toEqual(space.labels[task]);
          expect(Object.values(scores).reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 6);
          expect(scores[label]).toBe(confidence);
        }
        expect(space.tree[prediction.emotion.label]).toContain(prediction.sub_emotion.label);
      }),
    );
  });
});

describe('rows', () => {
  it('are the parts of each output', () => {
    const outputs = logits([1, 2, 3, 4, 5, 6], [1, 2, 3, 4, 5, 6, 7, 8, 9, 10], [1, 2, 3, 4]);
    expect(row(outputs, space.labels, 1)).toEqual(logits([4, 5, 6], [6, 7, 8, 9, 10], [3, 4]));
  });
});

function near(value: number): unknown {
  return expect.closeTo(value, 6);
}
