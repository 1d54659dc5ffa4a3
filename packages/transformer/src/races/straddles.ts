/**
 * Data flow over one function: which reads of shared state a write depends on, and whether the function may have been suspended in between.
 */
import type { Node } from '@babel/types';
import type { Binding } from './bindings.js';
import { dependenceIn } from './dependence.js';
import type { Block, Call, ControlFlow, Event, Read, Shape, Take, Test, Write } from './events.js';
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
  /** Places that it reads and does not write to, before it can suspend and afterwards. */
  readonly readsEarly: readonly { readonly path: Path }[];
  readonly readsLate: readonly { readonly path: Path }[];
}

export interface EffectWrite {
  readonly path: Path;
  /** What is written depends on the arguments. */
  readonly fromArguments: boolean;
  /** Variables of functions around the called one on which it depends. */
  readonly captured: readonly Binding[];
  /** The call may suspend afterwards. */
  readonly thenSuspends: boolean;
}

/**
 * - `update`: what is written depends on what was read.
 * - `check`: whether it is written does.
 * - `fill`: what was found missing is put in.
 * - `double`: likewise, and it is an object of a class: whoever has got one of them keeps it.
 * - `drain`: what was handed on is then thrown away.
 * - `restore`: what was read is put back, after something else has been there.
 * - `reuse`: a suspended call was handed a number that is then counted on.
 * - `mixed`: what the function has written for itself is read again, and may have been written by another call meanwhile.
 */
export type StraddleKind = 'update' | 'check' | 'fill' | 'double' | 'drain' | 'restore' | 'reuse' | 'mixed';

export interface Straddle {
  readonly kind: StraddleKind;
  readonly read: Read | Take | Call;
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
  const blockOf = memoised((call: Call) => flow.blocks.find(({ events }) => events.includes(call)));
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
  const ownWrites = new Map<EffectWrite, Write>();
  /** A write that a call makes, as one of the function itself. */
  function ownBy({ node }: Call, one: EffectWrite): Write {
    let write = ownWrites.get(one);
    if (write === undefined) {
      write = { kind: 'write', path: one.path, node, value: NONE, shape: 'other' };
      ownWrites.set(one, write);
    }
    return write;
  }
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
  /** What a write makes of what was read before it. */
  function judge(
    state: State,
    block: Block,
    write: Straddle['write'],
    value: Sources,
  ): readonly [StraddleKind, Taken] | undefined {
    const { path, shape, by } = write;
    const mask = (one: Taken) => state.reads.map.get(one) ?? 0;
    const tests = [...dependence(block)].flatMap((at) => at.tests);
    const decisive = tests.flatMap((test) =>
      [...(decided.get(test) ?? [])].flatMap((one) => (changes(path, one.path) && !one.deep ? [{ one, test }] : [])),
    );
    // Who has looked again writes on the strength of that.
    if (decisive.some(({ one }) => mask(one) === FRESH || mask(one) === FRESH_ACTED)) return undefined;
    const values = [...resolve(value, state)].filter(([one]) => changes(path, one.path));
    const given = values.find(([one]) => !one.deep && mask(one) & (STALE | STALE_ACTED));
    if (given !== undefined) return ['update', given[0]];
    const stale = decisive.filter(({ one }) => mask(one) & STALE);
    const [first] = stale;
    if (first !== undefined) {
      const isFill = shape !== 'empty' && shape !== 'literal';
      const asked = stale.every(({ one, test }) => test.ofPresence || one.path.steps.length > path.steps.length);
      return [!isFill || !asked ? 'check' : shape === 'instance' ? 'double' : 'fill', first.one];
    }
    const handed = [...state.handed.map.keys()].filter((one) => mask(one) & STALE);
    const drained =
      shape === 'empty' ? handed.find((one) => changes(path, one.path) || changesPart(path, one.path)) : undefined;
    if (drained !== undefined) return ['drain', drained];
    const counts = shape === 'step' && values.some(([one]) => mask(one) === FRESH);
    const used = counts ? handed.find((one) => !one.deep && changes(path, one.path)) : undefined;
    if (used !== undefined) return ['reuse', used];
    const noted = notedBy(state, write, value);
    if (noted !== undefined) return ['check', noted];
    const restored = values.find(([one, isDirect]) => isDirect && mask(one) === FRESH_ACTED);
    return restored === undefined || by !== undefined ? undefined : ['restore', restored[0]];
  }
  /**
   * A read that decided whether the function was suspended, where a write puts what was compared with it, or a constant, in its place:
   * `if (last !== name) open(name); last = name;`
   */
  function notedBy(state: State, { path, shape }: Straddle['write'], value: Sources): Taken | undefined {
    const isConstant = shape === 'literal' || shape === 'empty';
    for (const [one, mask] of state.reads.map) {
      if (one.deep || !(mask & STALE) || !changes(path, one.path)) continue;
      const suspension = state.since.map.get(one);
      const at = suspension && blockOf(suspension);
      const tests = at === undefined ? [] : [...dependence(at)].flatMap((before) => before.tests);
      const isNoted = (test: Test) => isConstant || [...value.keys()].some((source) => test.value.has(source));
      if (tests.some((test) => decided.get(test)?.has(one) && isNoted(test))) return one;
    }
    return undefined;
  }
  function note(
    state: State,
    block: Block,
    write: Straddle['write'],
    value: Sources,
    report: ((straddle: Straddle) => void) | undefined,
  ): void {
    const [kind, one] = (report && judge(state, block, write, value)) ?? [];
    if (kind !== undefined && one !== undefined) {
      const isOfHanded = kind === 'drain' || kind === 'reuse';
      const calls = isOfHanded ? state.handed : kind === 'restore' ? state.replaced : state.since;
      const suspension = calls.map.get(one);
      if (suspension) report?.({ kind, read: one.event, suspension, write, path: one.path });
    }
    act(state, write.path, comparison);
  }
  /** The function reads a place: what it has written there for itself may be another call's by now. */
  function readOwn(
    state: State,
    read: Straddle['read'],
    path: Path,
    report: ((straddle: Straddle) => void) | undefined,
  ): void {
    for (const [write, suspension] of state.own.map) {
      if (suspension !== undefined && changes(write.path, path))
        report?.({ kind: 'mixed', read, suspension, write, path });
    }
  }

