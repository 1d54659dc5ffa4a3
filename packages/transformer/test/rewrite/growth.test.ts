/** How much longer compiled text is. */
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { compile } from '../../src/engine.js';
import { tsconfigProject } from '../../src/hosts/project.js';
import { rewriteText } from './harness.js';

const APPLICATION = fileURLToPath(new URL('../../../../fixtures/docs-server', import.meta.url));

/** How much longer the files of the application get that change. */
function growthOfApplication(compact: boolean): number {
  const project = tsconfigProject('tsconfig.json', APPLICATION, '');
  const options = { patch: {}, runtime: '@unblock/runtime/compiled', compact };
  const { rewrite } = compile({ ...project, options });
  let [before, after] = [0, 0];
  for (const { fileName, text } of project.modules) {
    const code = rewrite(fileName)?.code;
    if (code === undefined) continue;
    before += Buffer.byteLength(text);
    after += Buffer.byteLength(code);
  }
  return after / before;
}

describe('a closed application', () => {
  it('grows at most 1.5 times where functions may be written once', () => {
    expect(growthOfApplication(true)).toBeLessThanOrEqual(1.5);
  });
  it('grows at most 2.6 times where they are written twice', () => {
    expect(growthOfApplication(false)).toBeLessThanOrEqual(2.6);
  });
});

/** Ways to nest functions that block, each in the one before. */
const NESTED: Readonly<Record<string, (inner: string, depth: number) => string>> = {
  closures: (inner, depth) => `const f${depth} = (x) => { block(x); ${inner} }; f${depth}(${depth});`,
  callbacks: (inner, depth) => `[${depth}].forEach((x${depth}) => { block(x${depth}); ${inner} });`,
  declarations: (inner, depth) => `function d${depth}(x) { block(x); ${inner} } d${depth}(${depth});`,
  methods: (inner, depth) => `class C${depth} { m(x) { block(x); ${inner} } } new C${depth}().m(${depth});`,
  generators: (inner, depth) =>
    `function* g${depth}() { yield block(${depth}); ${inner} } for (const x of g${depth}()) block(x);`,
  'async functions': (inner, depth) => `const a${depth} = async (x) => { block(x); ${inner} }; a${depth}(${depth});`,
};

function growth(nest: (inner: string, depth: number) => string, depth: number, compact = false): number {
  let inner = 'block(0);';
  for (let i = 1; i <= depth; i++) inner = nest(inner, i);
  const text = `export function main(block) { ${inner} }`;
  return rewriteText(text, 'javascript', compact).length / text.length;
}

describe('nested functions, of which each has two forms, and what it holds stands in both,', () => {
  it.each(Object.entries(NESTED))('%s grow by no more than twice what one does, however deep', (_, nest) => {
    const one = growth(nest, 1);
    for (const depth of [2, 4, 6, 8, 12, 24, 48]) expect(growth(nest, depth), `depth ${depth}`).toBeLessThan(one * 2);
  });
  it.each(Object.entries(NESTED))('%s grow no more where they are written once', (_, nest) => {
    for (const depth of [1, 2, 4, 6, 8, 12, 24, 48]) {
      expect(growth(nest, depth, true), `depth ${depth}`).toBeLessThanOrEqual(growth(nest, depth));
    }
  });
});
