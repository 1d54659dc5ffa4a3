/**
 * Data flow over one function: which reads of shared state a write depends on, and whether the function may have been suspended in between.
 */
import type { Node } from '@babel/types';
import {
  type Block,
  type Call,
  type ControlFlow,
  type Event,
  NONE,
  type Read,
  type Shape,
  type Sources,
  type Test,
  union,
  type Write,
} from './controlFlow.js';
import { dependenceIn } from './dependence.js';
import { isFile } from './model.js';
import type { Binding } from './names.js';
import type { Path } from './paths.js';

/** What a call may do to shared state, in terms of the caller. */
export interface Effect {
  /** It may suspend that could not do so in the source. */
  readonly suspends: boolean;
  /** Places on which it depends what it returns. What is read of files may be out of date by then. */
  readonly returned: readonly Path[];
  /** Writes before it can suspend, and afterwards. */
  readonly early: readonly EffectWrite[];
  readonly late: readonly EffectWrite[];
}

export interface EffectWrite {
  readonly path: Path;
  /** What is written depends on the arguments. */
  readonly fromArguments: boolean;
  /** Variables of functions around the called one on which it depends. */
  readonly captured: readonly Binding[];
}

/**
 * - `update`: what is written depends on what was read.
 * - `check`: whether it is written does.
 * - `fill`: what was found missing is put in.
 * - `double`: likewise, and it is an object of a class: whoever has got one of them keeps it.
 * - `drain`: what was handed on is then thrown away.
 * - `mixed`: what the function has written for itself is read again, and may have been written by another call meanwhile.
 */
export type StraddleKind = 'update' | 'check' | 'fill' | 'double' | 'drain' | 'mixed';

export interface Straddle {
  readonly kind: StraddleKind;
  readonly read: Read | Call;
  readonly suspension: Call;
  /** The write, or the call that writes. */
  readonly write: { readonly node: Node; readonly path: Path; readonly shape: Shape; readonly by?: Call };
  /** What the path of the read is, for reads by calls. */
  readonly path: Path;
}

/** A read that may have taken place: by an event, or by a call at one of the places that it reads. */
interface Taken {
  readonly event: Read | Call;
  readonly path: Path;
  readonly deep: boolean;
}

/**
 * Ways by which control may have come from a read to here, as bits: whether the function was suspended since, and whether it has itself
 * written to the place since and so acted on what it read.
 */
const FRESH = 1;
const STALE = 2;
const FRESH_ACTED = 4;
const STALE_ACTED = 8;

/** Reads on which a value depends; false for those from which a call has computed it. */
type Dependences = ReadonlyMap<Taken, boolean>;

