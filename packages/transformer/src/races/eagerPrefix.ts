/**
 * Async functions whose caller relied on it that they run up to their first `await` before it goes on. Where something blocks there, they
 * are suspended, and the caller goes on earlier: reported where it then finds, or leaves, something else than it did.
 */
import type { Node } from '@babel/types';
import type { Finding } from '../report/finding.js';
import type { FunctionNode } from '../syntax/nodes.js';
import { controlFlowOf } from './controlFlow.js';
import type { Descent } from './descent.js';
import type { Block, Call, ControlFlow, Event } from './events.js';
import type { Flows } from './flows.js';
import type { Knowledge } from './knowledge.js';
import { type FunctionModel, isFile, type Model, type ModuleModel } from './model.js';
import { originsIn } from './origins.js';
import type { Path } from './paths.js';
import { eagerPrefix } from './sentences.js';
import type { Summaries } from './summaries.js';
import { clash, isElementOfOne, type Touch } from './touches.js';
import { type Caller, translated } from './translate.js';

/** What an async function does before its first `await`. */
export interface Prefix {
  readonly fn: FunctionModel;
  /** The first call that may suspend; undefined if there is none. */
  readonly suspension: Call | undefined;
  readonly before: readonly Touch[];
  readonly after: readonly Touch[];
}

/** The functions that read a place while requests are served, by what the place is called. */
export type Readers = (path: Path) => readonly Touch[];

export function eagerPrefixesIn(
  model: Model,
  flows: Flows,
  descent: Descent,
  summaries: Summaries,
  knowledgeOf: (caller: Caller, isShared: (path: Path) => boolean) => Knowledge,
  readers: Readers,
): Finding[] {
  const graphs = new Map<FunctionNode | ModuleModel, ControlFlow>();
  function graphOf({ module, node }: Caller): ControlFlow {
    const key = node ?? module;
    let found = graphs.get(key);
    if (found === undefined) {
      found = controlFlowOf(
        node ?? module.source.ast.program,
        knowledgeOf({ module, node }, (path) => isReachable(path, node)),
      );
      graphs.set(key, found);
    }
    return found;
  }
  function touches(caller: Caller, event: Event): Touch[] {
    const { module } = caller;
    if (event.kind === 'read' || event.kind === 'take' || event.kind === 'write') {
      if (isFile(event.path)) return [];
      return [{ path: event.path, writes: event.kind === 'write', module, node: event.node }];
    }
    if (event.kind !== 'call') return [];
    const effect = summaries.effectOf(caller, event);
    return [
      ...[...(effect?.early ?? []), ...(effect?.late ?? [])].map(({ path }) => ({
        path,
        writes: true,
        module,
        node: event.node,
      })),
      ...(effect?.returned ?? []).map((path) => ({ path, writes: false, module, node: event.node })),
    ].filter(({ path }) => !isFile(path));
  }

  const known = new Map<number, Prefix>();
  /** What an async function does before it comes to its first `await`. */
  function prefixOf(fn: FunctionModel): Prefix {
    const found = known.get(fn.id);
    if (found !== undefined) return found;
    const before: Touch[] = [];
    const after: Touch[] = [];
    let suspension: Call | undefined;
    walk(graphOf(fn).entry, 0, false, (event, isSuspended) => {
      if (event.kind === 'await') return 'stop';
      const touched = touches(fn, event);
      const site = event.kind === 'call' ? model.siteAt(fn.module, event.node) : undefined;
      const suspends = site !== undefined && descent.suspends(site);
      if (event.kind === 'call' && suspends) suspension ??= event;
      // What a function does that is called here, and is suspended itself, may come before or after that.
      (isSuspended || suspends ? after : before).push(...touched);
      return suspends || isSuspended;
    });
    const prefix = { fn, suspension, before, after };
    known.set(fn.id, prefix);
    return prefix;
  }
  function isAsync({ node, coloured }: FunctionModel): boolean {
    return coloured.fact.async && node.generator !== true;
  }

  const suspended = new Set<number>();
  for (const fn of model.functions.values()) {
    if (!isAsync(fn) || !fn.coloured.arrivals.has('async')) continue;
    const isSuspending = model.sitesIn(fn.id).some((site) => descent.suspends(site));
    if (isSuspending && prefixOf(fn).suspension !== undefined) suspended.add(fn.id);
  }
  if (suspended.size === 0) return [];
  const callers = new Map<FunctionNode | ModuleModel, Caller>();
  for (const site of model.colouring.sites) {
    if (![...site.targets, ...site.inline].some((fn) => suspended.has(fn))) continue;
    const module = model.modules[site.call.module] as ModuleModel;
    const isModule = model.colouring.functions[site.call.caller]?.fact.kind === 'module';
    const fn = model.functions.get(site.call.caller);
    if (isModule) callers.set(module, { module, node: undefined });
    else if (fn !== undefined && flows.of(fn.id) !== undefined) callers.set(fn.node, fn);
  }
  return [...callers.values()].flatMap(findingsIn);

  function findingsIn(caller: Caller): Finding[] {
    const flow = graphOf(caller);
    const origins = originsIn(caller.node, flow);
    return flow.blocks.flatMap((block) =>
      block.events.flatMap((event, i): Finding[] => {
        if (event.kind !== 'call' || isWaitedFor(caller, event)) return [];
        for (const [prefix, isRepeated] of startedBy(caller, event)) {
          if (prefix.suspension === undefined) continue;
          const finding = conflict(caller, { block, i, call: event }, prefix, isRepeated, (value) =>
            origins(value).has(event),
          );
          if (finding !== undefined) return [finding];
        }
        return [];
      }),
    );
  }
  /** Whether a call is made while modules are loaded, where nothing suspends. */
  function isWaitedFor(caller: Caller, call: Call): boolean {
    if (!runsAtStart(caller) || caller.module.facts.functions[0]?.async === true) return false;
    const site = model.siteAt(caller.module, call.node);
    return site !== undefined && !model.colouring.loading.isOver(site);
  }
  /** The prefixes that a call runs, each with whether several calls of the function follow each other. */
  function startedBy(caller: Caller, call: Call): [Prefix, boolean][] {
    const site = model.siteAt(caller.module, call.node);
    if (site === undefined) return [];
    return summaries
      .calleesOf(site)
      .filter(isAsync)
      .map((fn) => [prefixOf(fn), site.inline.includes(fn.id)]);
  }
  function conflict(
    caller: Caller,
    { block, i, call }: { readonly block: Block; readonly i: number; readonly call: Call },
    prefix: Prefix,
    isRepeated: boolean,
    isOwn: (value: Extract<Event, { kind: 'await' }>['value']) => boolean,
  ): Finding | undefined {
    const left = ours(prefix.after, prefix, caller, call);
    if (left.length === 0) return undefined;
    const meets = (theirs: readonly Touch[]) => {
      for (const theirsOne of theirs) {
        const own = left.find((one) => clash(one, theirsOne));
        if (own !== undefined) return { own, other: theirsOne };
      }
      return undefined;
    };
    const again = ours([...prefix.before, ...prefix.after], prefix, caller, call);
    let found = isRepeated ? meets(again.filter(({ path }) => !isElementOfOne(path))) : undefined;
    let isAwaited = false;
    walk(block, i + 1, false, (event) => {
      if (found !== undefined) return 'stop';
      if (event.kind === 'await' && isOwn(event.value)) {
        isAwaited = true;
        return 'stop';
      }
      found = meets(touches(caller, event));
      if (found === undefined && event.kind === 'call') {
        for (const [other] of startedBy(caller, event)) {
          found ??= meets(
            ours([...other.before, ...other.after], other, caller, event).filter(({ path }) => !isElementOfOne(path)),
          );
        }
      }
      return false;
    });
    if (found === undefined && !isAwaited && runsAtStart(caller)) found = later(left, prefix.fn);
    const { suspension, fn } = prefix;
    const site = suspension && model.siteAt(fn.module, suspension.node);
    if (found === undefined || suspension === undefined || site === undefined) return undefined;
    return eagerPrefix(caller, call, { fn, suspension, ...found }, descent.chain(site));
  }
  function runsAtStart({ module, node }: Caller): boolean {
    const fn = node && model.functionAt(module, node);
    return node === undefined || (fn !== undefined && flows.of(fn.id) === 'start');
  }
  /** What functions find that run once the program has been loaded. */
  function later(left: readonly Touch[], fn: FunctionModel) {
    const isOther = ({ module, node }: Touch) => module !== fn.module || !isWithin(node, fn.node);
    for (const own of left) {
      const other = own.writes && isOfProgram(own.path) ? readers(own.path).find(isOther) : undefined;
      if (other !== undefined) return { own, other };
    }
    return undefined;
  }
  function ours(list: readonly Touch[], { fn }: Prefix, caller: Caller, call: Call): Touch[] {
    return list.flatMap((touch) => {
      const path = translated(touch.path, fn, caller, call, model);
      return path !== undefined && isReachable(path, caller.node) ? [{ ...touch, path }] : [];
    });
  }
}

