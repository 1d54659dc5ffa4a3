/**
 * What all copies of this package in a thread have in common: its two builds, one within a bundle, and those of other realms. Jest makes a realm for each test
 * file, with a `globalThis` of its own and modules of its own. Node's modules are the same in all of them, and so are the twins that are linked to their functions.
 */
import asyncHooks from 'node:async_hooks';

const host = asyncHooks as unknown as Record<symbol, unknown>;

/**
 * @param name with the version of the value's shape: copies of other versions of this package may come with another
 * @param make makes the value, for the first copy that asks
 */
export function inCommon<T extends object>(name: string, make: () => T): T {
  const key = Symbol.for(`unblock.${name}`);
  if (!Object.hasOwn(host, key)) Object.defineProperty(host, key, { value: make() });
  return host[key] as T;
}