  function step(state: State, event: Event, block: Block, report?: (straddle: Straddle) => void): void {
    switch (event.kind) {
      case 'read':
        for (const one of takenBy(event)) noteRead(state, one, undefined);
        if (!event.deep) readOwn(state, event, event.path, report);
        return;
      case 'set':
        noteVariable(state, event.binding, resolve(event.value, state));
        return;
      case 'take':
        readOwn(state, event, event.path, report);
        return;
      case 'return':
        return;
      case 'await':
        // Nothing but the caller of a generator runs where that yields.
        if (!event.yields) forget(state);
        return;
      case 'write':
        note(state, block, event, event.value, report);
        if (!isKept(event.path) && isGiven(event.value)) noteOwn(state, event);
        return;
      default: {
        const effect = effectOf(event);
        if (effect === undefined) return;
        const given = ({ fromArguments, captured }: EffectWrite): Sources =>
          union(fromArguments ? event.args : NONE, new Map(captured.map((binding) => [binding, 'itself'])));
        const noteAll = (writes: readonly EffectWrite[]) => {
          for (const one of writes) {
            const write = { node: event.node, path: one.path, shape: 'other' as const, by: event };
            note(state, block, write, given(one), report);
          }
        };
        const noteGiven = (writes: readonly EffectWrite[]) => {
          for (const one of writes) if (!isKept(one.path) && isGiven(given(one))) noteOwn(state, ownBy(event, one));
        };
        for (const { path } of [...effect.readsEarly, ...effect.readsLate]) readOwn(state, event, path, report);
        noteAll(effect.early);
        noteGiven(effect.early.filter(({ thenSuspends }) => thenSuspends));
        if (effect.suspends) suspend(state, event, resolve(event.args, state));
        if (effect.suspends || effect.waits) wait(state, event);
        for (const { path } of effect.readsLate) readOwn(state, event, path, report);
        noteAll(effect.late);
        noteGiven([...effect.early.filter(({ thenSuspends }) => !thenSuspends), ...effect.late]);
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

/** Whether a place says whose it is: elements are kept under keys, and files under names. */
export function isKept(path: Path): boolean {
  return isFile(path) || path.steps.some((step) => step.startsWith('['));
}
