/** Twins of the builtins that call back, against the builtins: value, error, and every call and operation in order. */
import { promiseHooks } from 'node:v8';
import { describe, expect, it } from 'vitest';
import { installBuiltins } from '../../src/builtins/install.js';
import { linkTwin, twinOf } from '../../src/twin/protocol.js';
import { CASES } from './cases.js';
import { byBuiltin, byTwin, type Case, type Schedule } from './harness.js';

installBuiltins();

function random(seed: number): Schedule {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    return (state & 0x10000) === 0;
  };
}

const present = CASES.filter(([, , exists]) => exists !== false).map(([name, test]): [string, Case] => [name, test]);
const absent = CASES.filter(([, , exists]) => exists === false).map(([name]) => name);

describe.each(present)('%s', (_name, test) => {
  const schedules: [string, Schedule][] = [
    ['nothing', () => false],
    ['every callback', () => true],
    ['one callback or another', random(20261124)],
  ];
  it.each(schedules)('agrees when %s suspends', async (_, schedule) => {
    expect(await byTwin(test, schedule)).toEqual(await byBuiltin(test));
  });
});

describe.runIf(absent.length > 0)('builtins that this Node lacks', () => {
  it.skip.each(absent)('%s', () => {});
});

it.each([
  ['Array.fromAsync', (Array as { fromAsync?: unknown }).fromAsync],
  ['toSpliced', Array.prototype.toSpliced],
  ['with', Array.prototype.with],
])('%s has no twin: it awaits by itself, calls nothing, or constructs', (_name, fn) => {
  expect(twinOf(fn)).toBeUndefined();
});

const last = (...args: unknown[]) => args.at(-1);
const identity = (...args: unknown[]) => last(...args);
linkTwin(identity, last);

const double = (value: number) => 2 * value;
linkTwin(double, (value: number) => 2 * value);

it.each<[what: string, inherit: (told: Set<string>) => void, disinherit: () => void]>([
  [
    'an accessor',
    (told) => Object.defineProperty(Array.prototype, 1, { set: () => told.add('set'), configurable: true }),
    () => {
      delete (Array.prototype as unknown[])[1];
      (Array.prototype as unknown[]).length = 0;
    },
  ],
  [
    'a Proxy',
    (told) => {
      const tell = (name: string) => () => told.add(name).size > 0;
      Object.setPrototypeOf(Array.prototype, new Proxy(Object.prototype, { set: tell('set'), has: tell('has') }));
    },
    () => Object.setPrototypeOf(Array.prototype, Object.prototype),
  ],
])('map, filter and flatMap define what they make, though arrays inherit %s', (_, inherit, disinherit) => {
  const twins = [[].map, [].filter, [].flatMap].map((method) => twinOf(method));
  const numbers = [1, 2, 3];
  const told = new Set<string>();
  let made: unknown[];
  inherit(told);
  try {
    made = [twins[0]?.call(numbers, double), twins[1]?.call(numbers, double), twins[2]?.call(numbers, double)];
  } finally {
    disinherit();
  }
  expect(made).toEqual([
    [2, 4, 6],
    [1, 2, 3],
    [2, 4, 6],
  ]);
  expect([...told]).toEqual([]);
});

it('map makes plain arrays when the global Array has been replaced', () => {
  const twin = twinOf([].map);
  const { Array: genuine } = globalThis;
  let made: unknown;
  globalThis.Array = class Other extends genuine {} as ArrayConstructor;
  try {
    made = twin?.call([1, 2], double);
  } finally {
    globalThis.Array = genuine;
  }
  expect(made).toEqual([2, 4]);
  expect(Object.getPrototypeOf(made)).toBe(Array.prototype);
});

describe('a twin whose callback does not suspend', () => {
  it.each([
    ['Array map', () => twinOf([].map)?.call([1, 2], identity)],
    ['Array sort', () => twinOf([].sort)?.call([2, 1], identity)],
    ['Array.from', () => twinOf(Array.from)?.call(Array, [1, 2], identity)],
    ['Map forEach', () => twinOf(new Map().forEach)?.call(new Map([[1, 2]]), identity)],
    ['replace', () => twinOf(''.replace)?.call('aa', /a/g, identity)],
    ['JSON.parse', () => twinOf(JSON.parse)?.call(JSON, '[1]', identity)],
    ['JSON.stringify', () => twinOf(JSON.stringify)?.call(JSON, [1], identity)],
    ['call', () => twinOf(Function.prototype.call)?.call(identity, undefined, 1)],
  ])('creates no promise: %s', (_, run) => {
    let promises = 0;
    const stop = promiseHooks.onInit(() => promises++);
    try {
      run();
    } finally {
      stop();
    }
    expect(promises).toBe(0);
  });
});
