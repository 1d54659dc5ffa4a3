/**
 * Functions whose text stands once: an `async` function that is also run for those who cannot wait. They call its original, which runs
 * it to its end at once, because nothing that it calls for them suspends.
 *
 * See docs/decisions/0020-functions-may-be-written-once.md.
 */
import { types } from 'node:util';
import { box, type Callable, linkTwin, SUSPENDED, suspend, take, takeOutermost, twinOf, unbox } from './protocol.js';
import { Run } from './runs.js';
import { type Course, late, nextCourse } from './schedule.js';

/** That of the language: programs may replace it, or the promises that build tools make of `async` functions. */
const { then } = Promise.prototype;

const NONE: unknown = Symbol('none');

/** How far a run has come: it has begun, has waited for something, or has handed on what somebody else may wait for. */
type Phase = 0 | 1 | 2;
const BEGUN: Phase = 0;
const WAITED: Phase = 1;
const HANDED_ON: Phase = 2;

/**
 * One run of a function that is written once. The function gets it before its arguments, as `$`.
 *
 * One is made for each call: its fields are set by the constructor and nowhere else, which V8 does fastest.
 */
export class Once extends Run {
  /** If it has waited, whoever began it has gone on since. */
  declare phase: Phase;
  /** What a call has returned. */
  declare it: unknown;
  /** What it has returned itself. */
  declare value: unknown;
  /**
   * What it has thrown. Its body ends with `catch (e) { throw $.e = e; }`: unlike a call, that is done where the stack has no room left,
   * too.
   */
  declare e: unknown;
  /** As of any other frame. */
  declare turn: unknown;

  constructor(isAwaited: boolean) {
    super(isAwaited);
    this.phase = BEGUN;
    this.it = undefined;
    this.value = undefined;
    this.e = NONE;
    this.turn = undefined;
  }

  /** `($.is(CALL) && $.got(await $.wait()), $.it)` is the result of a call that may suspend. */
  is(result: unknown): boolean {
    this.it = result;
    return result === SUSPENDED;
  }
  wait(): Promise<unknown> {
    this.phase = WAITED;
    return take(this);
  }
  got(result: unknown): void {
    this.it = unbox(result);
  }
  /** `return value` in the body: `return $.box(value)`. */
  box(value: unknown): unknown {
    this.value = value;
    return box(value);
  }
  /** `return CALL` in the body: `return $.is(CALL) ? await $.wait() : $.done()`. */
  done(): unknown {
    return this.box(this.it);
  }
  /** `return CALL` in a body that waits for nothing else, and is no `async` function: `return $.tail(CALL)`. */
  tail(result: unknown): unknown {
    this.phase = HANDED_ON;
    return result;
  }
  /** `this.#m(x)` in the body, where that method is written once: `$.call(this.#mOnce, this, x)`. */
  call(impl: Callable, self: unknown, ...args: readonly unknown[]): unknown {
    return this.isAwaited ? start(impl, self, args) : now(impl, self, args);
  }
}

/** Runs the body to its end, or until it waits for something. Returns what the function does: a promise, unless it waits for nothing. */
function begin(run: Once, impl: Callable, self: unknown, args: ArrayLike<unknown>): unknown {
  switch (args.length) {
    case 0:
      return impl.call(self, run);
    case 1:
      return impl.call(self, run, args[0]);
    case 2:
      return impl.call(self, run, args[0], args[1]);
    case 3:
      return impl.call(self, run, args[0], args[1], args[2]);
    default:
      return Reflect.apply(impl, self, withRun(run, args));
  }
}

/** Without an iterator of arrays, whose `next` may have been replaced by a function that is written once. */
function withRun(run: Once, args: ArrayLike<unknown>): unknown[] {
  const all: unknown[] = [run];
  for (let i = 0; i < args.length; i++) all.push(args[i]);
  return all;
}

/** What the body has returned or thrown without waiting. */
function outcome(run: Once, returned: unknown): unknown {
  if (run.phase === HANDED_ON) return returned;
  if (run.e === NONE) return run.value;
  // Whoever called it gets the error.
  const handle = types.isPromise(returned) ? then : (returned as Promise<unknown>).then;
  Reflect.apply(handle, returned, [undefined, () => {}]);
  throw run.e;
}

/** Runs `impl` for someone who cannot wait: the body of an original is `return now(impl, this, arguments)`. */
export function now(impl: Callable, self: unknown, args: ArrayLike<unknown>): unknown {
  const run = new Once(false);
  return outcome(run, begin(run, impl, self, args));
}

