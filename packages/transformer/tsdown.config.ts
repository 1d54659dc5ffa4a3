import { defineConfig } from 'tsdown';

export default defineConfig({
  entry: { index: 'src/index.ts', tspc: 'src/hosts/tspc.ts', babel: 'src/hosts/babel.ts' },
  format: ['esm', 'cjs'],
  target: 'node20.19',
  dts: true,
  sourcemap: true,
  clean: true,
});
