/** Puts functions that take the time in the place of those that block, for the whole process. */
import module from 'node:module';
import { BLOCKING_ROWS, type BlockingRow, keyNamed } from '../catalogue/blocking.js';
import { timeNow } from '../node/clock.js';
import {
  type Callable,
  CONSTRUCTION,
  type Constructor,
  linkRoot,
  linkTwin,
  ROOT,
  rootOf,
  TWIN,
  twinOf,
} from '../twin/protocol.js';
import { originOf } from './callSite.js';
import { type BlockedCall, calls } from './channels.js';
import { TWIN_FORM } from './twinForm.js';

/** Milliseconds from which on a call is told that a twin makes in place: it measures such calls, and avoids those that were slow. */
const TWIN_MS = 10;

/** Calls of one function that were too short to be told one by one. */
export interface ShortCalls {
  count: number;
  /** Milliseconds. */
  total: number;
}

/** By path of the function. */
export const shortCalls = new Map<string, ShortCalls>();

const state = {
  isWatching: false,
  /** Milliseconds from which on a call is told by itself. */
  min: 1,
  /** Functions that are running: what they call in turn is a part of them. */
  depth: 0,
  /** Milliseconds spent in watched functions so far. */
  total: 0,
};

/** Milliseconds that the process has spent in watched functions so far. */
export function timeInCalls(): number {
  return state.total;
}

/**
 * Watches every function of the catalogue from now on. Functions that the program has taken before are not watched. Calling it again does
 * nothing; a function that another copy of this package watches is left to that.
 *
 * @param min milliseconds from which on a call is published by itself
 */
export function watchCalls(min: number): void {
  if (state.isWatching) return;
  state.isWatching = true;
  state.min = min;
  for (const row of BLOCKING_ROWS) if (!LATE.has(moduleOf(row))) watchRow(row);
  watchLateModules();
  module.syncBuiltinESMExports();
}

/** Loading these modules makes Node warn that they are experimental, and most programs do not use them. */
const LATE: ReadonlySet<string> = new Set(['node:sqlite', 'node:wasi']);

/** The module that has a row's function, by its name with the prefix. */
function moduleOf({ path }: BlockingRow): string {
  return `node:${path.slice(0, path.indexOf('.')).replace(/^node:/, '')}`;
}

interface Hooks {
  readonly registerHooks?: (hooks: {
    readonly resolve: (
      specifier: string,
      context: unknown,
      next: (specifier: string, context: unknown) => unknown,
    ) => unknown;
  }) => { readonly deregister: () => void };
}

/** Watches what is loaded late just before the program gets it. Nodes that cannot tell when (before 22.15) leave it unwatched. */
function watchLateModules(): void {
  const awaited = new Set(LATE);
  const hooks = (module as Hooks).registerHooks?.({
    resolve(specifier, context, next) {
      const name = `node:${specifier.replace(/^node:/, '')}`;
      if (module.isBuiltin(specifier) && awaited.delete(name)) {
        for (const row of BLOCKING_ROWS) if (moduleOf(row) === name) watchRow(row);
        module.syncBuiltinESMExports();
        if (awaited.size === 0) hooks?.deregister();
      }
      return next(specifier, context);
    },
  });
}

type Members = Record<string, unknown>;

function watchRow(row: BlockingRow): void {
  if (row.hidden) return;
  const names = row.path.split('.');
  const name = keyNamed(names.pop() as string);
  const [root = '', ...inner] = names;
  const whole: unknown = process.getBuiltinModule(root) ?? (globalThis as unknown as Members)[root];
  const owner = inner.reduce<unknown>((value, key) => (value as Members | undefined | null)?.[key], whole);
  if ((typeof owner !== 'object' && typeof owner !== 'function') || owner === null) return;
  // Node 20 has getters in the places of some functions of fs, until somebody asks for them.
  if (root === 'fs') Reflect.get(owner, name);
  const found = Object.getOwnPropertyDescriptor(owner, name);
  // Node deprecates what it gives out by getters.
  if (found === undefined || typeof found.value !== 'function' || !(found.writable || found.configurable)) return;
  if (Object.hasOwn(found.value, TWIN_FORM)) return;
  Object.defineProperty(owner, name, { ...found, value: watched(row, found.value as Callable) });
}

