/** Mocks that test frameworks move above the imports, the runtime's included: their text stays as it is. */
import { describe, expect, it } from 'vitest';
import { compile } from '../../src/engine.js';

const MOCKS = [
  `jest.mock('fs', () => { const actual = jest.requireActual('fs'); return { ...actual, statSync: (file) => actual.readFileSync(file) }; });`,
  `jest.mock('./a').mock('./b', () => { const express = require('express'); return async () => require('fs').readFileSync(express()); });`,
  `vi.mock('./c', async (original) => ({ ...(await original()), read: () => later() }));`,
  `const held = vi.hoisted(() => { class Held { read() { return later(); } } return new Held(); });`,
  `jest.mock('./f', () => { class Stub { text = require('fs').readFileSync('stub'); } return new Stub(); });`,
  `vi.mock('./d', () => { setTimeout(read, 5); return { get size() { return read().size; } }; });`,
];

const TEXT = `
import fs from 'fs';
import { later } from './later';
export const read = () => fs.readFileSync('a');
${MOCKS.join('\n')}
constructor.mock(() => later());
jest.doMock('./e', () => { const fs = require('fs'); return () => fs.readFileSync('e'); });
it('is told of', () => { require('./e')(); });
test('reads', () => { read(); });
`;

describe('mocks that are moved above the imports', () => {
  const fileName = '/some.test.js';
  for (const [closed, compact] of [
    [true, false],
    [false, false],
    [false, true],
  ] as const) {
    it(`stay as they are, in a ${closed ? 'whole program' : 'module on its own'}${compact ? ', written once' : ''}`, () => {
      const { rewrite, verdicts } = compile({
        modules: [{ fileName, text: TEXT, kind: 'esm' }],
        resolve: () => undefined,
        closed,
        options: { patch: {}, runtime: 'runtime', compact },
      });
      const code = rewrite(fileName)?.code ?? '';
      for (const mock of MOCKS) expect(code).toContain(mock);
      expect(code).toMatch(/\$(link|once)\(\(?.*fs\.readFileSync\('a'\)/);
      if (!closed) expect(code).toMatch(/jest\.doMock\('\.\/e', .*\$/);
      const blocking = verdicts.filter(({ status }) => status === 'blocking');
      expect(blocking.map(({ span, reasons }) => [TEXT.slice(span.start, span.end), reasons[0]?.rule])).toEqual([
        ['actual.readFileSync(file)', 'hoisted-mock'],
        [`require('fs').readFileSync(express())`, 'hoisted-mock'],
        [`require('fs').readFileSync('stub')`, 'hoisted-mock'],
        ...(closed ? [["fs.readFileSync('e')", 'untransformed-package']] : []),
      ]);
    });
  }
});
