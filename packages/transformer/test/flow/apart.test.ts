/** Calls of project code that is compiled apart: they may suspend. */
import { describe, expect, it } from 'vitest';
import { compile } from '../../src/engine.js';

function compiled(body: string, specifier: string, resolve: (specifier: string) => string | undefined): string {
  const text = `import { read, Store, store } from '${specifier}';\nexport async function main(names) { ${body} }\n`;
  const compilation = compile({
    modules: [{ fileName: '/app/main.js', text, kind: 'esm' }],
    resolve,
    closed: false,
    options: { patch: {}, runtime: '@unblock/runtime/compiled' },
  });
  return compilation.rewrite('/app/main.js')?.code ?? text;
}

const CALLS = [
  ['a function', `read('x')`, 'read'],
  ['a method of an object', `store.load('x')`, 'store.load'],
  ['a method of an instance', `new Store().load('x')`, '(intermediate value).load'],
  ['a method of an instance in a variable', `const s = new Store(); s.load('x')`, 's.load'],
  ['a method of a result', `read('x').load()`, 'read(...).load'],
  ['a method with the name of a builtin', `store.find('x')`, 'store.find'],
] as const;

describe('a call of project code that is not at hand', () => {
  it.each(CALLS)('%s is looked up where it is imported by a relative path', (_, body, callee) => {
    expect(compiled(body, './lib.js', () => undefined)).toContain(`, "${callee}")`);
  });

  it.each(CALLS)('%s is looked up where it is imported from a package of the workspace', (_, body, callee) => {
    const apart = compiled(body, '@workspace/lib', () => '/lib/out/index.d.ts');
    expect(apart).toContain(`, "${callee}")`);
  });

  it.each([
    ['names.find(1)', 'names.find'],
    ['names.map(store)', 'names.map'],
    ['names.call(null)', 'names.call'],
  ])('%s is looked up where nothing is known of the receiver', (body, callee) => {
    expect(compiled(body, './lib.js', () => undefined)).toContain(`, "${callee}")`);
  });

  it('still runs the callbacks of builtins on its results', () => {
    const code = compiled(`return store.items().map((name) => read(name))`, './lib.js', () => undefined);
    expect(code).toMatch(/\.map, "store\.items\(\.\.\.\)\.map"\)\.call\(\$self, \$link\(/);
  });
});
