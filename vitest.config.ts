import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const source = (path: string) => fileURLToPath(new URL(path, import.meta.url));

// Whatever the terminal or the CI says: tests compare output without colours.
delete process.env.FORCE_COLOR;
process.env.NO_COLOR = '1';

export default defineConfig({
  resolve: {
    alias: {
      '@unblock/runtime/compiled': source('./packages/runtime/src/compiled.ts'),
      '@unblock/runtime/pg': source('./packages/runtime/src/pg/index.ts'),
      '@unblock/runtime': source('./packages/runtime/src/index.ts'),
    },
  },
  test: {
    include: ['packages/*/test/**/*.test.ts', 'fixtures/*/test/**/*.test.ts'],
    testTimeout: 30_000,
    // Many tests wait for children and servers, so that no core is kept for vitest itself.
    maxWorkers: '100%',
    // Most of what a compilation leaves is young.
    execArgv: ['--max-semi-space-size=64'],
  },
});
