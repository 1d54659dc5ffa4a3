/** Which accessors of the program a read or a write may run. */
import type { AccessorFact, ModuleFacts } from '../facts/facts.js';
import { isIndex } from '../facts/names.js';
import type { Definition } from './definitions.js';
import { APART, FOREIGN } from './externalPaths.js';
import type { Hierarchy } from './hierarchy.js';
import type { Numbering } from './numbering.js';
import type { Arrival, Token } from './tokens.js';

export type AccessorKind = AccessorFact['kind'];

/** Accessors that an access may run: single functions, and those of every object that has a property of the name. */
export interface Reached {
  readonly functions: ReadonlySet<number>;
  /** All accessors of the name may be meant: see {@link Accessors.named}. */
  readonly byName: boolean;
  /** The receiver may be any of the values that are held in too many places. */
  readonly any: boolean;
}

export interface Accessors {
  /** Whether there are none at all. */
  readonly isEmpty: boolean;
  /** Whether some receiver may have an accessor where a property of this name is accessed. */
  mayReach(kind: AccessorKind, name: string): boolean;
  /** The functions that properties of a name run, whatever the object. */
  named(kind: AccessorKind, name: string): readonly number[];
  /** What reading or writing a property of this name runs; undefined: one whose name is not known. */
  reached(kind: AccessorKind, name: string | undefined, receivers: readonly Arrival[]): Reached;
  /** What copying the own properties of a value runs: the getters of object literals, and those that are defined for them. */
  copied(receivers: readonly Arrival[]): Reached;
  /** All accessors that a value has. */
  heldBy(kind: AccessorKind, token: Token): readonly number[];
  /** Those among them that copying its own properties runs. */
  ownedBy(kind: AccessorKind, token: Token): readonly number[];
  /** Whether a function is an accessor, and of which kind. */
  kindOf(fn: number): AccessorKind | undefined;
  /** Whether only the class itself can reach an accessor. */
  isPrivate(fn: number): boolean;
  /** Accessors of which some access cannot be seen: the language reads the property, or its object or name is not known. */
  readonly unseen: ReadonlySet<number>;
}

interface Named {
  readonly name: string | undefined;
  readonly kind: AccessorKind;
  readonly fn: number;
}

/** Properties that the syntax of the language reads: `await`, `for...of`, `extends`. */
const READ_BY_LANGUAGE: ReadonlySet<string> = new Set([
  ...['then', 'constructor', 'prototype', 'next', 'done', 'return', 'throw'],
]);

const NOTHING: Reached = { functions: new Set(), byName: false, any: false };

/**
 * @param at what a place holds
 * @param exportsOf what a module exports as a whole
 */
