import { Type, type Static } from 'typebox';
import type { LabelSpace } from '../inference/decode.ts';
import { tasks } from '../inference/tasks.ts';

const Counts = Type.Array(Type.Integer({ minimum: 0 }), { minItems: 2 });
const Binned = Type.Object({
  /** Upper bounds of all bins but the last, each within its bin. */
  edges: Type.Array(Type.Number(), { minItems: 1 }),
  counts: Counts,
});

function byTask<T extends Parameters<typeof Type.Object>[0][string]>(schema: T) {
  return Type.Object({ emotion: schema, sub_emotion: schema, intensity: schema });
}

/** drift.json: what ordinary traffic looks like to this model. training/emotion/drift.py writes it. */
export const DriftReference = Type.Object({
  /** Sentences that it was fitted on. */
  rows: Type.Integer({ minimum: 1 }),
  tokenCount: Binned,
  /** Share of unknown tokens per sentence. */
  unknownRate: Binned,
  cluster: Type.Object({
    /** Points among the embeddings, which have length 1. */
    centres: Type.Array(Type.Array(Type.Number(), { minItems: 1 }), { minItems: 2 }),
    counts: Counts,
  }),
  /** In the order of the labels. */
  labels: byTask(Counts),
  confidence: byTask(Binned),
});

export type DriftReference = Static<typeof DriftReference>;

/**
 * What does not hang together in a reference of the right shape: it has as many counts as there are labels, centres, or
 * edges and one, centres of one width, and edges that ascend.
 */
export function misfits(reference: DriftReference, labels: LabelSpace['labels']): string[] {
  const { centres, counts } = reference.cluster;
  const width = centres[0]?.length;
  const binned = [
    ['tokenCount', reference.tokenCount] as const,
    ['unknownRate', reference.unknownRate] as const,
    ...tasks.map((task) => [`confidence/${task}`, reference.confidence[task]] as const),
  ];
  const sizes: (readonly [name: string, counts: readonly number[], expected: number])[] = [
    ['cluster', counts, centres.length],
    ...tasks.map((task) => [`labels/${task}`, reference.labels[task], labels[task].length] as const),
    ...binned.map(([name, { edges, counts }]) => [name, counts, edges.length + 1] as const),
  ];
  return [
    ...sizes
      .filter(([, found, expected]) => found.length !== expected)
      .map(([name, found, expected]) => `/${name} has ${found.length} counts and needs ${expected}`),
    ...binned
      .filter(([, { edges }]) => edges.some((edge, n) => edge <= (edges[n - 1] ?? -Infinity)))
      .map(([name]) => `/${name} has edges that do not ascend`),
    ...(centres.every((centre) => centre.length === width) ? [] : ['/cluster has centres of unequal length']),
  ];
}
