/** Wrappers that start the twin of a callback where the event loop or a promise calls it. */
import { outsideScopes } from '../../green/interruption.js';
import { type Callable, SUSPENDED, takeOutermost, twinOf, unbox } from '../../twin/protocol.js';
import { silenceConnectionUntil } from './connections.js';
import { keepCallback } from './keptCallback.js';
import { delayEmission } from './listenerOrder.js';
import { settleUncaught } from './uncaught.js';

/** Handles the continuation of a twin that has suspended. The wrapper returns its result. */
export type Settle = (pending: Promise<unknown>, args: readonly unknown[], self: unknown) => unknown;

/** Gives `wrapper` the name and length of the callback that it stands for, because frameworks read them. */
export function dress(wrapper: Callable, callback: Callable): Callable {
  for (const key of ['name', 'length'] as const) {
    const own = Object.getOwnPropertyDescriptor(callback, key);
    if (own !== undefined) Object.defineProperty(wrapper, key, own);
  }
  return wrapper;
}

/**
 * A function that calls `twin` as `callback` would have been called, and calls `settle` if the twin suspends.
 *
 * @param isAwaited whether the code that has passed the callback on may await its result: time limits of that code then hold for the callback, too
 */
function starter(callback: Callable, twin: Callable, settle: Settle, isAwaited: boolean): Callable {
  return dress(function (this: unknown, ...args: unknown[]): unknown {
    const result: unknown = isAwaited ? Reflect.apply(twin, this, args) : outsideScopes(twin, this, args);
    if (result !== SUSPENDED) return result;
    const pending = takeOutermost();
    // First, so that the listeners that follow run before queued events of the arguments, to which they may have to listen.
    if (!isAwaited) delayEmission(pending);
    // Before the connection is silenced, so that an error of the listener is reported before the queued events of the connection.
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
 * `value` for a place that calls it from the event loop and ignores its result. The result has the original as its `listener`, so that `server.off('request', handler)`
 * finds it if the callback ends up as a listener.
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

/** {@link asyncCallback} for test bodies: those that take a `done` callback must not return a promise, and may fail behind a call of it. */
export function testBody<T>(fn: T): T {
  const twin = twinOf(fn);
  if (twin === undefined) return fn;
  const body = fn as Callable;
  return dress(function (this: unknown, ...args: unknown[]): unknown {
    const done = args.at(-1);
    const isTaken = typeof done === 'function' && body.length >= args.length && !isTestContext(done);
    const kept = isTaken ? keepCallback(done as Callable) : undefined;
    const result = Reflect.apply(twin, this, kept === undefined ? args : [...args.slice(0, -1), kept.callback]);
    if (result !== SUSPENDED) {
      kept?.release();
      return result;
    }
    const pending = takeOutermost();
    if (kept === undefined) return pending.then(unbox);
    pending.then(
      () => kept.release(),
      (error) => (done as Callable)(error),
    );
    return undefined;
  }, body) as T;
}

/** Vitest passes an object that describes the test to every body. It is a function, and throws when called. */
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
 * @param prepare is called with the result of `original` if a callback has been replaced
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
