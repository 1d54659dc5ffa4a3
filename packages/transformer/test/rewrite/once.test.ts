/** Functions whose text stands once: what their callers see of them, whoever they are. */
import * as runtime from '@unblock/runtime';
import * as helpers from '@unblock/runtime/compiled';
import { describe, expect, it } from 'vitest';
import { linkTwin } from '../../../runtime/src/twin/protocol.js';
import { rewriteText } from './harness.js';
import { linkSuspending } from './suspending.js';

type Exports = Record<string, (...args: unknown[]) => unknown>;

/** The exports of a compiled CommonJS module. */
function load(text: string): Exports {
  const exports: Exports = {};
  const require = () => helpers;
  new Function('exports', 'require', rewriteText(text, 'commonjs', true))(exports, require);
  return exports;
}

/** A function that blocks, and its twin, which suspends where `suspends` says so. */
function blocking(suspends: () => boolean) {
  return linkSuspending(
    (value: unknown) => value,
    (value: unknown) => value,
    suspends,
  );
}

/** A function with a twin that never suspends. */
function quick() {
  const quickly = (value: unknown) => value;
  return linkTwin(quickly, (value: unknown) => [value]);
}

const same = (value: unknown) => value;

const twinOf = (fn: unknown) => (fn as Record<symbol, (...args: unknown[]) => unknown>)[Symbol.for('unblock.twin')];

describe('a call that does not suspend', () => {
  it('returns its value at once, from any depth', () => {
    const { outer } = load(`
      function inner(call, x) { const y = call(x); return y; }
      exports.outer = function (call, x) { const list = [inner(call, x), ((z) => call(z))(2)]; return list; };
    `);
    expect(twinOf(outer)?.(quick(), 1)).toEqual([[1], [2]]);
    expect(outer?.(quick(), 1)).toEqual([1, 2]);
  });
  it('throws at once, to either kind of caller', () => {
    const { fails } = load('exports.fails = (call) => { call(1); throw new RangeError("no"); };');
    expect(() => twinOf(fails)?.(quick())).toThrow(new RangeError('no'));
    expect(() => fails?.(quick())).toThrow(new RangeError('no'));
  });
});

describe('an original', () => {
  const { declared, arrow, expression, method } = load(`
    exports.declared = declared;
    function declared(call, b, c) { call(b); this.made = c; }
    exports.arrow = (call, b = 1) => { call(b); };
    exports.expression = function (call) { call(1); };
    exports.method = { m(call, ...rest) { call(rest); } }.m;
  `);
  it('has the name and the length of the source', () => {
    const shapes = [declared, arrow, expression, method].map((fn) => [fn?.name, fn?.length]);
    expect(shapes).toEqual([
      ['declared', 3],
      ['', 1],
      ['', 1],
      ['m', 1],
    ]);
  });
  it('is a constructor where that of the source is one', () => {
    const construct = (fn: unknown) => () => Reflect.construct(fn as new () => object, [() => {}, 1, 2]);
    expect({ ...construct(declared)() }).toEqual({ made: 2 });
    expect(construct(expression)()).toBeInstanceOf(expression);
    expect(construct(arrow)).toThrow(TypeError);
    expect(construct(method)).toThrow(TypeError);
    expect([declared, arrow, expression, method].map((fn) => Object.hasOwn(fn as object, 'prototype'))).toEqual([
      ...[true, false, true, false],
    ]);
  });
  it('fails where the stack is full, and so do those that catch that', () => {
    const { deep, caught } = load(`
      exports.deep = function deep(call, n) { call(n); return exports.deep(call, n + 1); };
      exports.caught = (call, n) => { try { call(n); return exports.caught(call, n + 1); } catch (error) { return error.name; } };
    `);
    expect(() => deep?.(() => {}, 0)).toThrow(RangeError);
    expect(caught?.(() => {}, 0)).toBe('RangeError');
  });
  it('gets what a finally statement returns last', () => {
    const { last, taken } = load(`
      exports.last = (call) => { try { return call(1); } finally { return call(2); } };
      exports.taken = (call) => { for (const x of [1]) { try { return call(x); } finally { break; } } };
    `);
    expect([last?.(same), taken?.(same), twinOf(last)?.(quick()), twinOf(taken)?.(quick())]).toEqual([
      ...[2, undefined, [2], undefined],
    ]);
  });
});

describe('an error after a suspension', () => {
  it('has the callers in its stack that wait for it', async () => {
    const { outermost } = load(`
      function innermost(call) { call(1); throw new Error('late'); }
      function between(call) { const value = innermost(call); return value + 1; }
      exports.outermost = function outermost(call) { const value = between(call); return value + 1; };
    `);
    const error = await runtime
      .twin(outermost as (...args: unknown[]) => unknown)?.(blocking(() => true))
      .catch((reason: Error) => reason);
    const { stack = '' } = error as Error;
    expect([...stack.matchAll(/at (?:async )?(innermost|between)/g)].map(([, name]) => name)).toEqual([
      'innermost',
      'between',
    ]);
  });
});

describe('written twice are', () => {
  it.each([
    ['generators', 'exports.f = function* (call) { yield call(1); };'],
    ['functions that use arguments', 'exports.f = function (call) { call(1); return arguments.length; };'],
    ['functions that use new.target', 'exports.f = function (call) { call(1); return new.target; };'],
    ['function expressions with a name', 'exports.f = function me(call) { call(1); };'],
    [
      'functions that declare a name twice',
      'exports.f = function (call) { var g; call(1); function g() {} return g; };',
    ],
    ['functions that declare a parameter again', 'exports.f = function (call) { var call; call(1); };'],
    ['accessors', 'exports.f = (call) => ({ get x() { return call(1); } });'],
  ])('%s', (_, text) => {
    expect(rewriteText(text, 'commonjs', true)).toMatch(/\$link(Self|Getters)?\(/);
  });
});
