/** Reads and writes of properties that may be accessors which suspend. */
import { types } from 'node:util';
import { callForm } from './calls.js';
import { linkTwins, propertyKey } from './link.js';
import { box, type Callable, SUSPENDED, suspend, take, takeInFrame, twinToCall } from './protocol.js';
import type { Run } from './runs.js';
import { nextCourse } from './schedule.js';
import { run as runSteps, type Steps } from './steps.js';

type Kind = 'get' | 'set';

/**
 * Links the getters of a class, prototype or object to their asynchronous forms.
 *
 * @param target the object whose own getters are linked, by key
 * @param impls an object literal with methods that do what the getters do; see {@link linkTwins}
 * @returns target
 */
export function linkGetters<T extends object>(target: T, impls: object): T {
  linkTwins(target, impls, 'get');
  return target;
}

/** {@link linkGetters} for setters. */
export function linkSetters<T extends object>(target: T, impls: object): T {
  linkTwins(target, impls, 'set');
  return target;
}

/**
 * `o.x` becomes `get(o, "x")`: the twin of the getter is called, or the property is read.
 *
 * @param run the run of the body that contains the access; if it cannot wait, no twin is called
 */
export function get(object: unknown, key: unknown, run?: Run): unknown {
  if (object === null || object === undefined) return missing(() => (object as never)[key as never], get);
  const name = keyOf(key);
  const twin = accessorTwin(object, name, 'get', run);
  return twin === undefined ? (object as Record<PropertyKey, unknown>)[name] : Reflect.apply(twin, object, []);
}

/**
 * `o.x = v` in strict code becomes `set(o, "x", v)`: the twin of the setter is called, or the property is written.
 *
 * @returns v
 */
export function set(object: unknown, key: unknown, value: unknown, run?: Run): unknown {
  return write(object, key, value, true, run);
}

/** {@link set} in sloppy code, where a write that fails is silent. */
export function setSloppy(object: unknown, key: unknown, value: unknown, run?: Run): unknown {
  return write(object, key, value, false, run);
}

function write(object: unknown, key: unknown, value: unknown, isStrict: boolean, run: Run | undefined): unknown {
  if (object === null || object === undefined) {
    return missing(() => ((object as never)[key as never] = value as never), isStrict ? set : setSloppy);
  }
  const name = keyOf(key);
  const twin = accessorTwin(object, name, 'set', run);
  if (twin !== undefined) return written(Reflect.apply(twin, object, [value]), value);
  if (isStrict) (object as Record<PropertyKey, unknown>)[name] = value;
  else Reflect.set(Object(object), name, value, object);
  return value;
}

/** What an assignment evaluates to, whatever its setter returns. */
export function written(result: unknown, value: unknown): unknown {
  return result === SUSPENDED ? suspend(after(take(), box(value))) : value;
}

async function after(pending: Promise<unknown>, value: unknown): Promise<unknown> {
  await pending;
  return value;
}

/** The twin of the getter that `super.x` runs, where `home` is the object that the method belongs to; undefined if there is none. */
export function superGetter(home: object, key: unknown, run?: Run): Callable | undefined {
  return superTwin(home, key, 'get', run);
}

/** {@link superGetter} for setters. */
export function superSetter(home: object, key: unknown, run?: Run): Callable | undefined {
  return superTwin(home, key, 'set', run);
}

function superTwin(home: object, key: unknown, kind: Kind, run: Run | undefined): Callable | undefined {
  const parent: unknown = Object.getPrototypeOf(home);
  return parent === null ? undefined : accessorTwin(parent, keyOf(key), kind, run);
}

/** `o.#x` becomes `getPrivate(o, o.#getX)`, with the method that is the asynchronous form of the getter. */
export function getPrivate(object: unknown, impl: Callable): unknown {
  return callForm(impl, object, [], nextCourse());
}

/** `o.#x = v` becomes `setPrivate(o, v, o.#setX)`; see {@link getPrivate}. */
export function setPrivate(object: unknown, value: unknown, impl: Callable): unknown {
  return written(callForm(impl, object, [value], nextCourse()), value);
}

