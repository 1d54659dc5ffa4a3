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

export interface State {
  /** What local variables depend on. */
  readonly variables: Map<Binding, Dependences>;
  readonly reads: Map<Taken, number>;
  /** The first call at which the function may have been suspended since a read. */
  readonly since: Map<Taken, Call>;
  /** Writes of something that the caller gave, and the call at which the function may have been suspended since; undefined: none yet. */
  readonly own: Map<Write, Call | undefined>;
  /** Suspending calls that were handed what was read. */
  readonly handed: Map<Taken, Call>;
}

export interface Comparison {
  /** Whether a write to one place changes what was read at the other. */
  changes(write: Path, read: Path): boolean;
  /** Whether a write to a place below the one that was read as a whole changes that. */
  changesPart(write: Path, read: Path): boolean;
}

export function emptyState(): State {
  return { variables: new Map(), reads: new Map(), since: new Map(), own: new Map(), handed: new Map() };
}

export function copy(state: State): State {
  return {
    variables: new Map(state.variables),
    reads: new Map(state.reads),
    since: new Map(state.since),
    own: new Map(state.own),
    handed: new Map(state.handed),
  };
}

/** @param staleSince the call that reads, where it may suspend after it has read */
export function noteRead(state: State, one: Taken, staleSince: Call | undefined): void {
  state.reads.set(one, staleSince === undefined ? FRESH : STALE);
  if (staleSince === undefined) state.since.delete(one);
  else state.since.set(one, staleSince);
}

/** @param handed what the arguments of the call depend on */
export function suspend(state: State, call: Call, handed: Dependences): void {
  for (const [one, mask] of state.reads) {
    if (mask & (FRESH | FRESH_ACTED)) {
      if (!state.since.has(one)) state.since.set(one, call);
      state.reads.set(
        one,
        (mask & FRESH ? STALE : 0) | (mask & FRESH_ACTED ? STALE_ACTED : 0) | (mask & (STALE | STALE_ACTED)),
      );
    }
    if (handed.has(one)) state.handed.set(one, call);
  }
  for (const [write, since] of state.own) state.own.set(write, since ?? call);
}

/** The function writes to a place. */
export function act(state: State, path: Path, { changes, changesPart }: Comparison): void {
  for (const write of state.own.keys()) if (changes(path, write.path)) state.own.delete(write);
  for (const [one, mask] of state.reads) {
    if (!changes(path, one.path) && !changesPart(path, one.path)) continue;
    state.reads.set(
      one,
      (mask & (FRESH | FRESH_ACTED) ? FRESH_ACTED : 0) | (mask & (STALE | STALE_ACTED) ? STALE_ACTED : 0),
    );
  }
}

/** Adds what is known by another way; whether that is something new. */
export function merge(into: State, from: State): boolean {
  let changed = false;
  for (const [binding, set] of from.variables) {
    const known = into.variables.get(binding);
    if (known === undefined) {
      into.variables.set(binding, set);
      changed ||= set.size > 0;
    } else if ([...set].some(([one, isDirect]) => !known.has(one) || (isDirect && known.get(one) === false))) {
      const all = new Map(known);
      for (const [one, isDirect] of set) all.set(one, isDirect || all.get(one) === true);
      into.variables.set(binding, all);
      changed = true;
    }
  }
  for (const [one, mask] of from.reads) {
    const known = into.reads.get(one) ?? 0;
    if ((known | mask) === known) continue;
    into.reads.set(one, known | mask);
    changed = true;
  }
  for (const [write, call] of from.own) {
    if (into.own.has(write) && (call === undefined || into.own.get(write) !== undefined)) continue;
    into.own.set(write, call);
    changed = true;
  }
  for (const key of ['since', 'handed'] as const) {
    for (const [one, call] of from[key]) {
      if (into[key].has(one)) continue;
      into[key].set(one, call);
      changed = true;
    }
  }
  return changed;
}
