/** What `using` disposes of: verdicts on the methods that it calls, held against what the compiled program does. */
import { Dir } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { behaveAsBefore, judgeAsTheyBehave, lowered } from './harness.js';

/** Before Node 24, generators cannot be disposed of. */
const GENERATORS: Readonly<Record<string, readonly [text: string, verdict: string]>> =
  Symbol.dispose in (function* () {}.prototype as object)
    ? {
        'by the generator that it is': [
          `function* f() { try { yield 1; } finally { log(block('a')); } }
           async function main() { { using a = f(); log(a.next().value); } await later(5); }`,
          'patched',
        ],
        'by the generator that it is, by name': [
          `function* f() { try { yield 1; } finally { log(block('a')); } }
           async function main() { const a = f(); log(a.next().value); log(a[Symbol.dispose]()); await later(5); }`,
          'patched',
        ],
      }
    : {};

/** Node 20 does not dispose of directories. */
const DIRECTORIES: Readonly<Record<string, string>> =
  Symbol.dispose in Dir.prototype
    ? {
        'close directories': `async function main() {
          { using dir = fs.opendirSync('.'); log(typeof dir.readSync().name); block(1); }
          const kept = fs.opendirSync('.'); { using dir = kept; } try { kept.readSync(); } catch (error) { log(error.code); } }`,
      }
    : {};

/** A program whose `main` does `body` with what `open(name)` returns, which blocks where it is disposed of. */
const opened = (body: string) =>
  `const open = (name) => ({ name, [Symbol.dispose]() { log(name); block(name); } });
   async function main() { ${body} await later(5); }`;

describe('what is disposed of', () => {
  judgeAsTheyBehave({
    'at the end of a block': [opened(`{ using a = open('a'); log('in'); }`), 'patched'],
    'at the end of a function': [
      opened(`function f() { using a = open('a'), b = open('b'); return a.name + b.name; } log(f());`),
      'patched',
    ],
    'at the end of a generator': [
      opened(
        `function* f() { using a = open('a'); yield a.name; yield 'never'; } for (const name of f()) { log(name); break; }`,
      ),
      'patched',
    ],
    'at the end of a static block': [
      opened(`(() => class { static { using a = open('a'); log(a.name); } })();`),
      'patched',
    ],
    'of each item': [opened(`for (using a of [open('a'), null, open('b')]) if (a?.name === 'b') break;`), 'patched'],
    'of each item of an iterator that suspends': [
      `const open = (name) => ({ [Symbol.dispose]() { log(name); } }); function* items() { yield open(block('a')); }
       async function main() { for (using a of items()) log('in'); await later(5); }`,
      'patched',
    ],
    'of each item of an async iterator': [
      opened(`async function* f() { yield open('a'); } for await (using a of f()) log(a.name);`),
      'patched',
    ],
    'by await using, as using does': [opened(`{ await using a = open('a'); log('in'); }`), 'patched'],
    'by await using, before it returns a promise': [
      `const openLater = () => ({ [Symbol.asyncDispose]() { log(block('a')); return Promise.resolve(); } });
       async function main() { { await using a = openLater(); log('in'); } await later(5); }`,
      'patched',
    ],
    'by await using, which runs an async function': [
      `const openLater = () => ({ async [Symbol.asyncDispose]() { log(block('a')); } });
       async function main() { { await using a = openLater(); log('in'); } await later(5); }`,
      'patched',
    ],
    'by await using, of each item': [
      `const openLater = () => ({ [Symbol.asyncDispose]() { log(block('a')); return Promise.resolve(); } });
       async function main() { for (await using a of [openLater(), null]) log('in'); await later(5); }`,
      'patched',
    ],
    'of a subclass': [
      `class Base { [Symbol.dispose]() { this.close(); } } class File extends Base { close() { log(block('closed')); } }
       async function main() { { using file = new File(); log('in'); } await later(5); }`,
      'patched',
    ],
    ...GENERATORS,
    'by what the head of a loop declares': [
      opened(`for (using a = open('a'), b = { n: 0, [Symbol.dispose]() {} }; b.n < 1; b.n++) log(a.name);`),
      'blocking coercion',
    ],
    'by a constructor': [
      opened(`class A { constructor() { using a = open('a'); log(a.name); } } new A();`),
      'blocking coercion',
    ],
    'in a function that declares another twice': [
      opened(
        `function f() { using a = open('a'); function g() {} function g() { return a.name; } return g(); } log(f());`,
      ),
      'blocking coercion',
    ],
  });
});

describe('what stacks of the language dispose of', () => {
  judgeAsTheyBehave({
    'where there are some': [
      opened(
        `const { DisposableStack } = globalThis; { using a = open('a'); const stack = DisposableStack && new DisposableStack(); stack?.use(null); log(a.name); }`,
      ),
      'partly coercion',
    ],
  });
});

describe('what is disposed of as TypeScript writes it', () => {
  it('is told from what the language does', () => {
    expect(lowered('{ using a = open(); }')).toContain('__disposeResources');
  });
  judgeAsTheyBehave({
    'at the end of a block': [lowered(opened(`{ using a = open('a'); log('in'); }`)), 'patched'],
    'of each item': [lowered(opened(`for (using a of [open('a'), open('b')]) log(a.name);`)), 'patched'],
    'by await using': [lowered(opened(`{ await using a = open('a'); log('in'); }`)), 'patched'],
  });
});

describe('programs with using', () => {
  behaveAsBefore({
    'dispose of all, however one fails': opened(`
      const fails = (name) => ({ [Symbol.dispose]() { block(name); throw new Error(name); } });
      try { using a = fails('a'), b = open('b'), c = fails('c'); throw new Error('d'); }
      catch (error) { for (let at = error; at; at = at.suppressed) log([at.name, at.error?.message, at.message.replace('.', '')]); }`),
    'dispose of what has been declared when the next is none': opened(`
      try { using a = open('a'), b = {}; } catch (error) { log(error instanceof TypeError); }`),
    ...DIRECTORIES,
  });
});
