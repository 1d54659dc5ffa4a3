import { defineConfig } from 'tsdown';

export default defineConfig({
  entry: {
    index: 'src/index.ts',
    compiled: 'src/compiled.ts',
    monitor: 'src/monitor/monitor.ts',
    pg: 'src/pg/index.ts',
    'unblock-spawner': 'src/node/child-process/spawnerProgram.ts',
  },
  format: ['esm', 'cjs'],
  target: 'node20.19',
  dts: true,
  sourcemap: true,
  clean: true,
  // The bundler's own helpers would go to an entry, and what both entries share would load that entry before it has run itself.
  // Modules are strict: without the directive the CommonJS build would not be, and give functions `globalThis` as `this`.
  outputOptions: { strict: true, codeSplitting: { groups: [{ name: 'helpers', test: /rolldown\/runtime/ }] } },
});
