/** What is known of a sentence beside what is predicted of it: what drift looks at. */
export interface Traits {
  /** Tokens, start and end marks included. */
  tokens: number;
  /** Share of unknown tokens among them. */
  unknown: number;
  /** The cluster of training that its embedding is nearest to. */
  cluster: number;
}

/** Shorter embeddings have no direction: they are not scaled up to length 1, as in training. */
const shortest = 1e-9;

/**
 * Finds the centre that is nearest to an embedding scaled to length 1: what it says, not how loudly. As `nearest` in
 * training/emotion/drift.py, without the |u|^2 that adds the same to every distance.
 */
export function clusterFinder(centres: readonly (readonly number[])[]): (embedding: Float32Array) => number {
  const points = centres.map((centre) => Float32Array.from(centre));
  const squares = points.map((point) => dot(point, point));
  return (embedding) => {
    const length = Math.max(Math.sqrt(dot(embedding, embedding)), shortest);
    const distances = points.map((point, n) => (squares[n] ?? 0) - (2 * dot(embedding, point)) / length);
    return distances.indexOf(Math.min(...distances));
  };
}

function dot(one: Float32Array, other: Float32Array): number {
  let sum = 0;
  for (let n = 0; n < one.length; n++) sum += (one[n] ?? 0) * (other[n] ?? 0);
  return sum;
}
