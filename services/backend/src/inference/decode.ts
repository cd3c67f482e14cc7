import { tasks, type ByTask } from './tasks.ts';

/** The labels in the order of the model's outputs, and how they hang together. */
export interface LabelSpace {
  labels: ByTask<readonly string[]>;
  /** Sub-emotions by emotion; each belongs to exactly one. */
  tree: Readonly<Record<string, readonly string[]>>;
  /** Divides the logits, so that a confidence of 0.7 is right 70% of the time. */
  temperature: ByTask<number>;
}

/** The probabilities of one task, 0 to 1 and summing to 1; `label` is the answer and `confidence` its probability. */
export interface Scored {
  label: string;
  confidence: number;
  scores: Record<string, number>;
}

export type Prediction = ByTask<Scored>;

/** One row per task of what the model said of one sentence; lengths as in `labels`. */
export type Logits = ByTask<Float32Array>;

/**
 * Reads predictions off logits.
 *
 * p(sub-emotion) = p(its emotion) * softmax over the sub-emotions of that emotion. The predicted sub-emotion is the
 * likeliest below the predicted emotion, so that it always belongs; another emotion's may have a higher probability.
 */
export function decoder({ labels, tree, temperature }: LabelSpace): (logits: Logits) => Prediction {
  const families = labels.emotion.map((emotion) =>
    (tree[emotion] ?? []).map((sub) => labels.sub_emotion.indexOf(sub)),
  );

  return (logits) => {
    const emotion = softmax(logits.emotion, temperature.emotion);
    const winner = argmax(emotion);
    const sub = new Array<number>(labels.sub_emotion.length).fill(0);
    let subWinner = -1;
    families.forEach((members, index) => {
      const within = softmax(
        members.map((member) => at(logits.sub_emotion, member)),
        temperature.sub_emotion,
      );
      members.forEach((member, place) => (sub[member] = at(emotion, index) * at(within, place)));
      if (index === winner) subWinner = at(members, argmax(within));
    });
    const intensity = softmax(logits.intensity, temperature.intensity);
    return {
      emotion: scored(labels.emotion, emotion, winner),
      sub_emotion: scored(labels.sub_emotion, sub, subWinner),
      intensity: scored(labels.intensity, intensity, argmax(intensity)),
    };
  };
}

/** The n-th sentence's part of outputs of shape [sentences, labels]. */
export function row(outputs: Logits, labels: LabelSpace['labels'], n: number): Logits {
  const part = tasks.map((task) => {
    const width = labels[task].length;
    return [task, outputs[task].subarray(n * width, (n + 1) * width)];
  });
  return Object.fromEntries(part) as Logits;
}

/** Probabilities in proportion to e^(logit / temperature). Shifted by the maximum, so that no exponential overflows. */
export function softmax(logits: ArrayLike<number>, temperature: number): number[] {
  const highest = Math.max(...Array.from(logits));
  const powers = Array.from(logits, (logit) => Math.exp((logit - highest) / temperature));
  const total = powers.reduce((sum, power) => sum + power, 0);
  return powers.map((power) => power / total);
}

function argmax(values: readonly number[]): number {
  return values.reduce((best, value, index) => (value > at(values, best) ? index : best), 0);
}

function scored(labels: readonly string[], scores: readonly number[], winner: number): Scored {
  return {
    label: at(labels, winner),
    confidence: at(scores, winner),
    scores: Object.fromEntries(labels.map((label, index) => [label, at(scores, index)])),
  };
}

/** The indices here come from arrays of the same length, which the compiler cannot see. */
function at<T>(values: ArrayLike<T>, index: number): T {
  return values[index] as T;
}
