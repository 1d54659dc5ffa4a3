import { defineConfig } from 'tsdown';

// Modules are strict, and their CommonJS build would not be without the directive.
const shared = { target: 'node20.19', sourcemap: true, outputOptions: { strict: true } } as const;

export default defineConfig([
  {
    ...shared,
    entry: { index: 'src/index.ts', tspc: 'src/hosts/tspc.ts', babel: 'src/hosts/babel.ts' },
    format: ['esm', 'cjs'],
    dts: true,
    clean: true,
  },
  { ...shared, entry: { cli: 'src/hosts/cli.ts' }, format: ['esm'], clean: false, dts: false },
]);
