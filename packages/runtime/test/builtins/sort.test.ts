/** Sorting calls the comparator as the builtins do: the same pairs in the same order, also where it contradicts itself. */
import { describe, expect, it } from 'vitest';
import { installBuiltins } from '../../src/builtins/install.js';
import { type Callable, linkTwin, SUSPENDED, suspend, take, twinOf, unbox } from '../../src/twin/protocol.js';

installBuiltins();

function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

type Order = (x: number, y: number) => unknown;

/** Comparators by name, each made anew for a run: some keep a state. */
const ORDERS: Readonly<Record<string, (seed: number) => Order>> = {
  ascending: () => (x, y) => x - y,
  descending: () => (x, y) => y - x,
  'by a few keys': () => (x, y) => (x % 5) - (y % 5),
  equal: () => () => 0,
  'always less': () => () => -1,
  'always greater': () => () => 1,
  boolean: () => (x, y) => x > y,
  'not a number': () => (x, y) => (x > y ? Number.NaN : -1),
  circular: () => (x, y) => ((x - y + 300) % 3) - 1,
  text: () => (x, y) => String(x - y),
  'at random': (seed) => {
    const next = random(seed);
    return () => next() - 0.5;
  },
  'mostly less, at random': (seed) => {
    const next = random(seed);
    return () => next() - 0.9;
  },
};

const isTyped = (fn: Callable) => fn !== Array.prototype.sort && fn !== Array.prototype.toSorted;

/** Inputs of a length: random, and such as have long runs, for which merging gallops. */
const INPUTS: Readonly<Record<string, (length: number, next: () => number) => (number | undefined)[]>> = {
  random: (length, next) => Array.from({ length }, () => Math.floor(next() * 1000)),
  'few values': (length, next) => Array.from({ length }, () => Math.floor(next() * 4)),
  'long runs': (length, next) => {
    const step = 20 + Math.floor(next() * 60);
    return Array.from({ length }, (_, i) => (i % step) * 10 + Math.floor(i / step));
  },
  'two halves': (length) => Array.from({ length }, (_, i) => (i < length / 2 ? i + 500 : i)),
  'some undefined': (length, next) => Array.from({ length }, () => (next() < 0.2 ? undefined : next())),
  'nearly sorted': (length, next) => Array.from({ length }, (_, i) => (next() < 0.05 ? 0 : i)),
};

function recorded(order: Order): { trace: number[]; compare: Callable } {
  const trace: number[] = [];
  const compare = (x: number, y: number) => {
    trace.push(x, y);
    return order(x, y);
  };
  return { trace, compare };
}

async function byTwin(fn: Callable, self: unknown, compare: Callable, suspends: boolean): Promise<unknown> {
  linkTwin(compare, (x, y) => (suspends ? suspend(Promise.resolve(compare(x, y))) : compare(x, y)));
  const result = Reflect.apply(twinOf(fn) as Callable, self, [compare]);
  return result === SUSPENDED ? unbox(await take()) : result;
}

const LENGTHS = [
  ...Array.from({ length: 70 }, (_, i) => i),
  100,
  127,
  128,
  129,
  191,
  192,
  200,
  255,
  256,
  257,
  299,
  300,
  1000,
];

const SORTS: readonly (readonly [name: string, fn: Callable, make: (values: (number | undefined)[]) => unknown])[] = [
  ['sort', Array.prototype.sort, (values) => values.slice()],
  ['toSorted', Array.prototype.toSorted, (values) => values.slice()],
  ['typed sort', Float64Array.prototype.sort as Callable, (values) => Float64Array.from(values as number[])],
  ['typed toSorted', Float64Array.prototype.toSorted as Callable, (values) => Float64Array.from(values as number[])],
];

describe.each(SORTS)('%s', (_, fn, make) => {
  it.each(Object.entries(ORDERS))('compares what the builtin compares: %s', async (_name, orderOf) => {
    const next = random(20261125);
    for (const length of LENGTHS) {
      for (const [input, inputOf] of Object.entries(INPUTS)) {
        const values = inputOf(length, next);
        if (isTyped(fn) && values.includes(undefined)) continue;
        const native = recorded(orderOf(length));
        const expected = Reflect.apply(fn, make(values), [native.compare]);
        const own = recorded(orderOf(length));
        const actual = await byTwin(fn, make(values), own.compare, length % 10 === 3);
        const isSame = String(own.trace) === String(native.trace) && String(actual) === String(expected);
        expect(isSame, `${input}, length ${length}`).toBe(true);
      }
    }
  });
});
