import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    // A busy machine, not a slow test, is what these limits are for.
    testTimeout: 30_000,
    hookTimeout: 60_000,
    include: ['**/*.test.{ts,tsx}'],
    exclude: ['**/node_modules/**', '**/dist/**', '.stack/**', 'e2e/**'],
  },
});
