/** Iterators whose `next` may suspend. */
import { types } from 'node:util';
import { activationOf } from '../twin/generators.js';
import { type Callable, twinOf } from '../twin/protocol.js';

const { isProxy } = types;

/** What Node calls `Iterator.prototype`; undefined where it has no iterator helpers (Node 20). */
export function iteratorPrototype(): Record<string, Callable | undefined> | undefined {
  return (globalThis as unknown as { Iterator?: { prototype: Record<string, Callable | undefined> } }).Iterator
    ?.prototype;
}

const generatorNext = Object.getPrototypeOf(function* () {}).prototype.next as Callable;

/** Whether the `next` of an iterator has a twin, found without running a getter or a trap. */
export function hasTwinnedNext(iterator: object): boolean {
  for (let at: object | null = iterator; at !== null; at = Object.getPrototypeOf(at) as object | null) {
    if (isProxy(at)) return false;
    const own = Object.getOwnPropertyDescriptor(at, 'next');
    if (own === undefined) continue;
    return twinOf(own.value) !== undefined && (own.value !== generatorNext || activationOf(iterator) !== undefined);
  }
  return false;
}
