/** Memory that a module only sleeps on: waiting there needs no more than a timer. */
import { describe, expect, it } from 'vitest';
import { extractFacts } from '../../src/facts/extract.js';
import { parseModule } from '../../src/parse/parse.js';

function sleepCells(text: string): string[] {
  const module = parseModule({ fileName: '/module.ts', text, kind: 'esm' });
  return extractFacts(module).sleepCells.map(({ start, end }) => text.slice(start, end));
}

const CELL = 'new Int32Array(new SharedArrayBuffer(4))';

describe('memory that is only slept on', () => {
  it.each([
    ['a constant', `const cell = ${CELL}; export function sleep(ms) { Atomics.wait(cell, 0, 0, ms); }`],
    [
      'a constant with several waits',
      `const cell = ${CELL}; Atomics.wait(cell, 0, 0, 1); Atomics.wait(cell, 0, 0, 2);`,
    ],
    ['a local constant', `function sleep(ms) { const cell = ${CELL}; return Atomics.wait(cell, 0, 0, ms); }`],
    ['a fresh array', `Atomics.wait(${CELL}, 0, 0, 1);`],
  ])('is recognised as %s', (_, text) => {
    expect(sleepCells(text)).toEqual([CELL]);
  });

  it.each([
    ['is written to', `const cell = ${CELL}; cell[0] = 1; Atomics.wait(cell, 0, 0, 1);`],
    ['is notified', `const cell = ${CELL}; Atomics.notify(cell, 0); Atomics.wait(cell, 0, 0, 1);`],
    ['is posted', `const cell = ${CELL}; port.postMessage({ cell }); Atomics.wait(cell, 0, 0, 1);`],
    ['is exported', `export const cell = ${CELL}; Atomics.wait(cell, 0, 0, 1);`],
    ['is exported by name', `const cell = ${CELL}; export { cell as c }; Atomics.wait(cell, 0, 0, 1);`],
    ['is a default export', `const cell = ${CELL}; export default cell; Atomics.wait(cell, 0, 0, 1);`],
    ['is variable', `let cell = ${CELL}; Atomics.wait(cell, 0, 0, 1);`],
    [
      'has a name of its own for its buffer',
      `const buffer = new SharedArrayBuffer(4); Atomics.wait(new Int32Array(buffer), 0, 0, 1);`,
    ],
    ['is handed to a decorator', `const cell = ${CELL}; @register(cell) class C {} Atomics.wait(cell, 0, 0, 1);`],
    ['is in reach of eval', `const cell = ${CELL}; eval('share(cell)'); Atomics.wait(cell, 0, 0, 1);`],
    ['is made by something else', `class Int32Array {} const cell = ${CELL}; Atomics.wait(cell, 0, 0, 1);`],
    ['is waited on by something else', `const Atomics = other; const cell = ${CELL}; Atomics.wait(cell, 0, 0, 1);`],
  ])('is not what %s', (_, text) => {
    expect(sleepCells(text)).toEqual([]);
  });
});
