/** What calls of any value may run is told once, however many names hold any value. */
import { expect, it } from 'vitest';
import { colour } from '../../src/colour/colour.js';
import { extractFacts } from '../../src/facts/extract.js';
import { parseModule } from '../../src/parse/parse.js';

const HELD = 200;
const NAMES = 100;

const range = (length: number) => Array.from({ length }, (_, i) => i);

it('a group that others hold stands in them as one', () => {
  const text = `const fs = require('fs');
    ${range(HELD)
      .map((i) => `const o${i} = { e(x) { return fs.readFileSync(x); } };`)
      .join('\n')}
    let any = o0;
    ${range(HELD)
      .map((i) => `any = any.e(o${i}) || o${i}.e || any;`)
      .join('\n')}
    ${range(NAMES)
      .map((i) => `exports.m${i} = any; exports.f${i} = async () => any.m${i}();`)
      .join('\n')}`;
  const facts = extractFacts(parseModule({ fileName: '/a.js', text, kind: 'commonjs' }));
  const options = { patch: {}, runtime: '@unblock/runtime/compiled' };
  const { sites, functions, membersOf, isTwin } = colour([facts], {
    ...{ resolve: () => undefined, closed: true, options },
  });
  const groups = new Set(sites.flatMap(({ targets }) => targets.filter((node) => node >= functions.length)));
  expect(groups.size).toBeGreaterThan(NAMES);
  const members = [...groups].map((group) => membersOf(group).length);
  expect(members.reduce((sum, count) => sum + count)).toBeLessThan(functions.length + 4 * groups.size);
  expect([...groups].every(isTwin)).toBe(true);
});
