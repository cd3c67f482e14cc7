import { describe, expect, it } from 'vitest';
import { clusterFinder } from './traits.ts';

describe('the cluster of an embedding', () => {
  const centres = [
    [0.1, 0],
    [0.9, 0],
    [0, -0.8],
  ];
  const clusterOf = clusterFinder(centres);

  it.each([
    [[1, 0], 1],
    [[0, -1], 2],
    [[-1, 0], 0],
  ])('of %j is that of the nearest centre', (embedding, cluster) => {
    expect(clusterOf(Float32Array.from(embedding))).toBe(cluster);
  });

  it('depends on its direction alone', () => {
    // As it is, it lies nearest to the first centre.
    expect(clusterOf(Float32Array.of(0.2, 0))).toBe(1);
    expect(clusterOf(Float32Array.of(0, -0.01))).toBe(2);
  });

  it('is there for an embedding without one', () => {
    expect(clusterOf(Float32Array.of(0, 0))).toBe(0);
  });
});
