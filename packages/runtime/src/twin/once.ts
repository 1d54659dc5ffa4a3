/**
 * Functions that are written once: an `async` function that also serves callers that cannot wait. These call the original, which runs the `async` function in a way
 * that nothing suspends, so that it ends at once.
 *
 * See docs/decisions/0020-functions-may-be-written-once.md.
 */
import { Call, ended, outcome } from './calls.js';
import { type Callable, linkTwin, twinOf } from './protocol.js';
import { nextCourse } from './schedule.js';

/** One call of a function that is written once. The function gets it before its arguments, as `$`. */
export class Once extends Call {
  constructor(isAwaited: boolean) {
    super(isAwaited, true);
  }

  /** `return CALL` in a body that waits for nothing else, and is no `async` function: `return $.tail(CALL)`. */
  tail(result: unknown): unknown {
    this.returned = result;
    return result;
  }
  /** `this.#m(x)` in the body, where that method is written once: `$.call(this.#mOnce, this, x)`. */
  call(impl: Callable, self: unknown, ...args: readonly unknown[]): unknown {
    return this.isAwaited ? invokeAwaited(impl, self, args) : now(impl, self, args);
  }
}

/** Runs the body to its end, or until it waits. Returns what the function returns, which is a promise unless it is not `async`. */
function invoke(run: Once, impl: Callable, self: unknown, args: ArrayLike<unknown>): unknown {
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

/** Arguments behind `run`. Not by spreading, because the program may have replaced the iterator of arrays by a function that is itself written once. */
function withRun(run: Once, args: ArrayLike<unknown>): unknown[] {
  const all: unknown[] = [run];
  for (let i = 0; i < args.length; i++) all.push(args[i]);
  return all;
}

/** Runs `impl` for a caller that cannot wait: the body of an original is `return now(impl, this, arguments)`. */
export function now(impl: Callable, self: unknown, args: ArrayLike<unknown>): unknown {
  const run = new Once(false);
  invoke(run, impl, self, args);
  return outcome(run);
}

/** Runs `impl` for a caller that can wait. */
function invokeAwaited(impl: Callable, self: unknown, args: ArrayLike<unknown>): unknown {
  const course = nextCourse();
  if (course === 'original') return now(impl, self, args);
  const run = new Once(true);
  return ended(run, invoke(run, impl, self, args), course);
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
      return ended(run, returned, course);
    },
  };
  return linkTwin(fn, form.twin);
}

/** An arrow function or a method, from its only text. */
export function once(impl: Callable): Callable {
  return linked(originalOf(impl, impl.name), impl);
}

/** Makers of originals, by the number of parameters: changing the `length` of a function afterwards takes longer than everything else. */
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
