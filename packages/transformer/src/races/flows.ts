/** Flows of control: which of them run a function, and whether several may do so at a time. */
import type { Site } from '../colour/site.js';
import type { FunctionNode } from '../syntax/nodes.js';
import type { FunctionModel, Model, ModuleModel } from './model.js';

/**
 * Who runs a function: `undefined` nobody, `many` several flows or several runs of one at a time, else the only flow, by what it begins with.
 * `start` is the loading of modules, which nothing interrupts.
 */
export type Flow = string | undefined;

export const MANY: Flow = 'many';
const START: Flow = 'start';

export interface Flows {
  /** Who runs a function. */
  of(fn: number): Flow;
  /**
   * Who runs a function, of all that begins in one call of a function around it: `own`, where it runs as a part of that call and
   * nothing else of it runs at the same time.
   */
  within(fn: FunctionModel, outer: FunctionNode): Flow;
}

export const OWN: Flow = 'own';

/** Callbacks that are called once each time that they are handed over. */
const ONCE =
  /^(callback$|promise callback$|Promise\.prototype\.|(timers )?set(Timeout|Immediate)$|queueMicrotask$|(process )?(process\.)?nextTick$|(fs (?!watch)|dns |zlib |crypto |child_process ))/;

/** Bodies of tests, which run one after the other. */
const TESTS =
  /^((node:test|mocha|vitest|@jest\/globals) )?(it|test|fit|specify|before|after|beforeEach|afterEach|beforeAll|afterAll|setup|teardown)(\.\w+)?$/;

/** Events that come again before their listeners have finished. */
const CONCURRENT_EVENTS: ReadonlySet<string> = new Set([
  ...'request connection secureConnection session stream upgrade checkContinue checkExpectation clientError'.split(' '),
  ...'tlsClientError newSession resumeSession OCSPRequest unknownProtocol dropRequest drop'.split(' '),
]);

interface Edge {
  readonly site: Site;
  readonly kind: 'call' | 'start' | 'foreign';
}

