/** What is known where control is in a function: which reads have taken place, and whether it may have been suspended since. */
import type { Binding } from './bindings.js';
import type { Call, Read, Write } from './events.js';
import type { Path } from './paths.js';

/** A read that may have taken place: by an event, or by a call at one of the places that it reads. */
export interface Taken {
  readonly event: Read | Call;
  readonly path: Path;
  readonly deep: boolean;
}

/**
 * Ways by which control may have come from a read to here, as bits: whether the function was suspended since, and whether it has itself
 * written to the place since and so acted on what it read.
 */
export const FRESH = 1;
export const STALE = 2;
export const FRESH_ACTED = 4;
export const STALE_ACTED = 8;

/** Reads on which a value depends; false for those from which a call has computed it. */
export type Dependences = ReadonlyMap<Taken, boolean>;

/** A map that states share until one of them changes it: most of what is known passes through most blocks as it is. */
interface Held<K, V> {
  map: ReadonlyMap<K, V>;
  isShared: boolean;
}

export interface State {
  /** What local variables depend on. */
  readonly variables: Held<Binding, Dependences>;
  readonly reads: Held<Taken, number>;
  /** The first call at which the function may have been suspended since a read. */
  readonly since: Held<Taken, Call>;
  /** Reads behind which the function has put something else there, and the first call since at which it may have been suspended, if any. */
  readonly replaced: Held<Taken, Call | undefined>;
  /** Writes of something that the caller gave, and the call at which the function may have been suspended since; undefined: none yet. */
  readonly own: Held<Write, Call | undefined>;
  /** Suspending calls that were handed what was read. */
  readonly handed: Held<Taken, Call>;
}

export interface Comparison {
  /** Whether a write to one place changes what was read at the other. */
  changes(write: Path, read: Path): boolean;
  /** Whether a write to a place below the one that was read as a whole changes that. */
  changesPart(write: Path, read: Path): boolean;
}

function nothing<K, V>(): Held<K, V> {
  return { map: new Map(), isShared: false };
}

function share<K, V>(held: Held<K, V>): Held<K, V> {
  held.isShared = true;
  return { map: held.map, isShared: true };
}

function set<K, V>(held: Held<K, V>, key: K, value: V): void {
  changeable(held).set(key, value);
}

function remove<K, V>(held: Held<K, V>, key: K): void {
  if (held.map.has(key)) changeable(held).delete(key);
}

function clear<K, V>(held: Held<K, V>): void {
  held.map = new Map();
  held.isShared = false;
}

function changeable<K, V>(held: Held<K, V>): Map<K, V> {
  if (held.isShared) {
    held.map = new Map(held.map);
    held.isShared = false;
  }
  return held.map as Map<K, V>;
}

export function emptyState(): State {
  return {
    variables: nothing(),
    reads: nothing(),
    since: nothing(),
    replaced: nothing(),
    own: nothing(),
    handed: nothing(),
  };
}

/** The same state, to be changed for itself. */
export function fork({ variables, reads, since, replaced, own, handed }: State): State {
  return {
    variables: share(variables),
    reads: share(reads),
    since: share(since),
    replaced: share(replaced),
    own: share(own),
    handed: share(handed),
  };
}

export function noteVariable(state: State, binding: Binding, value: Dependences): void {
  if (value.size === 0) remove(state.variables, binding);
  else set(state.variables, binding, value);
}

/** @param staleSince the call that reads, where it may suspend after it has read */
export function noteRead(state: State, one: Taken, staleSince: Call | undefined): void {
  setMask(state, one, staleSince === undefined ? FRESH : STALE);
  remove(state.replaced, one);
  if (staleSince === undefined) remove(state.since, one);
  else set(state.since, one, staleSince);
}

/** The function writes something that the caller gave. */
export function noteOwn(state: State, write: Write): void {
  set(state.own, write, undefined);
}

/** Who awaits knows that others go on meanwhile. */
export function forget(state: State): void {
  clear(state.reads);
  clear(state.own);
}

/** @param handed what the arguments of the call depend on */
export function suspend(state: State, call: Call, handed: Dependences): void {
  for (const [one, mask] of state.reads.map) {
    if (mask & (FRESH | FRESH_ACTED)) {
      if (!state.since.map.has(one)) set(state.since, one, call);
      setMask(
        state,
        one,
        (mask & FRESH ? STALE : 0) | (mask & FRESH_ACTED ? STALE_ACTED : 0) | (mask & (STALE | STALE_ACTED)),
      );
    }
    if (handed.has(one)) set(state.handed, one, call);
  }
  for (const [write, since] of state.own.map) if (since === undefined) set(state.own, write, call);
}

/** The function calls what may suspend it, or may not. */
export function wait(state: State, call: Call): void {
  for (const [one, known] of state.replaced.map) if (known === undefined) set(state.replaced, one, call);
}

/** The function writes to a place. */
export function act(state: State, path: Path, { changes, changesPart }: Comparison): void {
  for (const write of state.own.map.keys()) if (changes(path, write.path)) remove(state.own, write);
  for (const [one, mask] of state.reads.map) {
    if (changes(path, one.path) && !state.replaced.map.has(one)) set(state.replaced, one, undefined);
    const acted = (mask & (FRESH | FRESH_ACTED) ? FRESH_ACTED : 0) | (mask & (STALE | STALE_ACTED) ? STALE_ACTED : 0);
    if (acted !== mask && (changes(path, one.path) || changesPart(path, one.path))) setMask(state, one, acted);
  }
}

function setMask({ reads }: State, one: Taken, mask: number): void {
  if (reads.map.get(one) !== mask) set(reads, one, mask);
}

/** Adds what is known by another way; whether that is something new. */
export function merge(into: State, from: State): boolean {
  const changes = [
    mergeInto(into.variables, from.variables, unite),
    mergeInto(into.reads, from.reads, (known, mask) => known | mask),
    mergeInto(into.own, from.own, (known, call) => known ?? call),
    mergeInto(into.since, from.since, (known) => known),
    mergeInto(into.replaced, from.replaced, (known, call) => known ?? call),
    mergeInto(into.handed, from.handed, (known) => known),
  ];
  return changes.includes(true);
}

function mergeInto<K, V>(into: Held<K, V>, from: Held<K, V>, both: (known: V, other: V) => V): boolean {
  if (into.map === from.map) return false;
  let changed = false;
  for (const [key, value] of from.map) {
    if (into.map.has(key)) {
      const known = into.map.get(key) as V;
      const united = both(known, value);
      if (united === known) continue;
      set(into, key, united);
    } else set(into, key, value);
    changed = true;
  }
  return changed;
}

/** @returns what is known already, if the other way says nothing new */
function unite(known: Dependences, other: Dependences): Dependences {
  let all: Map<Taken, boolean> | undefined;
  for (const [one, isDirect] of known === other ? [] : other) {
    const before = known.get(one);
    if (before === true || before === isDirect) continue;
    all ??= new Map(known);
    all.set(one, isDirect);
  }
  return all ?? known;
}
