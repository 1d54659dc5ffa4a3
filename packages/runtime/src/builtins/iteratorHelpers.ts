/**
 * Twins of the lazy methods of iterators (ECMA-262, 27.1.4): `map`, `filter`, `flatMap`, `take`, `drop`.
 *
 * A twin makes a helper of the language's own, whose source and callback are stand-ins. Whoever calls its `next` synchronously runs what the
 * program wrote. The twin of `next` first does everything that the helper is going to ask for, and awaits it; then it calls the helper, and
 * the stand-ins answer with the outcomes. So all that can be observed of a helper is the language's own doing.
 */

import { isObject } from '../twin/objects.js';
import { type Callable, linkTwin, twinOf } from '../twin/protocol.js';
import { call, run, type Steps } from '../twin/steps.js';
import { hasTwinnedNext, iteratorPrototype } from './iterators.js';

type Outcome = { readonly value: unknown } | { readonly error: unknown };

/** An iterator with its `next`, which is read once. */
interface Source {
  readonly iterator: object;
  readonly next: Callable;
}

/** Makes what the helper gets of what the callback has returned. */
type Make = (helper: Helper, value: unknown) => unknown;

interface Helper {
  /** Awaits what one call of `next` is going to ask for. */
  readonly prepare: Prepare;
  readonly make: Make;
  readonly source: () => Source;
  /** The callback, for methods that have one. */
  readonly callback: Callable | undefined;
  /** What the stand-ins answer with, in the order in which they are asked. */
  readonly outcomes: Outcome[];
  /** Calls of the callback so far. */
  index: number;
  /** Items that `take` may still give, or `drop` has still to leave out. */
  remaining: number;
  /** What `flatMap` is in the middle of. */
  inner: Source | undefined;
  isDone: boolean;
  isBusy: boolean;
  /** Callers of `next` that wait while another one is suspended. */
  readonly waiting: (() => void)[];
}

/** In place of an item or a result: the source has ended. */
const END = Symbol('end');
/** The same: what the helper is going to get ends it with an error. */
const BROKEN = Symbol('broken');

function isItem(value: unknown): boolean {
  return value !== END && value !== BROKEN;
}

type Prepare = (helper: Helper) => Steps<void>;

const PREPARE: Readonly<Record<string, Prepare>> = {
  *map(helper) {
    const item = yield* pull(helper, helper.source());
    if (isItem(item)) yield* invoke(helper, item);
  },
  *filter(helper) {
    for (;;) {
      const item = yield* pull(helper, helper.source());
      if (!isItem(item)) return;
      const keeps = yield* invoke(helper, item);
      if (keeps === BROKEN || keeps) return;
    }
  },
  *flatMap(helper) {
    for (;;) {
      if (helper.inner !== undefined) {
        if ((yield* pull(helper, helper.inner)) !== END) return;
        helper.inner = undefined;
      }
      const item = yield* pull(helper, helper.source());
      if (!isItem(item) || (yield* invoke(helper, item)) === BROKEN || helper.inner === undefined) return;
    }
  },
  *take(helper) {
    if (helper.remaining > 0) yield* pull(helper, helper.source());
  },
  *drop(helper) {
    for (let left = helper.remaining; left >= 0; left--) {
      if (!isItem(yield* pull(helper, helper.source()))) return;
    }
  },
};

/** Prepares the next result of a source. */
function* pull({ outcomes }: Helper, { iterator, next }: Source): Steps {
  try {
    const result = read(yield* call(next, iterator, []));
    outcomes.push({ value: result });
    if (!isObject(result)) return BROKEN;
    const { done, value } = result as IteratorResult<unknown>;
    return done ? END : value;
  } catch (error) {
    outcomes.push({ error });
    return BROKEN;
  }
}

/** A result whose properties have been read, once and in order; what is no result as it is, for the helper to complain of. */
function read(result: unknown): unknown {
  if (!isObject(result)) return result;
  const { done } = result as { done?: unknown };
  return done ? { done: true, value: undefined } : { done: false, value: (result as { value?: unknown }).value };
}

/** Prepares the next call of the callback. */
function* invoke(helper: Helper, item: unknown): Steps {
  const { callback, outcomes, make } = helper;
  try {
    const value = make(helper, yield* call(callback as Callable, undefined, [item, helper.index++]));
    outcomes.push({ value });
    return value;
  } catch (error) {
    outcomes.push({ error });
    return BROKEN;
  }
}

function answer(outcome: Outcome): unknown {
  if ('error' in outcome) throw outcome.error;
  return outcome.value;
}

/** Asks a source as it was written, or answers with what has been prepared. */
function step(helper: Helper, { iterator, next }: Source): unknown {
  const outcome = helper.outcomes.shift();
  return outcome === undefined ? read(Reflect.apply(next, iterator, [])) : answer(outcome);
}

