/** Loops on the clock that are sleeps: each counts as a blocking call, at the place of its test. */

import type { Node } from '@babel/types';
import { SLEEP_LOOP } from '../catalogue/builtins.js';
import { wordsOf } from '../parse/words.js';
import { spanOf } from '../syntax/nodes.js';
import { type NameUses, nameUses, type SleepLoop, sleepLoopOf } from '../syntax/sleepLoops.js';
import { addCall, type Extraction, from, type Place } from './extraction.js';
import { lookup, type Scope } from './scopes.js';

/** @param at inside of the loop's own scope, if it has one */
export function noteSleepLoop(x: Extraction, node: Node, at: Place): void {
  const loop = sleepLoopOf(node);
  if (loop === undefined || !isSettled(x, node, loop, at)) return;
  const callee = from(x, { kind: 'external', path: SLEEP_LOOP });
  addCall(x, { span: spanOf(loop.test), caller: at.fn, callee, barrier: at.barrier });
}

/** Whether what a loop waits for cannot change while other parts of the program run. */
function isSettled(x: Extraction, node: Node, { names, clock }: SleepLoop, at: Place): boolean {
  const words = wordsOf(x.module);
  // What is assigned by other means than its name.
  if (/\beval\b|\bwith\s*\(/.test(words) || (!at.strict && /\barguments\b/.test(words))) return false;
  if (['Date', 'performance', 'Number'].some((name) => lookup(at.scope, name) !== undefined)) return false;
  const uses = nameUses(x.module.ast.program);
  const owner = uses.ownerOf.get(node) as Node;
  if (clock !== undefined && !(isOwn(clock, at) && !isInClosures(uses.users.get(clock), owner, uses))) return false;
  return names.every(({ name }) => isUnchanged(name, uses, owner, at));
}

function isUnchanged(name: string, uses: NameUses, owner: Node, at: Place): boolean {
  const found = uses.writers.get(name);
  if (uses.imported.has(name)) return false;
  // Another call of the function has variables of its own, but no others.
  if (isOwn(name, at)) return !isInClosures(found, owner, uses);
  return found === undefined && lookup(at.scope, name) !== undefined && !uses.variable.has(name);
}

/** Whether some of the functions that use a variable of `owner`, if they mean that variable, are others. */
function isInClosures(users: ReadonlySet<Node> | undefined, owner: Node, uses: NameUses): boolean {
  return [...(users ?? [])].some((user) => uses.isInside(user, owner));
}

/** Whether a name is one of the function's own variables. */
function isOwn(name: string, { scope, body }: Place): boolean {
  for (let at: Scope | undefined = scope; at !== undefined; at = at.parent) {
    if (at.bindings.has(name)) return true;
    if (at === body) return false;
  }
  return false;
}
