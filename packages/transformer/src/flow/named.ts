/**
 * What is stored under names on objects that are known: `api.load = load`. Reads by name find it at the place of the name, whatever the
 * object; reads by keys that only running tells find it here, by the object: `api[name]()`.
 *
 * What is stored on an object flows only where something reads the object so. Objects of which the other phases are told nothing are
 * hidden tokens: what `new` makes by a function, which is one with the function's prototype, and `this` of functions that are stored on objects.
 */
import type { FunctionFact, ModuleFacts } from '../facts/facts.js';
import { type Graph, isAny } from './graph.js';
import type { Hierarchy } from './hierarchy.js';
import type { Numbering } from './numbering.js';
import { type Token, keyOf as tokenKey } from './tokens.js';

export interface Named {
  /** Something is stored under a name on what `object` holds. */
  store(object: number, property: string, value: number): void;
  /** An object literal is written with a member. */
  write(obj: number, value: number): void;
  /** Whatever is stored on one object, another may have, too: it is copied, or the object's prototype. */
  inherit(object: number, from: number): void;
  /** Prototypes of functions and classes inherit from those of others. */
  extendBy(object: number, from: number): void;
  /** Lets what is stored under names on a value flow into a place, where any of it is read. */
  readInto(token: Token, target: number): void;
  /** The same for all objects at a place, where one of their properties is read by a key that only running tells. */
  read(object: number, target: number): void;
  /** A place holds what `new` makes by a function. */
  construct(fn: number, made: number): void;
  /** A place holds the prototype of what another holds; stores there are meant for this one. */
  prototype(object: number, target: number): void;
  /** The place of what is meant by a place: of all prototypes that may arrive there, those of its own object. */
  meantBy(object: number): number;
  /** A place holds the object of a module's exports: of all that may arrive there, stores are meant for these. */
  exported(target: number, owners: number): void;
  /** A function is called with what a place holds as its `this`. */
  callWith(fn: number, self: number): void;
}

/** Properties that lead to what nobody reads by an unknown key to call it. */
const STRUCTURAL: ReadonlySet<string> = new Set(['prototype', 'constructor', '__proto__']);

/** What the hidden objects of places that hold too many of them are. */
const ANY_HIDDEN = 'named any';

type Owner = Exclude<Token, { readonly kind: 'external' | 'generator' | 'step' }>;

