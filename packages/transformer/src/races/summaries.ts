/** What calls of the program's functions do to shared state, in terms of the caller. */
import type { Node } from '@babel/types';
import type { Site } from '../colour/site.js';
import type { FunctionNode } from '../syntax/nodes.js';
import type { Binding } from './bindings.js';
import { dependenceIn } from './dependence.js';
import type { Block, Call, ControlFlow, Event, Read } from './events.js';
import type { FunctionModel, Model } from './model.js';
import { isFile, isSameRoot } from './model.js';
import type { Path } from './paths.js';
import type { Sharing } from './sharing.js';
import type { Source, Sources } from './sources.js';
import type { Effect } from './straddles.js';
import { targetsOf } from './targets.js';
import { type Caller, translated } from './translate.js';

/** A write, and the function and place where it stands. */
export interface WriteAt {
  readonly path: Path;
  readonly fn: FunctionModel;
  readonly node: Node;
  /** What is written depends on the arguments of the call. */
  readonly fromArguments: boolean;
  /** Variables of functions around it on which it depends. */
  readonly captured: readonly Binding[];
}

export interface Summary {
  /** Places on which it depends what the function returns. */
  readonly returned: readonly Path[];
  /** Before the function can be suspended. */
  readonly early: readonly WriteAt[];
  /** After it may have been suspended, unless the function has decided by shared state itself. */
  readonly late: readonly WriteAt[];
}

export interface Summaries {
  effectOf(fn: Caller, call: Call): Effect | undefined;
  /** The functions that a call runs before it returns, if that is known. */
  calleesOf(site: Site): readonly FunctionModel[];
  /** The write that a call makes to a place. */
  writeBehind(fn: Caller, call: Call, path: Path): WriteAt | undefined;
}

/** A call of more functions, or one that leads to more places, says too little. */
const FEW_TARGETS = 3;
const FEW_PLACES = 24;
const ROUNDS = 4;
const EMPTY: Summary = { returned: [], early: [], late: [] };

export interface Summarised {
  readonly model: Model;
  readonly sharing: Sharing;
  readonly flows: ReadonlyMap<number, ControlFlow>;
  readonly suspends: (site: Site) => boolean;
  /** Whether the program writes to a place at all. */
  readonly isWritten: (path: Path) => boolean;
}

