/** What calls of the program's functions do to shared state, in terms of the caller. */
import type { Site } from '../colour/site.js';
import { dependenceIn } from './dependence.js';
import type { Block, Call, ControlFlow, Event } from './events.js';
import { memoised } from './memo.js';
import { changes, type FunctionModel, isFile, type Model } from './model.js';
import { isBinding, isEvent, originsIn } from './origins.js';
import type { Path } from './paths.js';
import type { Sharing } from './sharing.js';
import type { Sources } from './sources.js';
import type { Effect } from './straddles.js';
import { EMPTY, firstOf, isSameSummary, type ReadAt, type Summary, type WriteAt } from './summary.js';
import { targetsOf } from './targets.js';
import { type Caller, translated } from './translate.js';

export interface Summaries {
  effectOf(fn: Caller, call: Call): Effect | undefined;
  /** The functions that a call runs before it returns, if that is known. */
  calleesOf(site: Site): readonly FunctionModel[];
  /** The write that a call makes to a place. */
  writeBehind(fn: Caller, call: Call, path: Path): WriteAt | undefined;
  /** The read of a place that a call makes. */
  readBehind(fn: Caller, call: Call, path: Path): ReadAt | undefined;
}

/** A call of more functions says too little. */
const FEW_TARGETS = 3;
const ROUNDS = 4;

/** What a call does, with where it does it. */
type CallEffect = Effect & Summary;

export interface Summarised {
  readonly model: Model;
  readonly sharing: Sharing;
  readonly flows: ReadonlyMap<number, ControlFlow>;
  readonly suspends: (site: Site) => boolean;
  /** Whether the program writes to a place at all. */
  readonly isWritten: (path: Path) => boolean;
  /** Whether a function of the program writes something to a place that depends on what it has been given. */
  readonly isOwned: (path: Path) => boolean;
}

