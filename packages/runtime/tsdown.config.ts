import { defineConfig } from 'tsdown';

/**
 * Has the runtime get Node's modules from the process. Test frameworks put mocks in their places for whoever imports or requires them (`jest.mock('fs')`):
 * those are meant for the program, and call nobody back.
 */
const genuineBuiltins = {
  name: 'genuine-builtins',
  renderChunk(code: string, { fileName }: { readonly fileName: string }) {
    if (!/\.[mc]js$/.test(fileName)) return null;
    const required = code.replace(/\brequire\("(node:[^"]+)"\)/g, 'process.getBuiltinModule("$1")');
    return { code: required.replace(/^import (.+) from "(node:[^"]+)";$/gm, fromProcess), map: null };
  },
};

/** A declaration in place of an import: `fs, { a as b }` becomes `fs = <module>, { a: b } = <module>`. */
function fromProcess(_text: string, imported: string, name: string): string {
  const found = `process.getBuiltinModule("${name}")`;
  const [, whole, named] = /^([\w$]+)?(?:, )?(\{.+\})?$/.exec(imported) ?? [];
  const targets = [whole, named?.replace(/ as /g, ': ')].filter((target) => target !== undefined);
  if (targets.length === 0) throw new Error(`How is ${name} to be imported as ${imported}?`);
  return `const ${targets.map((target) => `${target} = ${found}`).join(', ')};`;
}

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
  plugins: [genuineBuiltins],
  // The bundler's own helpers would go to an entry, and what both entries share would load that entry before it has run itself.
  // Modules are strict: without the directive the CommonJS build would not be, and give functions `globalThis` as `this`.
  outputOptions: { strict: true, codeSplitting: { groups: [{ name: 'helpers', test: /rolldown\/runtime/ }] } },
});
