/** Accesses of properties as sites: what a read or a write may run. */
import type { AccessFact, CallFact } from '../facts/facts.js';
import type { AccessorKind, Reached } from '../flow/accessors.js';
import { isOfNode } from '../flow/externalPaths.js';
import type { Flow, ResolvedCall } from '../flow/flow.js';
import type { RuleId } from '../report/rules.js';
import type { FunctionGroups } from './groups.js';
import { NOTHING, type Site } from './site.js';

/** Accessors that code outside the program may run, functions or groups. */
export interface Exposed {
  readonly getters: readonly number[];
  readonly setters: readonly number[];
}

/** What an access has as a call: its accessors are found apart from what arrives there. */
const WITHOUT_VALUES = { callees: [], args: [], receivers: [], isByKey: false, iterated: [] };

/** The sites of those accesses that may run an accessor of the program. */
export function accessSites(flow: Flow, groups: FunctionGroups): Site[] {
  if (flow.accessors.isEmpty) return [];
  return flow.modules.flatMap((facts, module) =>
    facts.accesses.flatMap((fact) => {
      const found = targetsOf(module, fact, flow, groups);
      if (found === undefined) return [];
      const { targets, barrier } = found;
      const caller = flow.functionOf(module, fact.caller);
      const call = { ...{ module, fact: asCall(fact, barrier), caller }, ...WITHOUT_VALUES };
      return [{ ...NOTHING, call, access: fact, targets }];
    }),
  );
}

/** Undefined if an access runs no accessor. */
function targetsOf(module: number, fact: AccessFact, flow: Flow, groups: FunctionGroups) {
  const { accessors } = flow;
  const { kind, property: name, barrier } = fact;
  const kinds: readonly AccessorKind[] = kind === 'set' ? ['set'] : kind === 'update' ? ['get', 'set'] : ['get'];
  if (name !== undefined && !kinds.some((each) => accessors.mayReach(each, name))) return undefined;
  const receivers = flow.receiversOf(module, fact);
  const isCopy = kind === 'copy';
  const targets: number[] = [];
  let isKnown = false;
  for (const each of kinds) {
    const reached = isCopy ? accessors.copied(receivers) : accessors.reached(each, name, receivers);
    isKnown ||= isCopy || name !== undefined || reached.functions.size > 0;
    targets.push(...nodesOf(reached, each, name, isCopy, flow, groups));
  }
  if (targets.length === 0) return undefined;
  // To look up the key of each element of each array would cost too much: what is not known to have accessors is read as it is.
  return { targets, barrier: barrier ?? (isKnown ? undefined : kind === 'set' ? 'setter' : 'getter') };
}

function nodesOf(
  { functions, byName, any }: Reached,
  kind: AccessorKind,
  name: string | undefined,
  isCopy: boolean,
  flow: Flow,
  groups: FunctionGroups,
): number[] {
  const nodes = [...functions];
  const { accessors } = flow;
  if (byName && name !== undefined) nodes.push(groups.id(`${kind} ${name}`, () => accessors.named(kind, name)));
  if (any && !name?.startsWith('#')) nodes.push(...anyOf(kind, isCopy, flow, groups));
  return nodes;
}

/** The accessors of values that are held in too many places, as a group; none if they have none. */
function anyOf(kind: AccessorKind, isOwn: boolean, flow: Flow, groups: FunctionGroups): number[] {
  const of = isOwn ? flow.accessors.ownedBy : flow.accessors.heldBy;
  const group = groups.id(`${kind} ${isOwn ? 'own ' : ''}of any`, () => [
    ...new Set(flow.anyOf(undefined).flatMap((token) => (token.kind === 'any' ? [] : of(kind, token)))),
  ]);
  return groups.isEmpty(group) ? [] : [group];
}

/** A fact of the form that calls have. */
function asCall({ span, caller, property }: AccessFact, barrier: RuleId | undefined): CallFact {
  return {
    ...{ span, caller, property, barrier, calleeName: property },
    ...{ callee: -1, result: -1, receiver: undefined, args: [], argSpans: [], argsFromElsewhere: [] },
    ...{
      firstSpread: undefined,
      borrowed: undefined,
      firstString: undefined,
      secondKey: undefined,
      iteration: undefined,
      construct: false,
      isSuper: false,
      isImplicit: false,
      isLast: false,
    },
  };
}

/** Builtins of the language that read the properties of what they are given, and those that write to their first argument. */
const READERS: ReadonlySet<string> = new Set([
  ...['JSON.stringify', 'Object.assign', 'Object.values', 'Object.entries', 'Object.fromEntries', 'structuredClone'],
  ...['Reflect.get', 'Array.from'],
]);
const WRITERS: ReadonlySet<string> = new Set(['Object.assign', 'Reflect.set']);

/**
 * What a call lets code outside the program run of the accessors of its arguments.
 *
 * @param isHandedOver whether the callee is not compiled, and may do anything
 * @param callbacks functions that it may call, and use what they return
 */
export function exposedBy(
  call: ResolvedCall,
  isHandedOver: boolean,
  callbacks: readonly number[],
  flow: Flow,
  groups: FunctionGroups,
): Exposed {
  if (flow.accessors.isEmpty) return NOTHING.exposed;
  const paths = call.callees.flatMap((token) => (token.kind === 'external' ? [token.path] : []));
  const given = [...call.args, ...callbacks.flatMap((fn) => (groups.isGroup(fn) ? [] : [flow.resultsOf(fn)]))];
  if (isHandedOver) {
    return {
      getters: exposed('get', given, false, flow, groups),
      setters: exposed('set', given, false, flow, groups),
    };
  }
  const isRead = paths.some((path) => READERS.has(path) || (isOfNode(path) && !/^(console|Math)\b/.test(path)));
  const isWritten = paths.some((path) => WRITERS.has(path));
  return {
    getters: isRead ? exposed('get', given, true, flow, groups) : [],
    setters: isWritten ? exposed('set', call.args.slice(0, 1), false, flow, groups) : [],
  };
}

/** The accessors of values, and of what object literals among them hold. */
function exposed(
  kind: AccessorKind,
  values: ResolvedCall['args'],
  isOwn: boolean,
  flow: Flow,
  groups: FunctionGroups,
): number[] {
  const found = new Set<number>();
  const seen = new Set<number>();
  const visit = (token: ResolvedCall['callees'][number]): void => {
    if (token.kind === 'any') {
      for (const group of anyOf(kind, isOwn, flow, groups)) found.add(group);
      return;
    }
    for (const fn of isOwn ? flow.accessors.ownedBy(kind, token) : flow.accessors.heldBy(kind, token)) found.add(fn);
    if (token.kind !== 'object' || seen.has(token.obj)) return;
    seen.add(token.obj);
    flow.membersOf(token.obj).forEach(visit);
  };
  for (const tokens of values) tokens.forEach(visit);
  return [...found];
}