export function summariesIn({ model, sharing, flows, suspends, isWritten, isOwned }: Summarised): Summaries {
  const summaries = new Map<number, Summary>();
  const siteOf = (fn: Caller, call: Call) => model.siteAt(fn.module, call.node);
  /** By calls: the functions whose summaries say what they do. */
  const consulted = new Map<Call, readonly FunctionModel[]>();

  function callees(site: Site): FunctionModel[] {
    const nodes = [...targetsOf(site, model.colouring), ...site.inline];
    if (nodes.length > FEW_TARGETS) return [];
    return nodes.flatMap((node) => model.functions.get(node) ?? []);
  }
  function isAsync({ coloured }: FunctionModel): boolean {
    return coloured.fact.async;
  }
  function consultedBy(fn: Caller, call: Call): readonly FunctionModel[] {
    let found = consulted.get(call);
    if (found === undefined) {
      const site = siteOf(fn, call);
      const all = site === undefined ? [] : callees(site);
      found = all.filter((callee) => flows.has(callee.id) && !isAsync(callee));
      consulted.set(call, found);
    }
    return found;
  }
  function throughCall(fn: Caller, call: Call): Summary {
    const parts = consultedBy(fn, call).flatMap((callee) => {
      const summary = summaries.get(callee.id) ?? EMPTY;
      return summary === EMPTY ? [] : inTermsOf(fn, call, callee, summary);
    });
    if (parts.length === 0) return EMPTY;
    return {
      returned: parts.flatMap(({ returned }) => returned),
      early: parts.flatMap(({ early }) => early),
      late: parts.flatMap(({ late }) => late),
      readsEarly: parts.flatMap(({ readsEarly }) => readsEarly),
      readsLate: parts.flatMap(({ readsLate }) => readsLate),
    };
  }
  function inTermsOf(fn: Caller, call: Call, callee: FunctionModel, summary: Summary): Summary {
    const own = fn.node && model.functionAt(fn.module, fn.node);
    const ours = (path: Path) => {
      const found = translated(path, callee, fn, call, model);
      return found !== undefined && (isFile(found) || own === undefined || sharing.isShared(own, found))
        ? found
        : undefined;
    };
    const all = <T extends { readonly path: Path }>(list: readonly T[]) =>
      list.flatMap((one) => {
        const path = ours(one.path);
        return path === undefined ? [] : [{ ...one, path }];
      });
    return {
      returned: summary.returned.flatMap((path) => ours(path) ?? []),
      early: all(summary.early),
      late: all(summary.late),
      readsEarly: all(summary.readsEarly),
      readsLate: all(summary.readsLate),
    };
  }

  function summarise(fn: FunctionModel, flow: ControlFlow): Summary {
    const through = memoised((call: Call) => throughCall(fn, call));
    const isConcerned = (event: Event) =>
      event.kind === 'read' ||
      event.kind === 'take' ||
      event.kind === 'write' ||
      (event.kind === 'call' && through(event) !== EMPTY);
    if (!flow.blocks.some(({ events }) => events.some(isConcerned))) return EMPTY;
    const returned = new Set<Path>();
    const early: WriteAt[] = [];
    const late: WriteAt[] = [];
    const readsEarly: ReadAt[] = [];
    const readsLate: ReadAt[] = [];
    const written: Path[] = [];
    const suspended = suspendedIn(flow, (event) => isSuspension(fn, event));
    const suspendsFrom = suspendingIn(flow, (event) => isSuspension(fn, event));
    const suspendsAfter = ({ events, next }: Block, event: Event) =>
      events.slice(events.indexOf(event) + 1).some((later) => isSuspension(fn, later)) ||
      [...next].some((block) => suspendsFrom(block));
    const dependence = dependenceIn(flow);
    const origins = originsIn(fn.node, flow);
    /** The places on which a value depends. */
    const placesOf = memoised((value: Sources) => {
      const events = [...origins(value)].flatMap((origin) => (isEvent(origin) ? origin : []));
      return events.flatMap((event) => (event.kind === 'read' ? [event.path] : through(event).returned));
    });
    const isGiven = (value: Sources) => origins(value).has('parameter');
    const captured = (value: Sources) => [...origins(value)].flatMap((origin) => (isBinding(origin) ? origin : []));
    const decides = memoised(({ tests }: Block) => tests.some((test) => placesOf(test.value).some(isWritten)));
    /** Whether the function itself looks at shared state to decide if it goes there. What nobody changes says the same to all. */
    const looks = memoised((block: Block) => [...dependence(block)].some(decides));

    for (const block of flow.blocks) {
      let isSuspended = suspended.get(block);
      if (isSuspended === undefined) continue;
      for (const event of block.events) {
        if (event.kind === 'return') {
          const tests = [...dependence(block)].flatMap((at) => at.tests);
          for (const value of [event.value, ...tests.map((test) => test.value)])
            for (const path of placesOf(value)) returned.add(path);
        }
        if (event.kind === 'take' || (event.kind === 'read' && !event.deep)) {
          const { path, node } = event;
          if (isOwned(path)) (isSuspended ? readsLate : readsEarly).push({ path, fn, node });
        }
        if (event.kind === 'write') {
          written.push(event.path);
          const write = {
            path: event.path,
            fn,
            node: event.node,
            fromArguments: isGiven(event.value),
            captured: captured(event.value),
            thenSuspends: suspendsAfter(block, event),
          };
          if (!isSuspended) early.push(write);
          else if (!looks(block)) late.push(write);
        }
        if (event.kind === 'await') isSuspended = true;
        if (event.kind !== 'call') continue;
        const called = through(event);
        const onward = (write: WriteAt) => ({
          ...write,
          fromArguments: write.fromArguments && isGiven(event.args),
          captured: [...write.captured, ...(write.fromArguments ? captured(event.args) : [])],
          thenSuspends: write.thenSuspends || suspendsAfter(block, event),
        });
        written.push(...[...called.early, ...called.late].map(({ path }) => path));
        const afterwards = isSuspended ? [...called.early, ...called.late] : called.late;
        if (!isSuspended) early.push(...called.early.map(onward));
        (isSuspended ? readsLate : readsEarly).push(...called.readsEarly);
        readsLate.push(...called.readsLate);
        if (afterwards.length > 0 && !looks(block)) late.push(...afterwards.map(onward));
        isSuspended ||= isSuspension(fn, event);
      }
    }
    // Who writes to a place itself is looked at for what it reads there. What a generator does is done when somebody asks for its values.
    const foreign = (reads: readonly ReadAt[]) =>
      fn.node.generator === true ? [] : reads.filter(({ path }) => !written.some((write) => changes(write, path)));
    if (returned.size + early.length + late.length + readsEarly.length + readsLate.length === 0) return EMPTY;
    return {
      readsEarly: firstOf(foreign(readsEarly), ({ path }) => path),
      readsLate: firstOf(foreign(readsLate), ({ path }) => path),
      returned: firstOf([...returned], (path) => path),
      early: firstOf(early, ({ path }) => path),
      late: firstOf(late, ({ path }) => path),
    };
  }
  function isSuspension(fn: FunctionModel, event: Event): boolean {
    if (event.kind !== 'call') return false;
    const site = siteOf(fn, event);
    return site !== undefined && suspends(site);
  }

  /** Functions that have not been summarised since what they call has been. */
  const outdated = new Set(flows.keys());
  const callers = callersIn();
  for (let round = 0; round < ROUNDS && outdated.size > 0; round++) {
    for (const [id, flow] of flows) {
      const fn = model.functions.get(id);
      if (!outdated.delete(id) || fn === undefined) continue;
      const summary = summarise(fn, flow);
      if (isSameSummary(summaries.get(id) ?? EMPTY, summary)) continue;
      summaries.set(id, summary);
      for (const caller of callers.get(id) ?? []) outdated.add(caller);
    }
  }
  function callersIn(): Map<number, Set<number>> {
    const found = new Map<number, Set<number>>();
    for (const [id, { blocks }] of flows) {
      const fn = model.functions.get(id);
      if (fn === undefined) continue;
      for (const event of blocks.flatMap(({ events }) => events)) {
        for (const callee of event.kind === 'call' ? consultedBy(fn, event) : []) {
          const known = found.get(callee.id);
          if (known) known.add(id);
          else found.set(callee.id, new Set([id]));
        }
      }
    }
    return found;
  }

  const effects = new Map<Call, CallEffect | undefined>();
  function effectOf(fn: Caller, call: Call): CallEffect | undefined {
    if (effects.has(call)) return effects.get(call);
    const site = siteOf(fn, call);
    const effect = site && {
      suspends: suspends(site),
      waits: model.colouring.suspends(site),
      ...throughCall(fn, call),
    };
    effects.set(call, effect);
    return effect;
  }
  return {
    calleesOf: callees,
    effectOf,
    writeBehind(fn, call, path) {
      const { early = [], late = [] } = effectOf(fn, call) ?? {};
      return [...early, ...late].find((write) => write.path === path);
    },
    readBehind(fn, call, path) {
      const { readsEarly = [], readsLate = [] } = effectOf(fn, call) ?? {};
      return [...readsEarly, ...readsLate].find((read) => read.path === path);
    },
  };
}

/** Blocks that control reaches, and whether the function may have been suspended by then. */
function suspendedIn({ entry }: ControlFlow, isSuspension: (event: Event) => boolean): Map<Block, boolean> {
  const found = new Map<Block, boolean>([[entry, false]]);
  const queue = [entry];
  for (let block = queue.pop(); block !== undefined; block = queue.pop()) {
    const after =
      found.get(block) === true || block.events.some((event) => event.kind === 'await' || isSuspension(event));
    for (const to of block.next) {
      if (found.get(to) === true || found.get(to) === after) continue;
      found.set(to, after);
      queue.push(to);
    }
  }
  return found;
}

/** Tells of blocks whether the function may be suspended in them or in what follows. */
function suspendingIn({ blocks }: ControlFlow, isSuspension: (event: Event) => boolean): (block: Block) => boolean {
  let found: Set<Block> | undefined;
  return (block) => {
    if (found === undefined) {
      const before = new Map<Block, Block[]>();
      for (const from of blocks) for (const to of from.next) before.set(to, [...(before.get(to) ?? []), from]);
      found = new Set(blocks.filter(({ events }) => events.some(isSuspension)));
      for (const at of found) for (const from of before.get(at) ?? []) found.add(from);
    }
    return found.has(block);
  };
}