export function summariesIn({ model, sharing, flows, suspends, isWritten }: Summarised): Summaries {
  const summaries = new Map<number, Summary>();
  const siteOf = (fn: Caller, call: Call) => model.siteAt(fn.module, call.node);

  function callees(site: Site): FunctionModel[] {
    const nodes = [...targetsOf(site, model.colouring), ...site.inline];
    if (nodes.length > FEW_TARGETS) return [];
    return nodes.flatMap((node) => model.functions.get(node) ?? []);
  }
  function isAsync({ coloured }: FunctionModel): boolean {
    return coloured.fact.async;
  }
  function throughCall(fn: Caller, call: Call): Summary {
    const site = siteOf(fn, call);
    if (site === undefined) return EMPTY;
    const own = fn.node && model.functionAt(fn.module, fn.node);
    const parts = callees(site).flatMap((callee) => {
      const summary = summaries.get(callee.id);
      if (summary === undefined || isAsync(callee)) return [];
      const ours = (path: Path) => {
        const found = translated(path, callee, fn, call, model);
        return found !== undefined && (isFile(found) || own === undefined || sharing.isShared(own, found))
          ? found
          : undefined;
      };
      const writes = (list: readonly WriteAt[]) =>
        list.flatMap((write) => {
          const path = ours(write.path);
          return path === undefined ? [] : [{ ...write, path }];
        });
      return [
        {
          returned: summary.returned.flatMap((path) => ours(path) ?? []),
          early: writes(summary.early),
          late: writes(summary.late),
        },
      ];
    });
    return {
      returned: parts.flatMap(({ returned }) => returned),
      early: parts.flatMap(({ early }) => early),
      late: parts.flatMap(({ late }) => late),
    };
  }

  function summarise(fn: FunctionModel, flow: ControlFlow): Summary {
    const returned: Path[] = [];
    const early: WriteAt[] = [];
    const late: WriteAt[] = [];
    const suspended = suspendedIn(flow, (event) => isSuspension(fn, event));
    const dependence = dependenceIn(flow);
    const origins = originsIn(fn.node, flow);
    /** The places on which a value depends, and whether it depends on a parameter. */
    const placesOf = (value: Sources) => {
      const events = [...origins(value)].flatMap((origin) => (isEvent(origin) ? origin : []));
      return events.flatMap((event) => (event.kind === 'read' ? [event.path] : throughCall(fn, event).returned));
    };
    const isGiven = (value: Sources) => origins(value).has('parameter');
    const captured = (value: Sources) => [...origins(value)].flatMap((origin) => (isBinding(origin) ? origin : []));
    /** Whether the function itself looks at shared state to decide if it goes there. What nobody changes says the same to all. */
    const looks = (block: Block) =>
      [...dependence(block)].some(({ tests }) => tests.some((test) => placesOf(test.value).some(isWritten)));
    for (const block of flow.blocks) {
      let isSuspended = suspended.get(block);
      if (isSuspended === undefined) continue;
      for (const event of block.events) {
        if (event.kind === 'return') {
          const tests = [...dependence(block)].flatMap((at) => at.tests);
          for (const value of [event.value, ...tests.map((test) => test.value)]) returned.push(...placesOf(value));
        }
        if (event.kind === 'write') {
          const write = {
            path: event.path,
            fn,
            node: event.node,
            fromArguments: isGiven(event.value),
            captured: captured(event.value),
          };
          if (!isSuspended) early.push(write);
          else if (!looks(block)) late.push(write);
        }
        if (event.kind === 'await') isSuspended = true;
        if (event.kind !== 'call') continue;
        const called = throughCall(fn, event);
        const onward = (write: WriteAt) => ({
          ...write,
          fromArguments: write.fromArguments && isGiven(event.args),
          captured: [...write.captured, ...(write.fromArguments ? captured(event.args) : [])],
        });
        const through = { early: called.early.map(onward), late: called.late.map(onward) };
        if (!isSuspended) early.push(...through.early);
        if (!looks(block)) late.push(...(isSuspended ? through.early : []), ...through.late);
        isSuspended ||= isSuspension(fn, event);
      }
    }
    const few = <T>(list: readonly T[]) => (list.length > FEW_PLACES ? list.slice(0, FEW_PLACES) : list);
    return {
      returned: few(distinct(returned, (path) => path)),
      early: few(distinct(early, ({ path }) => path)),
      late: few(distinct(late, ({ path }) => path)),
    };
  }
  function isSuspension(fn: FunctionModel, event: Event): boolean {
    if (event.kind !== 'call') return false;
    const site = siteOf(fn, event);
    return site !== undefined && suspends(site);
  }

  for (let round = 0; round < ROUNDS; round++) {
    for (const [id, flow] of flows) {
      const fn = model.functions.get(id);
      if (fn !== undefined) summaries.set(id, summarise(fn, flow));
    }
  }
  const known = new Map<Call, Summary>();
  function behind(fn: Caller, call: Call): Summary {
    let found = known.get(call);
    if (found === undefined) {
      found = throughCall(fn, call);
      known.set(call, found);
    }
    return found;
  }
  return {
    calleesOf: callees,
    effectOf(fn, call) {
      const site = siteOf(fn, call);
      if (site === undefined) return undefined;
      return { suspends: suspends(site), ...behind(fn, call) };
    },
    writeBehind(fn, call, path) {
      const { early, late } = behind(fn, call);
      return [...early, ...late].find((write) => write.path === path);
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

/** What a value depends on, wherever in the function it was computed: reads, calls, and parameters. */
export function originsIn(
  fn: FunctionNode | undefined,
  { blocks }: ControlFlow,
): (value: Sources) => ReadonlySet<Origin> {
  const events = new Map<number, Read | Call>();
  const assigned = new Map<Binding, Source[]>();
  for (const event of blocks.flatMap((block) => block.events)) {
    if (event.kind === 'read' || event.kind === 'call') events.set(event.id, event);
    if (event.kind === 'set')
      assigned.set(event.binding, [...(assigned.get(event.binding) ?? []), ...event.value.keys()]);
  }
  return (value) => {
    const found = new Set<Origin>();
    const seen = new Set(value.keys());
    for (const source of seen) {
      if (typeof source === 'number') found.add(events.get(source) as Read | Call);
      else {
        if (source.owner !== fn) found.add(source);
        else if (source.kind === 'parameter') found.add('parameter');
        for (const other of assigned.get(source) ?? []) seen.add(other);
      }
    }
    return found;
  };
}

/** `parameter`: of the function itself; else a variable of a function around it. */
type Origin = Read | Call | Binding | 'parameter';

function isEvent(origin: Origin): origin is Read | Call {
  return typeof origin === 'object' && 'node' in origin;
}

function isBinding(origin: Origin): origin is Binding {
  return typeof origin === 'object' && 'given' in origin;
}

function distinct<T>(items: readonly T[], pathOf: (item: T) => Path): T[] {
  const kept: T[] = [];
  for (const item of items) {
    const path = pathOf(item);
    const isKnown = kept.some((other) => {
      const { root, steps } = pathOf(other);
      return isSameRoot(root, path.root) && steps.join() === path.steps.join();
    });
    if (!isKnown) kept.push(item);
  }
  return kept;
}
