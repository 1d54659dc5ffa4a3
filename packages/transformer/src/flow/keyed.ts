/**
 * What is stored under keys that only running tells: `api[name] = load`. It may be read by any name, of the objects on which it is stored.
 *
 * Where these are known, accesses by name find it. One place for all other objects would make each method of an unknown object a call of
 * everything that is ever stored in this way: what is stored there is only listed, and the report says why it blocks.
 */
import { blockingAt } from '../catalogue/blocking.js';
import { type Graph, isAny } from './graph.js';
import type { Hierarchy } from './hierarchy.js';
import type { Numbering } from './numbering.js';
import type { Arrival, Token } from './tokens.js';

export interface Keyed {
  /** Lets what an object holds under such keys flow into a place, where a property of this name is read. */
  readInto(token: Token, property: string, target: number): void;
  /** Whether values that are read by name from some objects are all stored there in this way, so that the property may as well be another one. */
  explains(receivers: readonly Arrival[], property: string, values: readonly Arrival[]): boolean;
  /** Something is stored on what `object` holds. */
  store(object: number, value: number): void;
  /** A class has such a member. */
  declare(owner: Token, value: number): void;
  /** An object literal is written with such a member, which is none of those that it is written with by name. */
  write(obj: number, value: number): void;
  /** What is stored on one object is stored on another as well. */
  copy(from: number, to: number): void;
  /** The places of what is stored on objects that are not known, or hold too much. */
  strays(): readonly number[];
}

/** Properties that all objects have, or all functions: what is read by these names is theirs. */
const COMMON: ReadonlySet<string> = new Set([
  ...Object.getOwnPropertyNames(Object.prototype),
  ...Object.getOwnPropertyNames(Function.prototype),
  'prototype',
]);

/** Whether a property may have been stored under a key that is no literal: private names and numbers are none. */
function isKey(property: string): boolean {
  return !COMMON.has(property) && !/^(#|@@|\d)/.test(property);
}

/** Whether a value can be called, or leads to something that can: what else is stored under unknown keys says nothing. */
function isWorthHolding(token: Token): boolean {
  if (token.kind !== 'external') return token.kind !== 'generator' && token.kind !== 'step';
  return blockingAt(token.path)?.assumed === undefined && blockingAt(token.path) !== undefined;
}

/** @param exportsOf the place of what a module exports under names that are not known */
export function keyedIn(
  { objectAt }: Numbering,
  { place, edge, watch, watchSingle, add, at }: Graph<Token>,
  hierarchy: Hierarchy,
  exportsOf: (module: number) => number,
): Keyed {
  const stores: { readonly object: number; readonly value: number }[] = [];
  const families = new Set<string>();

  /** The place of what is stored on an object itself; undefined where that is not known. */
  function placeOf(owner: Arrival): number | undefined {
    switch (owner.kind) {
      case 'object':
        return place(`keyed object ${owner.obj}`);
      case 'function':
        return place(`keyed function ${owner.fn}`);
      case 'namespace':
        return exportsOf(owner.module);
      case 'class':
      case 'instance':
        return placeIn(owner.kind, owner.cls);
      default:
        return undefined;
    }
  }
  /** What is stored on objects of a class is read from those of its family: its ancestors and those that extend it. */
  function placeIn(kind: 'class' | 'instance', cls: number): number {
    const key = `${kind} ${cls}`;
    const own = place(`keyed own ${key}`);
    if (families.has(key)) return own;
    families.add(key);
    for (const other of [...hierarchy.lineage(cls), ...hierarchy.descendants(cls)]) {
      edge(own, place(`keyed ${kind} ${other}`));
    }
    return own;
  }
  function hold(value: number, held: number): void {
    watchSingle(value, (token) => {
      if (isWorthHolding(token)) add(held, token);
    });
  }
  function storeOn(owner: Arrival, value: number): void {
    const held = placeOf(owner);
    if (held !== undefined) hold(value, held);
  }

  /** Where a read by name finds what is stored in this way. */
  function placesRead(owner: Arrival, property: string): number[] {
    if (!isKey(property)) return [];
    switch (owner.kind) {
      case 'class':
      case 'instance':
        return [place(`keyed ${owner.kind} ${owner.cls}`)];
      case 'object': {
        const own = place(`keyed object ${owner.obj}`);
        const isWritten = objectAt(owner.obj)?.members.some(({ name }) => name === property) === true;
        return isWritten ? [own] : [own, place(`keyed literal ${owner.obj}`)];
      }
      case 'function':
        return [place(`keyed function ${owner.fn}`)];
      default:
        return [];
    }
  }

  return {
    readInto(token, property, target) {
      for (const found of placesRead(token, property)) edge(found, target);
    },
    explains: (receivers, property, values) =>
      receivers.length > 0 &&
      values.length > 0 &&
      values.every((value) =>
        receivers.some((owner) => placesRead(owner, property).some((found) => at(found).includes(value))),
      ),
    store(object, value) {
      stores.push({ object, value });
      watch(object, (owner) => storeOn(owner, value));
    },
    declare: storeOn,
    write: (obj, value) => hold(value, place(`keyed literal ${obj}`)),
    copy(from, to) {
      watch(from, (source) => {
        const held = source.kind === 'namespace' ? undefined : placeOf(source);
        if (held === undefined) return;
        watch(to, (owner) => storeOn(owner, held));
        if (source.kind !== 'object') return;
        // What a literal has by a name is found by that name; what builtins make has no names.
        const isMade = objectAt(source.obj) === undefined;
        const own = isMade ? `members ${source.obj}` : `keyed literal ${source.obj}`;
        watch(to, (owner) => storeOn(owner, place(own)));
      });
    },
    strays: () =>
      stores.flatMap(({ object, value }) => {
        const owners = at(object);
        const isFound = (held: number | undefined) => held !== undefined && !at(held).some(isAny);
        return owners.length > 0 && owners.every((owner) => isFound(placeOf(owner))) ? [] : [value];
      }),
  };
}
