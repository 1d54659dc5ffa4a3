/** Which locks are held whenever a function runs: those of sections, and of functions that are marked as atomic. */
import type { Node } from '@babel/types';
import { ATOMIC } from '../catalogue/builtins.js';
import type { Site } from '../colour/site.js';
import { stringValue } from '../facts/names.js';
import { pragmasOf } from '../facts/pragmas.js';
import { type FunctionNode, spanOf, unwrap } from '../syntax/nodes.js';
import type { Flows } from './flows.js';
import type { FunctionModel, Model, ModuleModel } from './model.js';

/** Identifies a lock, as far as that can be read off the program: objects by the text that names them. */
export type LockId = string;

export interface Locks {
  heldIn(fn: number): ReadonlySet<LockId>;
}

const NONE: ReadonlySet<LockId> = new Set();

export function locksIn(model: Model, flows: Flows): Locks {
  const { colouring } = model;
  const marked = new Map<number, LockId>();
  for (const module of model.modules) {
    for (const [node, { lock }] of pragmasOf(module.source).atomic) {
      const fn = model.functionAt(module, node);
      if (fn !== undefined) marked.set(fn.id, lock === undefined ? ownLock(module, node) : `name ${lock}`);
    }
  }
  const incoming = new Map<number, Site[]>();
  const entered = new Set<number>();
  function enter(node: number): void {
    if (entered.has(node)) return;
    entered.add(node);
    colouring.membersOf(node).forEach(enter);
  }
  for (const site of colouring.sites) {
    for (const node of [...site.targets, ...site.inline]) {
      for (const fn of node < colouring.functions.length ? [node] : []) {
        const list = incoming.get(fn);
        if (list) list.push(site);
        else incoming.set(fn, [site]);
      }
    }
    site.started.forEach(enter);
  }
  for (const { id, arrivals } of colouring.functions) if (arrivals.get('async')?.entry === 'export') entered.add(id);

  function lockOf(site: Site): LockId | undefined {
    const isSection = site.call.callees.some((token) => token.kind === 'external' && token.path === ATOMIC);
    if (!isSection || !isHeld(site)) return undefined;
    const node = model.nodeOf(site);
    if (node === undefined || !('arguments' in node)) return undefined;
    const [key] = node.arguments;
    if (node.arguments.length < 2 || key === undefined) return 'common';
    const name = stringValue(unwrap(key));
    if (name !== undefined) return `name ${name}`;
    const { text } = (model.modules[site.call.module] as ModuleModel).source;
    return `object ${text.slice(key.start as number, key.end as number)}`;
  }
  /** Whether a section waits for its lock: not where it has to run synchronously. */
  function isHeld(site: Site): boolean {
    return colouring.suspends(site);
  }

  // The greatest solution: a lock is held unless somebody comes without it.
  const held = new Map<number, ReadonlySet<LockId> | undefined>();
  function solve(): boolean {
    let changed = false;
    for (const { id } of colouring.functions) {
      const sites = (incoming.get(id) ?? []).filter(({ call }) => flows.of(call.caller) !== undefined);
      let common: ReadonlySet<LockId> | undefined = entered.has(id) || sites.length === 0 ? NONE : undefined;
      for (const site of sites) {
        const outer = held.get(site.call.caller);
        if (common?.size === 0) break;
        if (outer === undefined && held.has(site.call.caller)) continue;
        const lock = site.inline.includes(id) ? lockOf(site) : undefined;
        const here = new Set([...(outer ?? NONE), ...(lock === undefined ? [] : [lock])]);
        common = common === undefined ? here : new Set([...common].filter((one) => here.has(one)));
      }
      const own = marked.get(id);
      const after = own === undefined ? common : new Set([...(common ?? NONE), own]);
      const before = held.get(id);
      if (held.has(id) && before?.size === after?.size) continue;
      held.set(id, after);
      changed = true;
    }
    return changed;
  }
  for (const { id } of colouring.functions) held.set(id, undefined);
  for (let round = 0; round < 20 && solve(); round++);
  return { heldIn: (fn) => held.get(fn) ?? NONE };
}

function ownLock(module: ModuleModel, node: FunctionNode | Node): LockId {
  return `function ${module.index}:${spanOf(node).start}`;
}

/** Whether functions exclude each other. */
export function excludes(locks: Locks, a: FunctionModel, b: FunctionModel): boolean {
  const [ofA, ofB] = [locks.heldIn(a.id), locks.heldIn(b.id)];
  return [...ofA].some((lock) => ofB.has(lock));
}
