import { defineConfig } from 'vitest/config';

/** Real containers, one step after another on one stack: the first `up` may download and build for many minutes. */
export default defineConfig({
  cacheDir: '../node_modules/.vite-e2e',
  test: {
    root: import.meta.dirname,
    include: ['*.e2e.ts'],
    fileParallelism: false,
    testTimeout: 10 * 60_000,
    hookTimeout: 40 * 60_000,
    bail: 0,
  },
});
