/** A loop over what `asyncItems` makes of an iterable takes the turns of the microtask queue that it takes over the iterable itself. */
import { describe, expect, it } from 'vitest';
import { asyncItems, ENDED } from '../../src/twin/asyncIteration.js';
import { link } from '../../src/twin/link.js';
import { box } from '../../src/twin/protocol.js';

type Items = Iterable<unknown> | AsyncIterable<unknown>;

const plain = (close?: unknown): Items => ({
  [Symbol.iterator]() {
    let i = 0;
    return { next: () => ({ done: i >= 2, value: i++ ? Promise.resolve('second') : 'first' }), return: close } as never;
  },
});
const asynchronous = (close?: unknown): Items => ({
  [Symbol.asyncIterator]() {
    let i = 0;
    return { next: async () => ({ done: i >= 2, value: i++ }), return: close } as never;
  },
});

const ITERABLES: Readonly<Record<string, () => Items>> = {
  'an array': () => ['a', Promise.resolve('b')],
  'a string': () => 'ab',
  'a generator': function* () {
    yield 'a';
    yield Promise.resolve('b');
  },
  'an async generator': async function* () {
    yield 'a';
    yield 'b';
  },
  'an iterator': () => plain(),
  'an iterator that is told of its end': () => plain(() => ({ value: Promise.resolve() })),
  'an iterator that fails at its end': () => plain(() => ({ value: Promise.reject(new Error('end')) })),
  'an iterator that cannot be told of its end': () => plain(5),
  'an async iterator': () => asynchronous(),
  'an async iterator that is told of its end': () => asynchronous(async () => ({})),
  'an async iterator that is told of its end at once': () => asynchronous(() => ({})),
  'an async iterator that gives no result': () => asynchronous(() => 5),
  'an iterator whose items are rejected': () => ({
    [Symbol.iterator]: () => ({ next: () => ({ done: false, value: Promise.reject(new Error('item')) }) }) as never,
  }),
  'an iterator that throws': () => ({
    [Symbol.iterator]: () => ({
      next: () => {
        throw new Error('next');
      },
    }),
  }),
  'what gives no iterator': () => ({ [Symbol.iterator]: () => 5 as never }),
  'what gives no async iterator': () => ({ [Symbol.asyncIterator]: () => 5 as never }),
  'what has a method that is none': () =>
    ({ [Symbol.asyncIterator]: null, [Symbol.iterator]: () => [1].values() }) as never,
  nothing: () => null as never,
};

/** What a loop does, and when, by the number of turns that another flow has taken. */
async function trace(iterable: Items, body: (item: unknown) => 'go on' | 'break' | 'throw'): Promise<unknown[]> {
  const done: unknown[] = [];
  let turn = 0;
  let isOver = false;
  const counting = (async () => {
    for (; !isOver && turn < 50; turn++) await undefined;
  })();
  try {
    for await (const item of iterable) {
      done.push([turn, item]);
      const what = body(item);
      if (what === 'break') break;
      if (what === 'throw') throw new Error('body');
    }
  } catch (error) {
    done.push([turn, String(error).replace(/iterable|asyncItems\(.*?\)/, '')]);
  }
  done.push([turn, 'end']);
  isOver = true;
  await counting;
  return done;
}

describe.each(Object.entries(ITERABLES))('%s', (_, make) => {
  it.each(['go on', 'break', 'throw'] as const)('%s', async (what) => {
    expect(await trace(asyncItems(make(), '') as Items, () => what)).toEqual(await trace(make(), () => what));
  });
});

it('what is no iterable is printed', () => {
  expect(() => asyncItems(5, 'five')).toThrow(new TypeError('five is not async iterable'));
});

/** Steps that fail, of an iterator that tells when it is closed. */
const FAILING: Readonly<Record<string, () => unknown>> = {
  throws: () => {
    throw new Error('next');
  },
  'gives no result': () => 5,
  'rejects an item': () => ({ done: false, value: Promise.reject(new Error('item')) }),
  'rejects its result': () => ({ done: true, value: Promise.reject(new Error('result')) }),
};

it.each(Object.entries(FAILING))('an iterator whose step %s, after a suspension, too', async (_, next) => {
  const run = async (suspends: boolean) => {
    const log: unknown[] = [];
    const step = () => next();
    if (suspends) {
      link(step, async () => {
        await new Promise(setImmediate);
        return box(next());
      });
    }
    const iterator = { next: step, return: () => ({ done: log.push('closed') > 0 }) };
    const iterable = { [Symbol.iterator]: () => iterator } as Items;
    try {
      for await (const item of (suspends ? asyncItems(iterable, '') : iterable) as Items) log.push(item);
    } catch (error) {
      log.push(String(error));
    }
    return log;
  };
  expect((await run(true)).map((entry) => (entry === ENDED ? 'ended' : entry))).toEqual(await run(false));
});