/** Visits events in every order in which they may come, until `visit` says stop; it says what holds from there on. */
function walk(
  start: Block,
  from: number,
  first: boolean,
  visit: (event: Event, holds: boolean) => boolean | 'stop',
): void {
  const entered = new Map<Block, boolean>();
  const queue: [block: Block, from: number, holds: boolean][] = [[start, from, first]];
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    const [block, at] = next;
    let holds: boolean | 'stop' = next[2];
    for (const event of block.events.slice(at)) {
      holds = visit(event, holds);
      if (holds === 'stop') break;
    }
    if (holds === 'stop') continue;
    for (const to of block.next) {
      const before = entered.get(to);
      if (before === true || before === holds) continue;
      entered.set(to, holds);
      queue.push([to, 0, holds]);
    }
  }
}

/** Whether somebody else than a function itself can get at a place. */
function isReachable({ root, steps }: Path, node: FunctionNode | undefined): boolean {
  switch (root.kind) {
    case 'variable': {
      const { binding } = root;
      if (steps.length > 0) return binding.kind !== 'definition' && binding.kind !== 'import';
      return binding.rewritten && (binding.owner !== node || [...binding.writers].some((writer) => writer !== node));
    }
    case 'this':
      return steps.length > 0;
    case 'global':
      return steps.length > 0 && /^(exports|module|globalThis|global)$/.test(root.name);
    default:
      return false;
  }
}

function isWithin(inner: Node, outer: Node): boolean {
  return (outer.start as number) <= (inner.start as number) && (inner.end as number) <= (outer.end as number);
}

/** Whether a place is one of the program's, and not of one call. */
function isOfProgram({ root }: Path): boolean {
  return root.kind === 'variable' ? root.binding.owner === undefined : root.kind === 'global';
}