/** `{ ...o }` becomes `{ ...copy(o) }`: an object with the properties that a spread would make. */
export function copy(source: unknown, run?: Run): unknown {
  return isPlainlyCopied(source) ? source : runSteps(copied(source as object, [], run));
}

/** `{ a, ...rest } = o` becomes `rest = others(o, ["a"])`. */
export function others(source: unknown, excluded: readonly PropertyKey[], run?: Run): unknown {
  return runSteps(copied(Object(source), excluded, run));
}

/** Whether spreading a value is left to the language: primitives have no getters of their own, and a Proxy runs its traps. */
function isPlainlyCopied(source: unknown): boolean {
  if (typeof source !== 'object' || source === null) return typeof source !== 'function';
  return types.isProxy(source);
}

/** The steps of the language's CopyDataProperties. */
function* copied(source: object, excluded: readonly PropertyKey[], run: Run | undefined): Steps<object> {
  const target = {};
  // Read once: a generator that waits for these steps is not running, and its run says that it cannot wait.
  const isAwaited = run?.isAwaited !== false;
  for (const key of Reflect.ownKeys(source)) {
    if (excluded.includes(key)) continue;
    const property = Reflect.getOwnPropertyDescriptor(source, key);
    if (property?.enumerable !== true) continue;
    const read = isAwaited ? get(source, key) : (source as Record<PropertyKey, unknown>)[key];
    const value = read === SUSPENDED ? yield takeInFrame() : read;
    Object.defineProperty(target, key, { value, writable: true, enumerable: true, configurable: true });
  }
  return target;
}

/**
 * The source of a pattern, which may not be null or undefined.
 *
 * @param property the first property that the pattern reads, if V8 names it in its message
 * @param text the source as V8 prints it in its message, if it does
 */
export function destructured<T>(source: T, text?: string, property?: string): NonNullable<T> {
  if (source !== null && source !== undefined) return source;
  const what = property === undefined ? `'${text}'` : `property '${property}' of '${text}'`;
  const error = new TypeError(
    text === undefined ? `Cannot read properties of ${source}` : `Cannot destructure ${what} as it is ${source}.`,
  );
  Error.captureStackTrace?.(error, destructured);
  throw error;
}

/** Makes a failing access throw, and leaves this helper out of the stack of the error. */
function missing(access: () => unknown, helper: Callable): unknown {
  try {
    return access();
  } catch (error) {
    Error.captureStackTrace?.(error as Error, helper);
    throw error;
  }
}

/** Converts a key once, because converting may have effects, or other results the next time. */
function keyOf(key: unknown): PropertyKey {
  return (typeof key === 'object' && key !== null) || typeof key === 'function'
    ? propertyKey(key)
    : (key as PropertyKey);
}

/**
 * The twin of the accessor that an access of `object[key]` runs. Finding it runs no code of the program, so Proxies are not looked into.
 */
function accessorTwin(object: unknown, key: PropertyKey, kind: Kind, run: Run | undefined): Callable | undefined {
  if (run?.isAwaited === false) return undefined;
  for (let at: object | null = Object(object); at !== null; at = Object.getPrototypeOf(at)) {
    // Elements of typed arrays are never looked up in their prototypes.
    if (types.isProxy(at) || (ArrayBuffer.isView(at) && isNumeric(key))) return undefined;
    const property = own(at, key);
    if (property !== undefined) return twinToCall(property[kind]);
  }
  return undefined;
}

function own(object: object, key: PropertyKey): PropertyDescriptor | undefined {
  try {
    return Object.getOwnPropertyDescriptor(object, key);
  } catch {
    // A binding of a module that is not initialised yet. The access itself throws the error.
    return {};
  }
}

function isNumeric(key: PropertyKey): boolean {
  return typeof key === 'number' || (typeof key === 'string' && (key === '-0' || String(Number(key)) === key));
}
