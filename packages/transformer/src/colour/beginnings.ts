/** Where execution begins, and in which mode: at what the program itself starts, what others call, and what nothing is seen to reach. */
import { STREAM_METHODS } from '../catalogue/builtins.js';
import type { Flow } from '../flow/flow.js';
import type { ColouredFunction } from './colour.js';
import type { Handed } from './handed.js';
import {
  ASYNC,
  beginning,
  type ColourableFunction,
  HANDED,
  handedAt,
  INITIALISATION,
  type Mode,
  type Propagation,
  registersNothing,
} from './modes.js';
import type { Site } from './site.js';
import type { Sites } from './sites.js';
import { isStreamMethod } from './subclasses.js';

/** What begins in a program. */
interface Beginnings extends Pick<Sites, 'sites' | 'replacing' | 'native'> {
  readonly flow: Flow;
  readonly functions: readonly ColourableFunction[];
  readonly handed: Handed;
  readonly closed: boolean;
  readonly forced: boolean;
}

/** Lets all that begins be run. */
export function enterBeginnings(program: Beginnings, { arrive, enter }: Propagation): void {
  const { flow, functions, sites, replacing, native, handed, closed, forced } = program;
  /** Accesses in modules that are not at hand stay as they are, since any name may be one of an accessor. */
  const isReadUnseen = ({ id, fact }: ColouredFunction): boolean =>
    fact.barrier !== 'coercion' &&
    (flow.accessors.unseen.has(id) ||
      (!closed && flow.accessors.kindOf(id) !== undefined && !flow.accessors.isPrivate(id)));

  for (const fn of functions) {
    const { id, fact } = fn;
    if (fact.kind === 'module' && !fact.async) arrive(id, INITIALISATION, beginning());
    if (fact.async && fact.barrier === undefined)
      arrive(id, ASYNC, beginning(fact.kind === 'module' ? 'top-level await' : 'async function'));
    if (fact.barrier === 'coercion') arrive(id, fact.barrier, beginning());
    if (isReadUnseen(fn)) arrive(id, accessorRule(flow, id) as Mode, beginning());
    if (isStreamMethod(fact)) arrive(id, ASYNC, beginning('stream method'));
    else if (STREAM_METHODS.has(fact.name)) arrive(id, 'stream-method', beginning());
  }
  for (const site of sites) {
    const { barrier } = site.call.fact;
    const started = registersNothing(site) ? (barrier ?? ASYNC) : ASYNC;
    const foreign = barrier === 'hoisted-mock' ? barrier : HANDED;
    for (const node of site.started) enter(node, started, handedAt(site, site.startedAs));
    for (const node of site.foreign) enter(node, foreign, handedAt(site));
    for (const node of site.native) enter(node, 'native-callback', handedAt(site));
    for (const node of site.exposed.getters) enter(node, 'getter', handedAt(site));
    for (const node of site.exposed.setters) enter(node, 'setter', handedAt(site));
  }
  for (const [fn, site] of handed.asParts) enter(fn, functions[fn]?.fact.barrier ?? HANDED, handedAt(site));
  for (const fn of flow.calledByLanguage) enter(fn, 'coercion', beginning());
  for (const fn of native) enter(fn, 'native-callback', beginning());
  for (const node of replacing) enter(node, 'decorator', beginning());
  if (forced) {
    for (const { id, fact } of functions) if (fact.kind !== 'module') arrive(id, ASYNC, beginning('forced'));
  }
  if (closed) return;
  for (const module of flow.modules.keys()) {
    for (const token of flow.exportsOf(module).flatMap((it) => (it.kind === 'any' ? flow.anyOf(undefined) : [it])))
      if (token.kind === 'function') arrive(token.fn, ASYNC, beginning('export'));
  }
}

/** Lets those functions run that nothing is seen to reach. What can be told apart is looked for first: what it calls is then reached from it. */
export function enterUnreached({ flow, functions, handed, closed }: Beginnings, { arrive, spread }: Propagation): void {
  const enterUnreachedFunction = ({ id, fact, arrivals }: ColouredFunction): void => {
    if (closed ? arrivals.size > 0 : arrivals.has(ASYNC)) return;
    // What uncompiled code calls, compiled code that is not at hand may call too.
    if (arrivals.size > 0 && (fact.barrier !== undefined || fact.kind === 'module')) return;
    if (!closed && fact.barrier === undefined) arrive(id, ASYNC, beginning('export'));
    else {
      const unseen = flow.strays.has(id) ? 'unknown-key' : 'unreached';
      arrive(id, fact.barrier ?? accessorRule(flow, id) ?? unseen, beginning());
    }
    spread();
  };
  for (const fn of functions) if (accessorRule(flow, fn.id) !== undefined) enterUnreachedFunction(fn);
  for (const fn of functions) if (flow.strays.has(fn.id)) enterUnreachedFunction(fn);
  // What code outside the program has, it may call.
  const outside: (readonly [fn: number, mode: Mode, site: Site | undefined])[] = [
    ...[...handed.others].map(([fn, site]) => [fn, HANDED, site] as const),
    ...[...flow.assignedOutside].map(([fn, isNode]) => [fn, isNode ? 'native-callback' : HANDED, undefined] as const),
  ];
  for (const [fn, mode, site] of outside) {
    const found = functions[fn];
    if (found?.arrivals.size !== 0) continue;
    arrive(fn, found.fact.barrier ?? mode, handedAt(site));
    spread();
  }
  for (const fn of functions) enterUnreachedFunction(fn);
}

/** The rule of an accessor that runs where nobody can wait for it. */
function accessorRule(flow: Flow, fn: number): Mode | undefined {
  const kind = flow.accessors.kindOf(fn);
  return kind && (kind === 'get' ? 'getter' : 'setter');
}