/** The `return` of an iterator, as a stand-in has it. */
function returnOf(iterator: object): unknown {
  const { return: end } = iterator as { return?: unknown };
  return typeof end === 'function' ? () => Reflect.apply(end, iterator, []) : end;
}

/** Stands in for the iterator whose method was called. */
function sourceStandIn(helper: Helper, source: () => Source): object {
  return {
    next() {
      const result = step(helper, source());
      if (helper.remaining > 0) helper.remaining--;
      return result;
    },
    get return() {
      // Helpers ask for it when they end.
      helper.isDone = true;
      return returnOf(source().iterator);
    },
  };
}

/** What `flatMap` iterates over in place of what the callback has returned. Values that cannot be iterated are left to it to complain of. */
function flattened(helper: Helper, value: unknown): unknown {
  if (!isObject(value)) return value;
  const method = (value as { [Symbol.iterator]?: unknown })[Symbol.iterator];
  if (method !== undefined && method !== null && typeof method !== 'function') return { [Symbol.iterator]: method };
  const iterator = typeof method === 'function' ? Reflect.apply(method, value, []) : value;
  if (!isObject(iterator)) return { [Symbol.iterator]: () => iterator };
  const inner: Source = { iterator, next: (iterator as { next: Callable }).next };
  helper.inner = inner;
  return {
    next() {
      const result = step(helper, inner);
      const isLast = isObject(result) && (result as IteratorResult<unknown>).done === true;
      if (isLast && helper.inner === inner) helper.inner = undefined;
      return result;
    },
    get return() {
      return returnOf(inner.iterator);
    },
  };
}

/** Stands in for the callback. */
function callbackStandIn(helper: Helper, callback: Callable, make: Make): Callable {
  return (item: unknown, index: number): unknown => {
    helper.index = index + 1;
    const outcome = helper.outcomes.shift();
    return outcome === undefined ? make(helper, Reflect.apply(callback, undefined, [item, index])) : answer(outcome);
  };
}

/** The twin of a helper's `next`. */
function* advance(iterator: object, helper: Helper, next: Callable): Steps {
  while (helper.isBusy) {
    yield new Promise<void>((resolve) => {
      helper.waiting.push(resolve);
    });
  }
  helper.isBusy = true;
  try {
    if (!helper.isDone) yield* helper.prepare(helper);
    const result = Reflect.apply(next, iterator, []) as IteratorResult<unknown>;
    if (result.done) helper.isDone = true;
    return result;
  } catch (error) {
    helper.isDone = true;
    throw error;
  } finally {
    helper.outcomes.length = 0;
    helper.isBusy = false;
    helper.waiting.shift()?.();
  }
}

export function installIteratorHelpers(): void {
  const prototype = iteratorPrototype();
  const sample = prototype?.map?.call([].values(), () => undefined) as object | undefined;
  if (prototype === undefined || sample === undefined) return;
  const helpers = new WeakMap<object, Helper>();
  for (const [name, prepare] of Object.entries(PREPARE)) {
    const original = prototype[name];
    if (original === undefined) continue;
    const takesCallback = name !== 'take' && name !== 'drop';
    const make: Make = name === 'flatMap' ? flattened : (_, value) => value;
    linkTwin(original, function (this: unknown, ...args: unknown[]): unknown {
      const [first] = args;
      const isTwinned = twinOf(first) !== undefined;
      if (!isObject(this) || (takesCallback && typeof first !== 'function') || (!isTwinned && !hasTwinnedNext(this))) {
        return Reflect.apply(original, this, args);
      }
      let source: Source = { iterator: this, next: original };
      const helper: Helper = {
        prepare,
        make,
        source: () => source,
        callback: takesCallback ? (first as Callable) : undefined,
        outcomes: [],
        index: 0,
        remaining: takesCallback ? 0 : Math.trunc(Number(first)),
        inner: undefined,
        isDone: false,
        isBusy: false,
        waiting: [],
      };
      const made = Reflect.apply(original, sourceStandIn(helper, helper.source), [
        takesCallback ? callbackStandIn(helper, first as Callable, make) : helper.remaining,
      ]) as object;
      // Read behind the checks of the arguments, as the method itself does.
      source = { iterator: this, next: (this as { next: Callable }).next };
      helpers.set(made, helper);
      return made;
    });
  }
  const { next } = Object.getPrototypeOf(sample) as { next: Callable };
  linkTwin(next, function (this: object, ...args: unknown[]): unknown {
    const helper = isObject(this) ? helpers.get(this) : undefined;
    return helper === undefined ? Reflect.apply(next, this, args) : run(advance(this, helper, next));
  });
}