export function accessorsIn(
  modules: readonly ModuleFacts[],
  { functionOf, classOf, objectOf, objectAt, classAt }: Numbering,
  hierarchy: Hierarchy,
  definitions: readonly Definition[],
  at: (place: number) => readonly Arrival[],
  exportsOf: (module: number) => readonly Arrival[],
): Accessors {
  const byName = new Map<string, Record<AccessorKind, Set<number>>>();
  const kinds = new Map<number, AccessorKind>();
  const ofClass = new Map<string, Named[]>();
  const ofObject = new Map<number, Named[]>();
  /** What is defined for an object that is known, by the key of its token. */
  const definedFor = new Map<string, Named[]>();
  const definedAs = new Map<string, Named[]>();
  const unseen = new Set<number>();
  const ofPrivateNames = new Set<number>();

  function note({ name, kind, fn }: Named): void {
    kinds.set(fn, kind);
    if (name === undefined) unseen.add(fn);
    else {
      const found = byName.get(name) ?? { get: new Set(), set: new Set() };
      byName.set(name, found);
      found[kind].add(fn);
      if (name.startsWith('#')) ofPrivateNames.add(fn);
      if (READ_BY_LANGUAGE.has(name) || isIndex(name)) unseen.add(fn);
    }
  }
  modules.forEach((facts, module) => {
    for (const { kind, name, fn, owner } of facts.accessors) {
      const accessor = { kind, name, fn: functionOf(module, fn) };
      note(accessor);
      if (owner.kind === 'class') push(ofClass, classKey(classOf(module, owner.index), owner.isStatic), accessor);
      else push(ofObject, objectOf(module, owner.index), accessor);
    }
  });
  for (const { target, key, get, set } of definitions) {
    const owners = at(target);
    for (const accessor of [...list('get', key, get), ...list('set', key, set)]) {
      note(accessor);
      if (key !== undefined) push(definedAs, key, accessor);
      if (owners.length === 0) unseen.add(accessor.fn);
      for (const owner of owners) {
        const id = ownerKey(owner);
        if (id === undefined) unseen.add(accessor.fn);
        else push(definedFor, id, accessor);
      }
    }
  }
  const hasNameless = [...ofClass.values(), ...ofObject.values(), ...definedFor.values()].some((held) =>
    held.some(({ name }) => name === undefined),
  );

  const known = new Map<string, readonly Named[]>();
  /** The accessors of a class, of those that it extends, and of those that extend it. */
  function ofFamily(cls: number, isStatic: boolean): readonly Named[] {
    const key = classKey(cls, isStatic);
    let found = known.get(key);
    if (found === undefined) {
      const family = [...hierarchy.lineage(cls), ...hierarchy.descendants(cls)];
      found = family.flatMap((other) => [
        ...(ofClass.get(classKey(other, isStatic)) ?? []),
        ...(definedFor.get(`${isStatic ? 'class' : 'instance'} ${other}`) ?? []),
      ]);
      known.set(key, found);
    }
    return found;
  }
  /** Whether each object of a class, or what a literal makes, has a property of its own that is no accessor. */
  function hasValue(token: Token, name: string): boolean {
    if (token.kind === 'object') return objectAt(token.obj)?.members.some((member) => member.name === name) === true;
    if (token.kind !== 'class' && token.kind !== 'instance') return false;
    const isStatic = token.kind === 'class';
    return classAt(token.cls).fact.fields.some((field) => field.isStatic === isStatic && field.name === name);
  }
  function own(token: Arrival): readonly Named[] {
    const id = ownerKey(token);
    const defined = id === undefined ? [] : (definedFor.get(id) ?? []);
    return token.kind === 'object' ? [...(ofObject.get(token.obj) ?? []), ...defined] : defined;
  }
  function all(token: Arrival): readonly Named[] {
    if (token.kind === 'class' || token.kind === 'instance') return ofFamily(token.cls, token.kind === 'class');
    return own(token);
  }
  function reachedByName(kind: AccessorKind, name: string, receivers: readonly Arrival[]): Reached {
    const candidates = byName.get(name)?.[kind];
    if ((candidates === undefined || candidates.size === 0) && !hasNameless) return NOTHING;
    const functions = new Set<number>();
    let isOpen = receivers.length === 0;
    const take = (accessors: readonly Named[], wanted: string | undefined) => {
      const found = accessors.filter((accessor) => accessor.kind === kind && accessor.name === wanted);
      for (const { fn } of found) functions.add(fn);
      return found.length > 0;
    };
    const modules = new Set<number>();
    const visit = (token: Arrival): void => {
      if (token.kind === 'namespace') {
        // A module may export itself: `exports.default = module.exports`.
        if (modules.has(token.module)) return;
        modules.add(token.module);
        exportsOf(token.module).forEach(visit);
        return;
      }
      take(definedAs.get(name) ?? [], name);
      take(all(token), undefined);
      if (token.kind === 'any') isOpen = true;
      else if (token.kind === 'external') isOpen ||= isFromElsewhere(token);
      else if (!take(all(token), name)) isOpen ||= !hasValue(token, name);
    };
    receivers.forEach(visit);
    return { functions, byName: isOpen && candidates !== undefined && candidates.size > 0, any: false };
  }

  function collect(
    receivers: readonly Arrival[],
    of: (token: Arrival) => readonly Named[],
    kind: AccessorKind,
  ): Reached {
    const functions = new Set<number>();
    for (const token of receivers)
      for (const accessor of of(token)) if (accessor.kind === kind) functions.add(accessor.fn);
    return { functions, byName: false, any: receivers.some((token) => token.kind === 'any') };
  }

  return {
    isEmpty: kinds.size === 0,
    // What only running names is not private.
    mayReach: (kind, name) => (hasNameless && !name.startsWith('#')) || (byName.get(name)?.[kind].size ?? 0) > 0,
    named: (kind, name) => [...(byName.get(name)?.[kind] ?? [])],
    reached: (kind, name, receivers) =>
      name === undefined ? collect(receivers, all, kind) : reachedByName(kind, name, receivers),
    copied: (receivers) => collect(receivers, own, 'get'),
    heldBy: (kind, token) => functionsOf(all(token), kind),
    ownedBy: (kind, token) => functionsOf(own(token), kind),
    kindOf: (fn) => kinds.get(fn),
    isPrivate: (fn) => ofPrivateNames.has(fn),
    unseen,
  };
}

function functionsOf(accessors: readonly Named[], kind: AccessorKind): number[] {
  return accessors.flatMap((accessor) => (accessor.kind === kind ? [accessor.fn] : []));
}

function list(kind: AccessorKind, name: string | undefined, functions: readonly number[]): Named[] {
  return functions.map((fn) => ({ kind, name, fn }));
}

function isFromElsewhere(token: Token): boolean {
  return token.kind === 'external' && (token.path === FOREIGN || token.path === APART);
}

function classKey(cls: number, isStatic: boolean): string {
  return `${isStatic ? 'static' : 'instance'} ${cls}`;
}

/** Identifies an object of which it is known where it may be; undefined for all others. */
function ownerKey(token: Arrival): string | undefined {
  switch (token.kind) {
    case 'object':
      return `object ${token.obj}`;
    case 'class':
    case 'instance':
      return `${token.kind} ${token.cls}`;
    default:
      return undefined;
  }
}

function push<K>(map: Map<K, Named[]>, key: K, accessor: Named): void {
  const found = map.get(key);
  if (found) found.push(accessor);
  else map.set(key, [accessor]);
}