export function flowsIn(model: Model): Flows {
  const { colouring, functions, closed } = model;
  /** By what they lead to and from: functions, and groups of functions that calls of any value reach. */
  const incoming = new Map<number, Edge[]>();
  const outgoing = new Map<number, { readonly to: number; readonly edge: Edge }[]>();
  const isGroup = (node: number) => node >= colouring.functions.length;
  for (const site of colouring.sites) {
    const add = (nodes: readonly number[], kind: Edge['kind']) => {
      for (const to of nodes) {
        const edge = { site, kind };
        append(incoming, to, edge);
        append(outgoing, site.call.caller, { to, edge });
      }
    };
    add([...site.targets, ...site.inline], 'call');
    add(site.started, 'start');
    add([...site.foreign, ...site.native], 'foreign');
  }

  const isAsync = (fn: number) => colouring.functions[fn]?.fact.async === true;
  const isModule = (fn: number) => colouring.functions[fn]?.fact.kind === 'module';
  const nameOf = ({ call: { module, fact } }: Site) => `${module}:${fact.span.start}`;
  function isRepeated(site: Site, fn: number): boolean {
    const { names } = model.modules[site.call.module] as ModuleModel;
    const node = model.nodeOf(site);
    return (node !== undefined && names.repeated.has(node)) || site.inline.includes(fn);
  }
  function isAwaited(site: Site): boolean {
    const node = model.nodeOf(site);
    return node !== undefined && (model.modules[site.call.module] as ModuleModel).names.awaited.has(node);
  }
  /** The flow in which a function runs that a call in `flow` leads to. */
  function through({ site, kind }: Edge, fn: number, flow: string): Flow {
    if (isGroup(fn)) return kind === 'foreign' ? undefined : flow;
    const once = (name: string) => (flow === MANY || isRepeated(site, fn) ? MANY : name);
    if (kind === 'call') {
      if (!isAsync(fn) || (isAwaited(site) && !site.inline.includes(fn) && flow !== START)) return flow;
      return once(nameOf(site));
    }
    // A package may call an asynchronous function whenever it likes; others it calls synchronously.
    if (kind === 'foreign') return isAsync(fn) ? MANY : undefined;
    if (TESTS.test(site.startedAs)) return 'tests';
    if (ONCE.test(site.startedAs)) return once(nameOf(site));
    if (/setInterval$/.test(site.startedAs)) return once(nameOf(site));
    if (site.startedAs !== 'event listener') return MANY;
    const { firstString: event, receiver } = site.call.fact;
    if (event === undefined || CONCURRENT_EVENTS.has(event)) return MANY;
    return once(`emitter ${site.call.module}:${receiverText(site) ?? receiver}`);
  }
  function receiverText(site: Site): string | undefined {
    const node = model.nodeOf(site);
    if (node === undefined || !('callee' in node) || !('object' in node.callee)) return undefined;
    const { object } = node.callee;
    const { text } = (model.modules[site.call.module] as ModuleModel).source;
    // `emitter.on(...).on(...)`
    return /^[\w$.]+/.exec(text.slice(object.start as number, object.end as number))?.[0];
  }

  const flows = new Map<number, string>();
  const queue: number[] = [];
  function arrive(fn: number, flow: Flow): void {
    if (flow === undefined) return;
    const before = flows.get(fn);
    const after = before === undefined || before === START || before === flow ? flow : flow === START ? before : MANY;
    if (after === before) return;
    flows.set(fn, after as string);
    if (isGroup(fn)) {
      for (const member of colouring.membersOf(fn)) arrive(member, isAsync(member) ? MANY : after);
    } else queue.push(fn);
  }
  for (const { id, fact, arrivals } of colouring.functions) {
    if (fact.kind === 'module') arrive(id, fact.async ? 'top level' : START);
    const entry = arrivals.get('async')?.entry;
    if (entry === 'export' || entry === 'stream method' || entry === 'forced') arrive(id, MANY);
    else if (!closed && fact.async && !incoming.has(id)) arrive(id, MANY);
  }
  if (!closed) {
    for (const { index } of model.modules) {
      for (const token of colouring.flow.exportsOf(index)) if (token.kind === 'function') arrive(token.fn, MANY);
    }
  }
  for (let fn = queue.pop(); fn !== undefined; fn = queue.pop()) {
    for (const { to, edge } of outgoing.get(fn) ?? []) arrive(to, through(edge, to, flows.get(fn) as string));
  }

  const exported = new Set(
    [...functions.keys()].filter((fn) => colouring.functions[fn]?.arrivals.get('async')?.entry === 'export'),
  );
  const known = new Map<FunctionNode, Map<number, Flow>>();
  function within(fn: FunctionModel, outer: FunctionNode): Flow {
    if (fn.node === outer) return OWN;
    const memo = known.get(outer) ?? new Map<number, Flow>();
    known.set(outer, memo);
    if (memo.has(fn.id)) return memo.get(fn.id);
    // Functions that call each other say nothing of who calls them.
    memo.set(fn.id, undefined);
    // A function that only calls of any value reach has been handed to who knows whom.
    let found: Flow = exported.has(fn.id) || !incoming.has(fn.id) ? MANY : undefined;
    for (const edge of incoming.get(fn.id) ?? []) {
      const caller = functions.get(edge.site.call.caller);
      const isOutside = caller === undefined || !model.isInside(caller, outer);
      const from = isOutside ? MANY : within(caller, outer);
      const flow = from === undefined ? undefined : through(edge, fn.id, from);
      found = found === undefined || found === flow ? flow : flow === undefined ? found : MANY;
    }
    memo.set(fn.id, found);
    return found;
  }
  return { of: (fn) => (isModule(fn) ? START : flows.get(fn)), within };
}

function append<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}
