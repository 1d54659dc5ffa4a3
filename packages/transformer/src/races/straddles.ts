/**
 * Data flow over one function: which reads of shared state a write depends on, and whether the function may have been suspended in between.
 */
import type { Node } from '@babel/types';
import type { Binding } from './bindings.js';
import { dependenceIn } from './dependence.js';
import type { Block, Call, ControlFlow, Event, Read, Shape, Test } from './events.js';
import { memoised } from './memo.js';
import { isFile } from './model.js';
import type { Path } from './paths.js';
import { NONE, type Sources, union } from './sources.js';
import {
  act,
  type Comparison,
  emptyState,
  FRESH,
  FRESH_ACTED,
  forget,
  fork,
  merge,
  noteOwn,
  noteRead,
  noteVariable,
  STALE,
  STALE_ACTED,
  type State,
  suspend,
  type Taken,
  wait,
} from './straddleState.js';

/** What a call may do to shared state, in terms of the caller. */
export interface Effect {
  /** It may suspend that could not do so in the source. */
  readonly suspends: boolean;
  /** It may suspend, as far as what it calls does: that is not known of each function that it may call. */
  readonly waits: boolean;
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
 * - `restore`: what was read is put back, after something else has been there.
 * - `mixed`: what the function has written for itself is read again, and may have been written by another call meanwhile.
 */
export type StraddleKind = 'update' | 'check' | 'fill' | 'double' | 'drain' | 'restore' | 'mixed';

export interface Straddle {
  readonly kind: StraddleKind;
  readonly read: Read | Call;
  readonly suspension: Call;
  /** The write, or the call that writes. */
  readonly write: { readonly node: Node; readonly path: Path; readonly shape: Shape; readonly by?: Call };
  /** What the path of the read is, for reads by calls. */
  readonly path: Path;
}

export function straddlesIn(
  flow: ControlFlow,
  effectOf: (call: Call) => Effect | undefined,
  comparison: Comparison,
  isGiven: (value: Sources) => boolean,
): Straddle[] {
  const { changes, changesPart } = comparison;
  const calls = flow.blocks.flatMap(({ events }) => events.filter((event) => event.kind === 'call'));
  // Most functions are never suspended.
  const mayWait = calls.some((call) => {
    const effect = effectOf(call);
    return effect !== undefined && (effect.suspends || effect.waits);
  });
  if (!mayWait) return [];
  const written = writtenIn(flow, effectOf);
  /** What nothing in the function changes need not be followed. */
  const isFollowed = ({ path }: Taken) => written.some((write) => changes(write, path) || changesPart(write, path));
  const dependence = dependenceIn(flow);
  /** What the parts of a condition depend on, in the end. */
  const decided = new Map<Test, Set<Taken>>();
  const found: Straddle[] = [];

  const takenBy = memoised((event: Read | Call): readonly Taken[] => {
    if (event.kind === 'read') return [{ event, path: event.path, deep: event.deep }].filter(isFollowed);
    return (effectOf(event)?.returned ?? []).map((path) => ({ event, path, deep: false })).filter(isFollowed);
  });
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
      else for (const [one, was] of state.variables.map.get(source) ?? []) add(one, was && isDirect);
    }
    return all;
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
        const calls = kind === 'drain' ? state.handed : kind === 'restore' ? state.replaced : state.since;
        const suspension = calls.map.get(one);
        if (suspension) report({ kind, read: one.event, suspension, write, path: one.path });
      };
      const mask = (one: Taken) => state.reads.map.get(one) ?? 0;
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
          const drained = [...state.handed.map.keys()].find(
            (one) => mask(one) & STALE && (changes(path, one.path) || changesPart(path, one.path)),
          );
          if (drained !== undefined) straddle('drain', drained);
        } else if (write.by === undefined) {
          const restored = [...resolve(value, state)].find(
            ([one, isDirect]) => isDirect && mask(one) === FRESH_ACTED && changes(path, one.path),
          );
          if (restored !== undefined) straddle('restore', restored[0]);
        }
      }
    }
    act(state, path, comparison);
  }

  function step(state: State, event: Event, block: Block, report?: (straddle: Straddle) => void): void {
    switch (event.kind) {
      case 'read':
        for (const one of takenBy(event)) noteRead(state, one, undefined);
        for (const [write, suspension] of state.own.map) {
          if (suspension === undefined || event.deep || !changes(write.path, event.path)) continue;
          report?.({ kind: 'mixed', read: event, suspension, write, path: event.path });
        }
        return;
      case 'set':
        noteVariable(state, event.binding, resolve(event.value, state));
        return;
      case 'take':
      case 'return':
        return;
      case 'await':
        forget(state);
        return;
      case 'write':
        note(state, block, event, event.value, report);
        if (!isKept(event.path) && isGiven(event.value)) noteOwn(state, event);
        return;
      default: {
        const effect = effectOf(event);
        if (effect === undefined) return;
        const written = (path: Path) => ({ node: event.node, path, shape: 'other' as const, by: event });
        const given = ({ fromArguments, captured }: EffectWrite): Sources =>
          union(fromArguments ? event.args : NONE, new Map(captured.map((binding) => [binding, 'itself'])));
        for (const write of effect.early) note(state, block, written(write.path), given(write), report);
        if (effect.suspends) suspend(state, event, resolve(event.args, state));
        if (effect.suspends || effect.waits) wait(state, event);
        for (const write of effect.late) note(state, block, written(write.path), given(write), report);
        for (const one of takenBy(event)) noteRead(state, one, effect.suspends && isFile(one.path) ? event : undefined);
      }
    }
  }

  const entering = new Map<Block, State>([[flow.entry, emptyState()]]);
  const queue = [flow.entry];
  const queued = new Set(queue);
  for (let block = queue.shift(); block !== undefined; block = queue.shift()) {
    queued.delete(block);
    const state = fork(entering.get(block) as State);
    for (const event of block.events) step(state, event, block);
    for (const test of block.tests) {
      const set = decided.get(test) ?? new Set();
      for (const [one, isDirect] of resolve(test.value, state)) if (isDirect) set.add(one);
      decided.set(test, set);
    }
    for (const to of block.next) {
      const before = entering.get(to);
      const changed = before === undefined ? true : merge(before, state);
      if (before === undefined) entering.set(to, fork(state));
      if (changed && !queued.has(to)) {
        queued.add(to);
        queue.push(to);
      }
    }
  }
  for (const [block, before] of entering) {
    const state = fork(before);
    for (const event of block.events) step(state, event, block, (straddle) => found.push(straddle));
  }
  return found;
}

/** The places to which a function writes, itself or by what it calls. */
function writtenIn({ blocks }: ControlFlow, effectOf: (call: Call) => Effect | undefined): Path[] {
  return blocks.flatMap(({ events }) =>
    events.flatMap((event) => {
      if (event.kind === 'write') return [event.path];
      const { early = [], late = [] } = (event.kind === 'call' ? effectOf(event) : undefined) ?? {};
      return [...early, ...late].map(({ path }) => path);
    }),
  );
}

/** Elements are kept under keys, and files under names, that say whose they are. */
function isKept(path: Path): boolean {
  return isFile(path) || path.steps.some((step) => step.startsWith('['));
}
