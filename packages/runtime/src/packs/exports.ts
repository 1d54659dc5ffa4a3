/** Reading what packages export, whichever way they were imported, and linking adapters to it. */
import http from 'node:http';
import { adapter, type Positions, type Replace } from '../node/roots/wrap.js';
import { type Callable, linkRoot } from '../twin/protocol.js';

/** Names of routing methods: the HTTP methods that the running Node parses, in lower case, and `all`. */
export const METHODS: readonly string[] = [...http.METHODS.map((method) => method.toLowerCase()), 'all'];

/** The properties of an object or function; none of anything else. */
export function bag(value: unknown): Readonly<Record<string, unknown>> {
  return (typeof value === 'object' && value !== null) || typeof value === 'function'
    ? (value as Readonly<Record<string, unknown>>)
    : {};
}

/** What a package that exports one function or class exports: itself, or `default` of a namespace object (or of one inside). */
export function mainExport(exports: unknown): Callable | undefined {
  const inner = bag(exports).default;
  return [exports, inner, bag(inner).default].find((candidate) => typeof candidate === 'function') as
    | Callable
    | undefined;
}

/** Links adapters to those of `names` that are functions on `owner`. */
export function linkNames(owner: unknown, names: readonly string[], positions: Positions, replace: Replace): void {
  for (const name of names) {
    const fn = bag(owner)[name];
    if (typeof fn === 'function') linkRoot(fn as Callable, adapter(fn as Callable, positions, replace));
  }
}
