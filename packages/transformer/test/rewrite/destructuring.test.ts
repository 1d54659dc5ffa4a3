/** What V8 says of values that cannot be destructured, which is not the same in all its versions: parameters that are bound in the body say it too. */
import { describe, expect, it } from 'vitest';
import { formsOf, loadOriginal, rewriteText } from './harness.js';
import { traceOf, whereAllBlocks } from './trace.js';

const VALUES =
  "[undefined, null, 5, 's', true, {}, [], () => 1, Symbol('q'), 5n, { x: null }, [null], { x: { y: 1 } }, [[1]]]";

const PARAMETERS = [
  ...['{ x = block(1) }', '{ x = block(1) } = null', '{}, a = block(1)', "{ ['x']: x = block(1) }"],
  ...["{ 'x': x = block(1), ...q }", '{ ...x }, y = block(1)', '{ if: x = block(1) }', 'a = block(1), { x }'],
  ...['[x = block(1)]', '[x = block(1)] = block([])', '[], a = block(1)'],
  ...['{ x: { y = block(1) } }', '[{ y = block(1) }]', '[[y = block(1)]]', '{ x: { y = block(1) } } = {}'],
  ...[
    '[[y = block(1)]] = block([])',
    '{ a, x = block(1) }',
    '{ a, b: { c = block(1) } = {} }',
    '...[a, { x = block(1) }]',
  ],
];

describe.each(PARAMETERS)('function (%s)', (list) => {
  const text = `exports.main = function (block, log) {
    const functions = [function (${list}) {}, (${list}) => 1, { m(${list}) {} }.m, class { static s(${list}) {} }.s];
    for (const f of functions) for (const value of ${VALUES}) try { f(value); } catch (error) { log(String(error)); }
  };`;

  it.each([true, false])('fails as before (suspending: %s)', async (suspends) => {
    const compiled = formsOf(rewriteText(text, 'commonjs'), 'commonjs').asynchronous(() => suspends);
    expect(whereAllBlocks(await traceOf(compiled))).toBe(await traceOf(loadOriginal(text, 'commonjs')));
  });
});

/** Patterns in statements. Of one that is a property of another, V8 names the source of the other, which compiled code does not. */
const DECLARED = [
  ...['const [[x], y = block(1)] = value', 'let [[x] = block(5), y] = [value]'],
  ...['var [{ x }, y = block(1)] = [value]', 'const [x = block(1)] = value'],
  ...['let x, y; [x, y = block(1)] = value', 'let x; [[x]] = [value]'],
  ...[
    'for (const [x = block(1)] of [value]);',
    'let x; for ([x = block(1)] of [value]);',
    'for (const [x] of [value]) block(x);',
  ],
  ...['try { throw value; } catch ([x = block(1)]) {}', 'const [x] = block(value)', 'const [x, y = 1] = block(value)'],
];

describe.each(DECLARED)('%s', (statement) => {
  const text = `exports.main = function (block, log) {
    function* none() { yield block(1); }
    for (let value of ${VALUES}) try { if (block(false)) value = none(); ${statement} } catch (error) { log(String(error)); }
  };`;

  it.each([true, false])('fails as before (suspending: %s)', async (suspends) => {
    const compiled = formsOf(rewriteText(text, 'commonjs'), 'commonjs').asynchronous(() => suspends);
    expect(whereAllBlocks(await traceOf(compiled))).toBe(await traceOf(loadOriginal(text, 'commonjs')));
  });
});
