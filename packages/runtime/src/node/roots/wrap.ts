/** Wrappers that start the twin of a callback where the event loop or a promise calls it. */
import { outsideScopes } from '../../green/interruption.js';
import { type Callable, SUSPENDED, takeOutermost, twinOf, unbox } from '../../twin/protocol.js';
import { silenceConnectionUntil } from './connections.js';
import { delayEmission } from './listenerOrder.js';
import { settleUncaught } from './uncaught.js';

/** What a wrapper does with the continuation of a twin that suspended; its result is what the wrapper returns. */
export type Settle = (pending: Promise<unknown>, args: readonly unknown[], self: unknown) => unknown;

/** Gives `wrapper` the name and length of the callback that it stands for: frameworks look at them. */
export function dress(wrapper: Callable, callback: Callable): Callable {
  for (const key of ['name', 'length'] as const) {
    const own = Object.getOwnPropertyDescriptor(callback, key);
    if (own !== undefined) Object.defineProperty(wrapper, key, own);
  }
  return wrapper;
}

/**
 * A function that calls `twin` as `callback` would have been called, and leaves a suspension to `settle`.
 *
 * @param isAwaited whether the code that handed the callback over may wait for its end: limits on that code hold for it, too
 */
function starter(callback: Callable, twin: Callable, settle: Settle, isAwaited: boolean): Callable {
  return dress(function (this: unknown, ...args: unknown[]): unknown {
    const result: unknown = isAwaited ? Reflect.apply(twin, this, args) : outsideScopes(twin, this, args);
    if (result !== SUSPENDED) return result;
    const pending = takeOutermost();
    // Before what the arguments emit: the next listener may have to attach its own.
    if (!isAwaited) delayEmission(pending);
    // An error of the listener comes before what the connection tells.
    const settled = settle(pending, args, this);
    silenceConnectionUntil(args, pending);
    return settled;
  }, callback);
}

/** {@link starter} for callbacks that have a twin; any other value is returned as it is. */
export function started(value: unknown, settle: Settle, isAwaited = false): unknown {
  const twin = twinOf(value);
  return twin === undefined ? value : starter(value as Callable, twin, settle, isAwaited);
}

/**
 * `value` for a place that calls it from the event loop and ignores its result. Emitters find the original under `listener`, should
 * the callback end up as a listener: `server.off('request', handler)`.
 */
export function uncaughtCallback(value: unknown): unknown {
  const callback = started(value, settleUncaught);
  return callback === value ? value : asListener(callback as Callable, value as Callable);
}

/** Marks `wrapper` as standing for `listener`, by the convention of EventEmitter's own `once`. */
export function asListener(wrapper: Callable, listener: Callable): Callable {
  return Object.defineProperty(wrapper, 'listener', { value: listener, configurable: true, writable: true });
}

/**
 * `fn` for a place that awaits what it returns, such as a test body.
 *
 * @returns where `fn` has a twin, a function of the same name and length that returns a promise when the twin suspends and the
 *   result otherwise; else `fn`
 */
export function asyncCallback<T>(fn: T): T {
  return started(fn, (pending) => pending.then(unbox), true) as T;
}

/** {@link asyncCallback} for test bodies: those that take a `done` callback must not return a promise. */
export function testBody<T>(fn: T): T {
  return started(fn, (pending, args) => {
    const done = args.at(-1);
    const isTaken = (fn as Callable).length >= args.length;
    if (typeof done !== 'function' || !isTaken || isTestContext(done)) return pending.then(unbox);
    pending.then(undefined, (error) => done(error));
    return undefined;
  }) as T;
}

/** Vitest hands every body an object that describes the test, which is a function that throws. */
function isTestContext(value: object): boolean {
  return 'task' in value;
}

/** Replaces an argument that is a callback, or returns it as it is. */
export type Replace = (value: unknown) => unknown;

/** Which arguments a registering function takes callbacks in; see the catalogue of roots. */
export type Positions = 'last' | 'all' | readonly number[];

function replaceDeep(value: unknown, replace: Replace): unknown {
  return Array.isArray(value) ? value.map((item) => replaceDeep(item, replace)) : replace(value);
}

/** `args` with the callbacks at `positions` replaced. */
export function replaceCallbacks(args: readonly unknown[], positions: Positions, replace: Replace): unknown[] {
  if (positions === 'all') return args.map((arg) => replaceDeep(arg, replace));
  const replaced = [...args];
  for (const at of positions === 'last' ? [args.length - 1] : positions) {
    if (typeof replaced[at] === 'function') replaced[at] = replace(replaced[at]);
  }
  return replaced;
}

/**
 * An adapter of `original`, a function or a class, that replaces the callbacks at `positions`.
 *
 * @param prepare is told what `original` has made, where a callback was replaced
 */
export function adapter(
  original: Callable,
  positions: Positions,
  replace: Replace,
  prepare?: (made: unknown) => void,
): Callable {
  return function self(this: unknown, ...args: unknown[]): unknown {
    const replaced = replaceCallbacks(args, positions, replace);
    const made =
      new.target === undefined
        ? Reflect.apply(original, this, replaced)
        : Reflect.construct(original, replaced, new.target === self ? original : new.target);
    if (prepare !== undefined && replaced.some((value, at) => value !== args[at])) prepare(made);
    return made;
  };
}
