/**
 * `yield*` of an async generator does over what `asyncDelegated` makes of an iterable what it does over the iterable itself: in the same turns of
 * the microtask queue where nothing suspends, and apart from these where each method of the iterator does.
 */
import { describe, expect, it } from 'vitest';
import { asyncDelegated } from '../../src/twin/asyncDelegation.js';
import { link } from '../../src/twin/link.js';
import { box } from '../../src/twin/protocol.js';

type Method = (...args: never[]) => unknown;
/** What an iterator has: methods, or values that are none. */
type Members = Readonly<Record<string, unknown>>;

const item = (value: unknown = 1) => ({ done: false, value });
const rejected = (reason: string) => {
  const promise = Promise.reject(new Error(reason));
  // Async iterators hand it on to whoever takes items, and those here only look at it.
  promise.catch(() => {});
  return promise;
};
const failing = (reason: string) => () => {
  throw new Error(reason);
};

const ITERATORS: Readonly<Record<string, Members>> = {
  'goes on': { next: () => item(), return: (value: unknown) => ({ done: true, value }), throw: () => item('thrown') },
  'has an end': { next: (value: unknown) => ({ done: value === 'second', value: Promise.resolve('inner') }) },
  'has nothing else': { next: () => item() },
  'has null for methods': { next: () => item(), return: null, throw: null },
  'has methods that are none': { next: () => item(), return: 5, throw: 5 },
  'has a next that is none': { next: 5, return: () => ({}) },
  'rejects an item': { next: () => item(rejected('item')), return: () => ({}) },
  'rejects its result': { next: () => ({ done: true, value: rejected('result') }), return: () => ({}) },
  throws: { next: failing('next'), return: () => ({}) },
  'gives no result': { next: () => 5, return: () => 5, throw: () => 5 },
  'fails at throw': { next: () => item(), return: () => ({}), throw: failing('throw') },
  'rejects at throw': { next: () => item(), return: () => ({}), throw: () => item(rejected('throw')) },
  'ends at throw': { next: () => item(), throw: () => ({ done: true, value: Promise.resolve('end') }) },
  'fails at return': { next: () => item(), return: failing('return') },
  'rejects at return': { next: () => item(), return: () => item(rejected('return')) },
  'goes on at return': { next: () => item(), return: (value: unknown) => item(Promise.resolve(value)) },
  'fails where it is closed': { next: () => item(rejected('item')), return: failing('return') },
  'has a done that throws': { next: () => Object.defineProperty(item(), 'done', { get: failing('done') }) },
  'has a value that throws': {
    next: () => Object.defineProperty(item(), 'value', { get: failing('value') }),
    return: () => ({}),
  },
  'has a promise that tells no constructor': {
    next: () => item(Object.defineProperty(Promise.resolve(), 'constructor', { get: failing('constructor') })),
    return: () => ({}),
  },
};

/** A result, without what a promise in it may refuse to tell. */
const told = ({ done, value }: IteratorResult<unknown>) => [done, value instanceof Promise ? 'a promise' : value];

/** An error; what it says of something that is not callable depends on the text of the program. */
const message = (error: unknown) =>
  String(error).replace(/^TypeError: .* is not (a function|async iterable)$/, 'TypeError: not callable');

/** What is done with the generator, by name. */
const USES: Readonly<Record<string, (generator: AsyncGenerator, log: (entry: unknown) => void) => Promise<unknown>>> = {
  takes: async (generator, log) => {
    log(told(await generator.next('first')));
    log(told(await generator.next('second')));
    log(told(await generator.next('third')));
  },
  throws: async (generator, log) => {
    log(told(await generator.next()));
    log(told(await generator.throw(new Error('thrown'))));
    log(told(await generator.next('after')));
  },
  returns: async (generator, log) => {
    log(told(await generator.next()));
    log(told(await generator.return(Promise.resolve('returned'))));
    log(told(await generator.next('after')));
  },
};

const FORMS = ['a plain iterator', 'an async iterator', 'an async iterator with promises'] as const;

