/** Names that are spelt with escapes, and those of the properties that all objects have. */
import { describe, expect, it } from 'vitest';
import { compile } from '../../src/engine.js';
import { behaveAsBefore } from './harness.js';

const ESCAPED = String.raw;

describe('escaped names', () => {
  behaveAsBefore({
    'of helpers': ESCAPED`
      async function main() { const \u0024callee = (x) => 'mine ' + x, \u{24}method = 1; log(block(1)); log(\u0024callee(1)); log($method); await later(1); log([1].map((x) => block(x))); }`,
    'of the call': ESCAPED`async function main() { const \u0024 = (x) => 'mine ' + x; log(block(1)); log(\u0024(2)); }`,
    'of temporaries': ESCAPED`
      async function main() { let \u0024t1 = 5; const o = { get(x) { return block(x); } }; log(o?.get(1) + \u0024t1); log((await later(1), o).get(2) + $t1); }`,
    'of constructors': ESCAPED`
      class Page { c\u006fnstructor(n) { this.name = n; this.size = block(n); } } class Sub extends Page { 'c\x6fnstructor'(n) { super(n); this.sub = block(2); } }
      async function main() { const page = new Page(1); log([page.name, page.size]); const sub = new Sub(3); log([sub.name, sub.size, sub.sub]); }`,
    'of eval': ESCAPED`
      async function told() { log(block(1)); } async function main() { let n = 1; const add = (x) => { return \u0065val('n += x'); }; log(add(2)); log(n); await told(); }`,
    'of arguments': ESCAPED`
      async function main() { function f(a) { block(1); \u0061rguments[0] = 2; return [a, \u0061rguments.length]; } log(f(1, 2)); }`,
  });
});

it.each([...Object.getOwnPropertyNames(Object.prototype), 'prototype', 'length', 'name'])(
  'a module, property and variable named %s',
  (name) => {
    const text = `import * as all from ${JSON.stringify(name)}; import { readFileSync } from 'fs';
const other = require(${JSON.stringify(name)}), o = { ${name}() { return readFileSync('a'); } }; o.${name}(); all.${name}(); other.${name}.${name}(); other(o); new all.${name}(o)['${name}']();
setTimeout(() => { const ${name} = () => o.${name}(); ${name}(); }, 1);`;
    for (const closed of [true, false]) {
      const options = { patch: {}, runtime: 'runtime' };
      const modules = [{ fileName: '/a.js', text, kind: 'esm' }] as const;
      const { verdicts, rewrite } = compile({ modules, resolve: () => undefined, closed, options });
      expect(verdicts).toHaveLength(1);
      expect(() => rewrite('/a.js')).not.toThrow();
    }
  },
);
