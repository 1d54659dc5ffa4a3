/** Keys that constants of a module hold: which of them are known, and as what. */
import { describe, expect, it } from 'vitest';
import { spellingIn } from '../../src/facts/constantKeys.js';
import { displayName, literalKey } from '../../src/facts/names.js';
import { parseModule } from '../../src/parse/parse.js';
import type { ModuleKind } from '../../src/program.js';
import { childrenOf } from '../../src/syntax/nodes.js';

/** What `mark[key]` in a module is known as; undefined if it is not. */
function known(text: string, kind: ModuleKind = 'commonjs'): string | undefined {
  const module = parseModule({ fileName: '/module.ts', text, kind });
  const spelled = spellingIn(module);
  const find = (node: Parameters<typeof childrenOf>[0]): string | undefined => {
    if (node.type === 'MemberExpression' && node.object.type === 'Identifier' && node.object.name === 'mark')
      return literalKey(spelled(node.property));
    return childrenOf(node).reduce<string | undefined>((found, child) => found ?? find(child), undefined);
  };
  const key = find(module.ast.program);
  return key === undefined ? undefined : displayName(key);
}

describe('a key is known that', () => {
  it.each([
    ['is a string', `const KEY = 'toJSON'; mark[KEY];`, 'toJSON'],
    ['is a number', 'const FIRST = 0; mark[FIRST];', '0'],
    ['is a template without gaps', 'const KEY = `toJSON`; mark[KEY];', 'toJSON'],
    ['has a type', `const KEY = 'toJSON' as const; mark[KEY as string];`, 'toJSON'],
    ['is used in front of the constant', `function f() { mark[KEY]; } const KEY = 'toJSON';`, 'toJSON'],
    ['is another constant', `const A = 'toJSON', B = A; mark[B];`, 'toJSON'],
    ['is a symbol', 'const it = Symbol.iterator; mark[it];', '[Symbol.iterator]'],
    ['is taken from Symbol', 'const { iterator: it } = Symbol; mark[it];', '[Symbol.iterator]'],
    ['is a member of a constant', 'const S = Symbol; mark[S.iterator];', '[Symbol.iterator]'],
    ['is registered', `mark[Symbol.for('nodejs.util.inspect.custom')];`, '[util.inspect.custom]'],
    ['is a member of what is required', `mark[require('util').inspect.custom];`, '[util.inspect.custom]'],
    ['is taken from that', `const { inspect: { custom } } = require('util'); mark[custom];`, '[util.inspect.custom]'],
    ['is taken from inspect', 'const { custom: c } = inspect; mark[c];', '[util.inspect.custom]'],
  ])('%s', (_, text, key) => {
    expect(known(text)).toBe(key);
  });
  it.each([
    ['is exported', `export const KEY = 'toJSON'; mark[KEY];`, 'toJSON'],
    [
      'is taken from an import',
      `import { inspect as show } from 'node:util'; const { custom } = show; mark[custom];`,
      '[util.inspect.custom]',
    ],
    ['is a member of an import', `import { inspect as show } from 'util'; mark[show.custom];`, '[util.inspect.custom]'],
  ])('%s', (_, text, key) => {
    expect(known(text, 'esm')).toBe(key);
  });
});

describe('a key is not known that', () => {
  it.each([
    ['may be assigned', `let KEY = 'toJSON'; mark[KEY];`],
    ['is a parameter elsewhere', `const KEY = 'toJSON'; function f(KEY) { mark[KEY]; }`],
    ['is declared in a block, too', `const KEY = 'toJSON'; { const KEY = x; mark[KEY]; }`],
    ['is what a function is called', `const KEY = 'toJSON'; (function KEY() { mark[KEY]; });`],
    ['is caught', `const KEY = 'toJSON'; try {} catch (KEY) { mark[KEY]; }`],
    ['is a namespace, too', `const KEY = 'toJSON'; namespace A { namespace KEY { mark[KEY]; } }`],
    ['is an enum, too', `const KEY = 'toJSON'; function f() { enum KEY { A } mark[KEY]; }`],
    ['is declared in a function', `function f() { const KEY = 'toJSON'; } mark[KEY];`],
    ['eval may declare', `const KEY = 'toJSON'; function f(x) { eval(x); mark[KEY]; }`],
    ['an object may have', `const KEY = 'toJSON'; with (o) mark[KEY];`],
    ['is chosen', `const KEY = x ? 'a' : 'b'; mark[KEY];`],
    ['is a default', `const { KEY = 'a' } = Symbol; mark[KEY];`],
    ['is the rest of a pattern', 'const { ...iterator } = Symbol; mark[iterator];'],
    ['is taken by a key that is computed', 'const { [iterator]: it } = Symbol; mark[it];'],
    ['is a member that is computed', 'const S = Symbol; mark[S[iterator]];'],
    ['is no known symbol', 'const { custom } = Symbol; mark[custom];'],
    ['is given itself', 'const a = b, b = a; mark[a];'],
    ['is custom of something else', 'const { custom } = promisify; mark[custom];'],
    ['is registered under another name', `mark[Symbol.for('custom')];`],
  ])('%s', (_, text) => {
    expect(known(text)).toBeUndefined();
  });

  it('is imported from another module', () => {
    expect(known(`import { inspect as show } from './util.js'; mark[show.custom];`, 'esm')).toBeUndefined();
  });
});
