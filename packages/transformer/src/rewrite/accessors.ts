/** Getters and setters: they are linked to their asynchronous forms behind the object literal, and in a static block of the class. */
import type { ClassMethod, ClassPrivateMethod, Node, ObjectMethod } from '@babel/types';
import { isFixedKey } from '../syntax/keys.js';
import type { Code } from './code.js';
import { type Context, functionPlan, type KeptKey, uniqueTemporary } from './context.js';
import { asyncMethod, keyCode } from './functions.js';

type Accessor = (ClassMethod | ObjectMethod | ClassPrivateMethod) & { kind: 'get' | 'set' };
type PublicAccessor = Exclude<Accessor, ClassPrivateMethod>;

export function isAccessor(node: Node): node is Accessor {
  const isMethod = node.type === 'ClassMethod' || node.type === 'ObjectMethod' || node.type === 'ClassPrivateMethod';
  return isMethod && (node.kind === 'get' || node.kind === 'set');
}

export function isTwinnedAccessor(node: Node, cx: Context): node is Accessor {
  return isAccessor(node) && functionPlan(cx, node)?.form === 'twin';
}

/** Computed keys of accessors are kept in temporaries, because those of their asynchronous forms are the same. */
export function keepAccessorKeys(members: readonly Node[], cx: Context): Context {
  const keys = new Map<Node, KeptKey>(cx.keys);
  for (const member of members) {
    if (!isPublic(member) || isFixedKey(member)) continue;
    keys.set(member.key, { temporary: uniqueTemporary(cx), evaluated: false });
  }
  return { ...cx, keys };
}

/** What links accessors of a kind to their asynchronous forms. */
export const LINKS = { get: 'linkGetters', set: 'linkSetters' } as const;

function isPublic(node: Node): node is PublicAccessor {
  return isAccessor(node) && node.type !== 'ClassPrivateMethod';
}

/**
 * An object literal with the asynchronous forms of accessors. Those without one stand there as well, as undefined, because they may have
 * the key of one before them and replace it.
 */
export function accessorForms(accessors: readonly Node[], kind: 'get' | 'set', cx: Context): Code | undefined {
  const ofKind = accessors.filter((node): node is PublicAccessor => isPublic(node) && node.kind === kind);
  if (!ofKind.some((accessor) => isTwinnedAccessor(accessor, cx))) return undefined;
  const forms = ofKind.map((accessor) => {
    const key = keyCode(accessor, cx);
    return [isTwinnedAccessor(accessor, cx) ? asyncMethod(accessor, cx, key) : [key, ': void 0'], ', '];
  });
  return ['{ ', forms, '}'];
}