interface State {
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

export function straddlesIn(
  flow: ControlFlow,
  effectOf: (call: Call) => Effect | undefined,
  { changes, changesPart }: Comparison,
  isGiven: (value: Sources) => boolean,
): Straddle[] {
  const dependence = dependenceIn(flow);
  const taken = new Map<Event, Taken[]>();
  /** What the parts of a condition depend on, in the end. */
  const decided = new Map<Test, Set<Taken>>();
  const found: Straddle[] = [];

  function takenBy(event: Read | Call): Taken[] {
    let list = taken.get(event);
    if (list === undefined) {
      list =
        event.kind === 'read'
          ? [{ event, path: event.path, deep: event.deep }]
          : (effectOf(event)?.returned ?? []).map((path) => ({ event, path, deep: false }));
      taken.set(event, list);
    }
    return list;
  }
  const events = new Map<number, Read | Call>(
    flow.blocks.flatMap((block) =>
      block.events.flatMap((event) =>
        event.kind === 'read' || event.kind === 'call' ? [[event.id, event] as const] : [],
      ),
    ),
  );
  function resolve(sources: Sources, state: State): Map<Taken, boolean> {
    const all = new Map<Taken, boolean>();
    const add = (one: Taken, isDirect: boolean) => all.set(one, isDirect || all.get(one) === true);
    for (const [source, how] of sources) {
      const isDirect = how === 'itself';
      if (typeof source === 'number') for (const one of takenBy(events.get(source) as Read | Call)) add(one, isDirect);
      else for (const [one, was] of state.variables.get(source) ?? []) add(one, was && isDirect);
    }
    return all;
  }
  function suspend(state: State, call: Call): void {
    const handed = resolve(call.args, state);
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
  function act(state: State, path: Path): void {
    for (const write of state.own.keys()) if (changes(path, write.path)) state.own.delete(write);
    for (const [one, mask] of state.reads) {
      if (!changes(path, one.path) && !changesPart(path, one.path)) continue;
      state.reads.set(
        one,
        (mask & (FRESH | FRESH_ACTED) ? FRESH_ACTED : 0) | (mask & (STALE | STALE_ACTED) ? STALE_ACTED : 0),
      );
    }
  }
  function note(
    state: State,
    block: Block,
    write: Straddle['write'],
    value: Sources,
    report: ((straddle: Straddle) => void) | undefined,
  ): void {
    const { path, shape } = write;
    if (report !== undefined) {
      const straddle = (kind: StraddleKind, one: Taken): void => {
        const suspension = kind === 'drain' ? state.handed.get(one) : state.since.get(one);
        if (suspension) report({ kind, read: one.event, suspension, write, path: one.path });
      };
      const mask = (one: Taken) => state.reads.get(one) ?? 0;
      const tests = [...dependence(block)].flatMap((at) => at.tests);
      const decisive = tests.flatMap((test) =>
        [...(decided.get(test) ?? [])].flatMap((one) => (changes(path, one.path) && !one.deep ? [{ one, test }] : [])),
      );
      // Who has looked again writes on the strength of that.
      if (!decisive.some(({ one }) => mask(one) === FRESH || mask(one) === FRESH_ACTED)) {
        const given = [...resolve(value, state).keys()].find(
          (one) => !one.deep && mask(one) & (STALE | STALE_ACTED) && changes(path, one.path),
        );
        const stale = decisive.filter(({ one }) => mask(one) & STALE);
        const [first] = stale;
        if (given !== undefined) straddle('update', given);
        else if (first !== undefined) {
          const isFill = shape !== 'empty' && shape !== 'literal';
          const asked = stale.every(({ one, test }) => test.ofPresence || one.path.steps.length > path.steps.length);
          straddle(!isFill || !asked ? 'check' : shape === 'instance' ? 'double' : 'fill', first.one);
        } else if (shape === 'empty') {
          const drained = [...state.handed.keys()].find(
            (one) => mask(one) & STALE && (changes(path, one.path) || changesPart(path, one.path)),
          );
          if (drained !== undefined) straddle('drain', drained);
        }
      }
    }
    act(state, path);
  }

  function step(state: State, event: Event, block: Block, report?: (straddle: Straddle) => void): void {
    switch (event.kind) {
      case 'read':
        for (const one of takenBy(event)) {
          state.reads.set(one, FRESH);
          state.since.delete(one);
        }
        for (const [write, suspension] of state.own) {
          if (suspension === undefined || event.deep || !changes(write.path, event.path)) continue;
          report?.({ kind: 'mixed', read: event, suspension, write, path: event.path });
        }
        return;
      case 'set':
        state.variables.set(event.binding, resolve(event.value, state));
        return;
      case 'take':
      case 'return':
        return;
      case 'await':
        // Who awaits knows that others go on meanwhile.
        state.reads.clear();
        state.own.clear();
        return;
      case 'write':
        note(state, block, event, event.value, report);
        if (!isKept(event.path) && isGiven(event.value)) state.own.set(event, undefined);
        return;
      default: {
        const effect = effectOf(event);
        if (effect === undefined) return;
        const written = (path: Path) => ({ node: event.node, path, shape: 'other' as const, by: event });
        const given = ({ fromArguments, captured }: EffectWrite): Sources =>
          union(fromArguments ? event.args : NONE, new Map(captured.map((binding) => [binding, 'itself'])));
        for (const write of effect.early) note(state, block, written(write.path), given(write), report);
        if (effect.suspends) suspend(state, event);
        for (const write of effect.late) note(state, block, written(write.path), given(write), report);
        for (const one of takenBy(event)) {
          const isStale = effect.suspends && isFile(one.path);
          state.reads.set(one, isStale ? STALE : FRESH);
          if (isStale) state.since.set(one, event);
          else state.since.delete(one);
        }
      }
    }
  }

  const entering = new Map<Block, State>([[flow.entry, emptyState()]]);
  const queue = [flow.entry];
  const queued = new Set(queue);
  for (let block = queue.shift(); block !== undefined; block = queue.shift()) {
    queued.delete(block);
    const state = copy(entering.get(block) as State);
    for (const event of block.events) step(state, event, block);
    let isDecided = false;
    for (const test of block.tests) {
      const set = decided.get(test) ?? new Set();
      for (const [one, isDirect] of resolve(test.value, state)) {
        if (!isDirect) continue;
        if (!set.has(one)) isDecided = true;
        set.add(one);
      }
      decided.set(test, set);
    }
    for (const to of block.next) {
      const before = entering.get(to);
      const changed = before === undefined ? true : merge(before, state);
      if (before === undefined) entering.set(to, copy(state));
      if ((changed || isDecided) && !queued.has(to)) {
        queued.add(to);
        queue.push(to);
      }
    }
  }
  for (const [block, before] of entering) {
    const state = copy(before);
    for (const event of block.events) step(state, event, block, (straddle) => found.push(straddle));
  }
  return found;
}

/** Elements are kept under keys, and files under names, that say whose they are. */
function isKept(path: Path): boolean {
  return isFile(path) || path.steps.some((step) => step.startsWith('['));
}

function emptyState(): State {
  return { variables: new Map(), reads: new Map(), since: new Map(), own: new Map(), handed: new Map() };
}

function copy(state: State): State {
  return {
    variables: new Map(state.variables),
    reads: new Map(state.reads),
    since: new Map(state.since),
    own: new Map(state.own),
    handed: new Map(state.handed),
  };
}

/** Adds what is known by another way; whether that is something new. */
function merge(into: State, from: State): boolean {
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