/** @param load lets any member of an object flow into a place */
export function namedIn(
  modules: readonly ModuleFacts[],
  { functionAt, vertexOf }: Numbering,
  { vertex, place, add, edge, watch, watchSingle, watchHidden, addHidden }: Graph<Token>,
  hierarchy: Hierarchy,
  load: (token: Token, target: number) => void,
): Named {
  /** What is stored on objects that nothing reads by unknown keys yet: the places, when they are needed. */
  const pending = new Map<string, (() => number)[]>();
  const read = new Set<string>();
  /** Functions that are stored on an object and use it as `this`, and the objects that have what it has. */
  const methods = new Map<string, Set<number>>();
  const heirs = new Map<string, Owner[]>();
  /** Where stores on what a place holds are meant for what another holds. */
  const meant = new Map<number, number>();
  const usedSelves = new Set(
    modules.flatMap((facts, module) => [
      ...facts.keyedLoads.map(({ object }) => vertexOf(module, object)),
      ...facts.stores.flatMap(({ object }) => (object === undefined ? [] : [vertexOf(module, object)])),
    ]),
  );

  /** The place of what is stored on an object, which flows there from now on. */
  function placeOf(key: string): number {
    const found = place(key);
    if (read.has(key)) return found;
    read.add(key);
    for (const from of pending.get(key) ?? []) edge(from(), found);
    pending.delete(key);
    return found;
  }
  function storeOn(owner: Owner, value: () => number): void {
    for (const key of isMade(owner) ? [keyOf(owner), ANY_HIDDEN] : [keyOf(owner)]) {
      if (read.has(key)) edge(value(), place(key));
      else append(pending, key, value);
    }
  }
  /** All that an owner may have under any name. */
  function readAny(owner: Token, target: number): void {
    if (isOwner(owner) && isMade(owner)) edge(placeOf(keyOf(owner)), target);
    else load(owner, target);
  }

  function readInto(token: Token, target: number): void {
    if (!isOwner(token)) return;
    if (token.kind !== 'class' && token.kind !== 'instance') {
      edge(placeOf(keyOf(token)), target);
      return;
    }
    const { kind, cls } = token;
    const key = `named family ${keyOf(token)}`;
    const found = place(key);
    edge(found, target);
    if (read.has(key)) return;
    read.add(key);
    // What is stored on an object of a class may be what those have that it extends, and those that extend it.
    for (const other of [...hierarchy.lineage(cls), ...hierarchy.descendants(cls)])
      edge(placeOf(keyOf({ kind, cls: other })), found);
  }

  function self(fn: number): { readonly fact: FunctionFact; readonly vertex: number } {
    const { module, fact } = functionAt(fn);
    return { fact, vertex: vertexOf(module, fact.self) };
  }
  /** The place of a function's `this`, where it depends on the call and somebody asks for it. */
  function selfOf(fn: number): number | undefined {
    const { fact, vertex: found } = self(fn);
    return fact.kind === 'function' && (fact.usesSelf || usedSelves.has(found)) ? found : undefined;
  }
  function addMethod(owner: Owner, fn: number): void {
    const key = keyOf(owner);
    const known = methods.get(key) ?? new Set();
    if (known.has(fn)) return;
    methods.set(key, known.add(fn));
    const held = selfOf(fn);
    if (held !== undefined) addHidden(held, owner);
    for (const heir of heirs.get(key) ?? []) addMethod(heir, fn);
  }
  function inheritFrom(owner: Owner, parent: Token): void {
    let found: number | undefined;
    storeOn(owner, () => {
      if (found === undefined) {
        found = vertex();
        readAny(parent, found);
      }
      return found;
    });
    if (!isOwner(parent)) return;
    append(heirs, keyOf(parent), owner);
    for (const fn of methods.get(keyOf(parent)) ?? []) addMethod(owner, fn);
  }

  function watchOwners(object: number, seen: (owner: Owner) => void): void {
    watchEach(meant.get(object) ?? object, (token) => isOwner(token) && seen(token));
  }
  function watchEach(object: number, seen: (token: Token) => void): void {
    watchSingle(object, seen);
    watchHidden(object, (token) => !isAny(token) && seen(token));
  }
  function watchMethods(value: number, seen: (fn: number) => void): void {
    watchSingle(value, (token) => {
      if (token.kind === 'function' && selfOf(token.fn) !== undefined) seen(token.fn);
    });
  }

  return {
    store(object, property, value) {
      if (property === 'prototype') {
        watchSingle(object, (token) => {
          if (token.kind !== 'function') return;
          const made = madeBy(token.fn);
          watchEach(value, (prototype) => inheritFrom(made, prototype));
          // A literal is the prototype; what functions make may be that of many.
          watchSingle(value, (prototype) => {
            if (prototype.kind === 'object') inheritFrom(prototype, made);
          });
        });
      }
      if (property === '__proto__') {
        watchOwners(object, (owner) => watchEach(value, (prototype) => inheritFrom(owner, prototype)));
      }
      if (STRUCTURAL.has(property)) return;
      const stored = () => value;
      watchOwners(object, (owner) => storeOn(owner, stored));
      watchMethods(value, (fn) => watchOwners(object, (owner) => addMethod(owner, fn)));
    },
    write: (obj, value) => watchMethods(value, (fn) => addMethod({ kind: 'object', obj }, fn)),
    inherit(object, given) {
      const from = meant.get(given) ?? given;
      watchOwners(object, (owner) => {
        watch(from, (token) => {
          if (isAny(token)) storeOn(owner, () => from);
          else inheritFrom(owner, token);
        });
        watchHidden(from, (token) => !isAny(token) && inheritFrom(owner, token));
      });
    },
    extendBy(object, from) {
      watchSingle(object, (token) => {
        const owner = prototypeOf(token);
        if (owner === undefined) return;
        watchSingle(from, (parent) => {
          const inherited = prototypeOf(parent);
          if (inherited !== undefined) inheritFrom(owner, inherited);
        });
      });
    },
    readInto,
    read(object, target) {
      watchSingle(object, (token) => readInto(token, target));
      watchHidden(object, (token) => {
        if (isAny(token)) edge(placeOf(ANY_HIDDEN), target);
        else readAny(token, target);
      });
    },
    construct(fn, made) {
      const token = madeBy(fn);
      addHidden(made, token);
      const { fact, vertex: own } = self(fn);
      if (fact.kind === 'function') addHidden(own, token);
    },
    prototype(object, target) {
      const owners = vertex();
      meant.set(target, owners);
      watchSingle(object, (token) => {
        if (token.kind === 'class') add(owners, { kind: 'instance', cls: token.cls });
        if (token.kind !== 'function') return;
        for (const held of [owners, target]) addHidden(held, madeBy(token.fn));
      });
      watchSingle(target, (token) => {
        if (token.kind === 'external') add(owners, token);
      });
    },
    meantBy: (object) => meant.get(object) ?? object,
    exported(target, owners) {
      meant.set(target, owners);
    },
    callWith(fn, given) {
      const held = selfOf(fn);
      if (held !== undefined) watchEach(given, (token) => isOwner(token) && addHidden(held, token));
    },
  };
}

function isOwner(token: Token): token is Owner {
  return token.kind !== 'external' && token.kind !== 'generator' && token.kind !== 'step';
}

/** The name of the place of what is stored on an object. */
function keyOf(owner: Owner): string {
  return `named ${tokenKey(owner)}`;
}

/** What `new` makes by a function of the program, and the function's prototype: no literal has such an id. */
function madeBy(fn: number): Owner {
  return { kind: 'object', obj: -1 - fn };
}

function prototypeOf(token: Token): Owner | undefined {
  if (token.kind === 'class') return { kind: 'instance', cls: token.cls };
  return token.kind === 'function' ? madeBy(token.fn) : undefined;
}

function isMade(owner: Owner): boolean {
  return owner.kind === 'object' && owner.obj < 0;
}

function append<T>(map: Map<string, T[]>, key: string, value: T): void {
  const found = map.get(key);
  if (found === undefined) map.set(key, [value]);
  else found.push(value);
}
