/** Reading what packages export, whichever way they were imported. */
import { type Callable, linkRoot } from '../twin/protocol.js';
import { adapter, type Positions, type Replace } from '../node/roots/wrap.js';

type Bag = Readonly<Record<string, unknown>>;

/** The properties of an object or function; none of anything else. */
export function bag(value: unknown): Bag {
  return (typeof value === 'object' && value !== null) || typeof value === 'function' ? (value as Bag) : {};
}

/** What a package that exports one function or class exports: itself, or `default` of a namespace object. */
export function mainExport(exports: unknown): Callable | undefined {
  for (const candidate of [exports, bag(exports)['default'], bag(bag(exports)['default'])['default']]) {
    if (typeof candidate === 'function') return candidate as Callable;
  }
  return undefined;
}

/** Links adapters to those of `names` that are functions on `owner`. */
export function linkNames(owner: unknown, names: readonly string[], positions: Positions, replace: Replace): void {
  for (const name of names) {
    const fn = bag(owner)[name];
    if (typeof fn === 'function') linkRoot(fn as Callable, adapter(fn as Callable, positions, replace));
  }
}

/** The names that routers have methods for: those of HTTP, in lower case, and `all`. */
export { METHODS } from './methods.js';