/** What a call for someone who can wait comes to, when the body has returned or waits. */
function begun(run: Once, returned: unknown, course: Course | undefined): unknown {
  if (run.phase === WAITED)
    return suspend(course === 'late' ? late(returned as Promise<unknown>) : (returned as Promise<unknown>));
  return course === 'late' ? suspend(late(settled(run, returned))) : outcome(run, returned);
}

/** Runs `impl` for someone who can wait. */
function start(impl: Callable, self: unknown, args: ArrayLike<unknown>): unknown {
  const course = nextCourse();
  if (course === 'original') return now(impl, self, args);
  const run = new Once(true);
  return begun(run, begin(run, impl, self, args), course);
}

/** A promise of what the body has returned or thrown without waiting itself. */
async function settled(run: Once, returned: unknown): Promise<unknown> {
  const result = outcome(run, returned);
  return result === SUSPENDED ? takeOutermost() : box(result);
}

/**
 * Links `impl`, the only text of a function, to `fn`, its original, which gets its name and length from the source or from `impl`.
 *
 * @returns fn
 */
export function linkOnce<F extends Callable>(fn: F, impl: Callable): F {
  if (twinOf(fn) !== undefined) return fn;
  if (impl.name !== fn.name) Object.defineProperty(impl, 'name', { value: fn.name, configurable: true });
  return linked(fn, impl);
}

/** {@link linkOnce} for function declarations: one after the other, each with its only text. */
export function linkOnes(...pairs: readonly Callable[]): void {
  for (let i = 0; i + 1 < pairs.length; i += 2) linkOnce(pairs[i] as Callable, pairs[i + 1] as Callable);
}

function linked<F extends Callable>(fn: F, impl: Callable): F {
  const length = impl.length - 1;
  if (length !== fn.length) Object.defineProperty(fn, 'length', { value: length, configurable: true });
  // A method, as in `link`; it makes the call itself, as twins there do.
  const form = {
    twin(this: unknown) {
      const course = nextCourse();
      // biome-ignore lint/complexity/noArguments: as in `link`.
      const args = arguments;
      if (course === 'original') return now(impl, this, args);
      const run = new Once(true);
      const { length: given } = args;
      const returned =
        given === 0
          ? impl.call(this, run)
          : given === 1
            ? impl.call(this, run, args[0])
            : given === 2
              ? impl.call(this, run, args[0], args[1])
              : Reflect.apply(impl, this, withRun(run, args));
      return begun(run, returned, course);
    },
  };
  return linkTwin(fn, form.twin);
}

/** An arrow function or a method, from its only text. */
export function once(impl: Callable): Callable {
  return linked(originalOf(impl, impl.name), impl);
}

/** By the number of their parameters: to give a function another `length` takes longer than all the rest. */
const ORIGINALS: readonly ((impl: Callable, key: PropertyKey) => Record<PropertyKey, Callable>)[] = [
  (impl, key) => ({
    [key](this: unknown) {
      // biome-ignore lint/complexity/noArguments: as in `linked`.
      return now(impl, this, arguments);
    },
  }),
  (impl, key) => ({
    [key](this: unknown, _0: unknown) {
      // biome-ignore lint/complexity/noArguments: as in `linked`.
      return now(impl, this, arguments);
    },
  }),
  (impl, key) => ({
    [key](this: unknown, _0: unknown, _1: unknown) {
      // biome-ignore lint/complexity/noArguments: as in `linked`.
      return now(impl, this, arguments);
    },
  }),
];

function originalOf(impl: Callable, key: PropertyKey): Callable {
  const make = ORIGINALS[impl.length - 1] ?? (ORIGINALS[0] as (typeof ORIGINALS)[number]);
  return make(impl, key)[key] as Callable;
}

/** A function expression, from its only text. */
export function onceFunction(impl: Callable): Callable {
  const { name } = impl;
  const made = {
    [name]: function (this: unknown) {
      // biome-ignore lint/complexity/noArguments: as in `linked`.
      return now(impl, this, arguments);
    },
  };
  return linked(made[name] as Callable, impl);
}

/** Puts originals in the place of methods of `target` that are written once. */
export function split(target: object, ...keys: readonly PropertyKey[]): void {
  for (const key of keys) {
    const impl = Object.getOwnPropertyDescriptor(target, key)?.value as Callable;
    Object.defineProperty(target, key, { value: linked(originalOf(impl, key), impl) });
  }
}