function watched(row: BlockingRow, original: Callable): Callable {
  const fn = standIn(row, original, { count: 0, total: 0 });
  Object.defineProperty(fn, TWIN_FORM, { value: standIn(row, original, undefined) });
  handOnLinks(original, fn);
  return fn;
}

/**
 * A function that does what `original` does, with the same properties, and tells what it took.
 *
 * @param short where short calls are counted; undefined for what twins call, whose calls in place are meant to be short
 */
function standIn(row: BlockingRow, original: Callable, short: ShortCalls | undefined): Callable {
  const unlessCallback = row.unlessCallback === true;
  const least = short === undefined ? Math.max(state.min, TWIN_MS) : state.min;

  function run(self: unknown, args: IArguments, target: Callable | undefined): unknown {
    if (state.depth > 0 || (unlessCallback && typeof args[args.length - 1] === 'function')) {
      return perform(original, self, args, target);
    }
    state.depth++;
    const started = timeNow();
    try {
      return perform(original, self, args, target);
    } finally {
      const took = timeNow() - started;
      state.depth--;
      state.total += took;
      if (took >= least) tell(row, started, took, fn);
      else if (short !== undefined) {
        if (short.count++ === 0) shortCalls.set(row.path, short);
        short.total += took;
      }
    }
  }

  const fn: Callable = isConstructor(original)
    ? function (this: unknown) {
        const target = new.target as Callable | undefined;
        // biome-ignore lint/complexity/noArguments: forwarding `arguments` unread is free in V8; a rest array is not.
        return run(this, arguments, target === fn ? original : target);
      }
    : {
        method(this: unknown) {
          // biome-ignore lint/complexity/noArguments: as above.
          return run(this, arguments, undefined);
        },
      }.method;
  takeProperties(fn, original);
  return fn;
}

/** Makes a watched call. */
export function perform(original: Callable, self: unknown, args: IArguments, target: Callable | undefined): unknown {
  return target === undefined
    ? Reflect.apply(original, self, args)
    : Reflect.construct(original as unknown as Constructor, args, target);
}

/** Whether `new` takes a function; methods and most natives have no such form. */
function isConstructor(fn: Callable): boolean {
  try {
    Reflect.construct(Object, [], fn);
    return true;
  } catch {
    return false;
  }
}

function takeProperties(fn: Callable, original: Callable): void {
  for (const key of Reflect.ownKeys(fn)) if (key !== 'prototype') Reflect.deleteProperty(fn, key);
  for (const key of Reflect.ownKeys(original)) {
    const property = Object.getOwnPropertyDescriptor(original, key);
    // Links of twins are of the function that they stand for.
    if (property !== undefined && !LINKS.has(key)) Reflect.defineProperty(fn, key, property);
  }
  const prototype: unknown = original.prototype;
  const made =
    typeof prototype === 'object' && prototype !== null
      ? Object.getOwnPropertyDescriptor(prototype, 'constructor')
      : undefined;
  if (made?.value === original) Reflect.defineProperty(prototype as object, 'constructor', { ...made, value: fn });
}

const LINKS: ReadonlySet<PropertyKey> = new Set([TWIN, ROOT, CONSTRUCTION]);

/** The twin and the root adapter of `original`, where they are linked already, for what takes its place. */
function handOnLinks(original: Callable, fn: Callable): void {
  const twin = twinOf(original);
  const root = rootOf(original);
  if (twin !== undefined) linkTwin(fn, forwarder(twin));
  if (root !== undefined) linkRoot(fn, forwarder(root));
}

/** A link is of one function, so that each needs its own. */
function forwarder(linked: Callable): Callable {
  return function (this: unknown) {
    // biome-ignore lint/complexity/noArguments: as above.
    return Reflect.apply(linked, this, arguments);
  };
}

/** @param fn the function on the stack that the program has called */
function tell({ path, category }: BlockingRow, start: number, duration: number, fn: Callable): void {
  if (!calls.hasSubscribers) return;
  const { loading, ...origin } = originOf(fn);
  const call: BlockedCall = { api: loading ? 'require' : path, category, start, duration, ...origin };
  calls.publish(call);
}
