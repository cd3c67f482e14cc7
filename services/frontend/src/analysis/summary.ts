import { certainFrom, inDisplayOrder, intensities, emotions } from '../emotion/emotions.ts';
import type { Prediction } from '../service/client.ts';

export interface Share {
  label: string;
  count: number;
  /** Of all predictions, 0 to 1. */
  share: number;
}

export interface Summary {
  total: number;
  /** Every known emotion, those that never came up included. */
  emotions: Share[];
  intensities: Share[];
  /** Most frequent first. */
  subEmotions: Share[];
  uncertain: number;
}

export function isUncertain({ emotion }: Prediction): boolean {
  return emotion.confidence < certainFrom;
}

export function summarise(predictions: readonly Prediction[]): Summary {
  const total = predictions.length;
  const shares = (labels: readonly string[], known: readonly string[] = []): Share[] => {
    const counts = new Map(known.map((label) => [label, 0]));
    for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1);
    return inDisplayOrder(counts.keys(), known).map((label) => {
      const count = counts.get(label) ?? 0;
      return { label, count, share: total === 0 ? 0 : count / total };
    });
  };
  return {
    total,
    emotions: shares(
      predictions.map(({ emotion }) => emotion.label),
      emotions,
    ),
    intensities: shares(
      predictions.map(({ intensity }) => intensity.label),
      intensities,
    ),
    subEmotions: shares(predictions.map(({ sub_emotion }) => sub_emotion.label)).sort(
      (a, b) => b.count - a.count,
    ),
    uncertain: predictions.filter(isUncertain).length,
  };
}

/** The emotions that came up, most frequent first. */
export function leading({ emotions: shares }: Summary): Share[] {
  return shares.filter(({ count }) => count > 0).sort((a, b) => b.count - a.count);
}