/** An iterable whose members tell when they are read and called. */
function iterableOf(members: Members, form: string, log: (entry: unknown) => void, suspends: boolean): object {
  const may = (fn: Method): Method =>
    suspends
      ? link(fn, async function (this: unknown, ...args: never[]) {
          await new Promise(setImmediate);
          return box(Reflect.apply(fn, this, args));
        })
      : fn;
  const target = Object.create(null) as object;
  for (const [name, member] of Object.entries(members)) {
    const called = may(function (this: unknown, ...args: unknown[]) {
      log([name, this === iterator, args.map(String)]);
      const result: unknown = (member as (...args: unknown[]) => unknown)(...args);
      return form === 'an async iterator with promises' ? Promise.resolve(result) : result;
    });
    const value = typeof member === 'function' ? called : member;
    Object.defineProperty(target, name, { get: () => value });
  }
  const iterator: object = new Proxy(target, {
    get(from, key, receiver) {
      log(['get', key]);
      return Reflect.get(from, key, receiver) as unknown;
    },
  });
  const key = form === 'a plain iterator' ? Symbol.iterator : Symbol.asyncIterator;
  const make = may(() => {
    log('made');
    return iterator;
  });
  return { [key]: make };
}

async function trace(
  delegated: (iterable: object) => unknown,
  members: Members,
  form: string,
  use: (typeof USES)[string],
  suspends = false,
): Promise<unknown[]> {
  const entries: unknown[] = [];
  let turn = 0;
  let isOver = false;
  const counting = (async () => {
    for (; !isOver && !suspends && turn < 100; turn++) await undefined;
  })();
  const log = (entry: unknown) => entries.push(suspends ? entry : [turn, entry]);
  async function* generator() {
    try {
      const given = delegated(iterableOf(members, form, log, suspends)) as AsyncIterable<unknown>;
      log(['result', yield* given]);
      return 'end';
    } catch (error) {
      log(['caught', message(error)]);
      throw error;
    }
  }
  try {
    await use(generator(), log);
  } catch (error) {
    log(['failed', message(error)]);
  }
  isOver = true;
  await counting;
  return entries;
}

const withoutTurns = (entries: unknown[]) => entries.map((entry) => (entry as unknown[])[1]);

describe.each(FORMS)('%s', (form) => {
  describe.each(Object.entries(ITERATORS))('that %s', (_, members) => {
    it.each(Object.entries(USES))('%s', async (_, use) => {
      const original = await trace((iterable) => iterable, members, form, use);
      expect(await trace(asyncDelegated, members, form, use)).toEqual(original);
      // What suspends is not counted in turns.
      expect(await trace(asyncDelegated, members, form, use, true)).toEqual(withoutTurns(original));
    });
  });
});

const OTHERS: Readonly<Record<string, () => unknown>> = {
  nothing: () => undefined,
  null: () => null,
  'a number': () => 5,
  'an object': () => ({}),
  'what gives no iterator': () => ({ [Symbol.iterator]: () => 5 }),
  'what gives no async iterator': () => ({ [Symbol.asyncIterator]: () => 5 }),
  'a method that is none': () => ({ [Symbol.asyncIterator]: 5, [Symbol.iterator]: () => [].values() }),
  'an array': () => [Promise.resolve('a'), 'b'],
  'a string': () => 'ab',
  'a generator': function* () {
    yield 'a';
    return Promise.resolve('b');
  },
};

it.each(Object.entries(OTHERS))('%s', async (_, make) => {
  const run = async (delegated: (iterable: unknown) => unknown) => {
    const entries: unknown[] = [];
    async function* generator() {
      const given = delegated(make()) as AsyncIterable<unknown>;
      yield* given;
    }
    try {
      for await (const one of generator()) entries.push(one);
    } catch (error) {
      entries.push(String(error));
    }
    return entries;
  };
  expect(await run(asyncDelegated)).toEqual(await run((iterable) => iterable));
});
