/** How much longer compiled text is where functions nest: each has two forms, and what it holds stands in both. */
import { describe, expect, it } from 'vitest';
import { rewriteText } from './harness.js';

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

function growth(nest: (inner: string, depth: number) => string, depth: number): number {
  let inner = 'block(0);';
  for (let i = 1; i <= depth; i++) inner = nest(inner, i);
  const text = `export function main(block) { ${inner} }`;
  return rewriteText(text, 'javascript').length / text.length;
}

describe('nested functions', () => {
  it.each(Object.entries(NESTED))('%s grow by no more than twice what one does, however deep', (_, nest) => {
    const one = growth(nest, 1);
    for (const depth of [2, 4, 6, 8, 12, 24, 48]) expect(growth(nest, depth), `depth ${depth}`).toBeLessThan(one * 2);
  });
});
