import { fileURLToPath } from 'node:url';
import { configDefaults, defineConfig } from 'vitest/config';

const source = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** Tests that change nothing outside of them: to load the compiler anew for each would take most of their time. */
const TOGETHER = ['packages/transformer/test/{colour,config,facts,flow,races,report,rewrite}/**/*.test.ts'];
const ALL = ['packages/*/test/**/*.test.ts', 'fixtures/*/test/**/*.test.ts'];

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
    testTimeout: 30_000,
    // Many tests wait for children and servers, so that no core is kept for vitest itself.
    maxWorkers: '100%',
    // Most of what a compilation leaves is young.
    execArgv: ['--max-semi-space-size=64'],
    projects: [
      { extends: true, test: { name: 'together', include: TOGETHER, isolate: false } },
      { extends: true, test: { name: 'apart', include: ALL, exclude: [...configDefaults.exclude, ...TOGETHER] } },
    ],
  },
});
