/** Getters and setters: they are linked to their asynchronous forms behind the object literal, and in a static block of the class. */
import type { ClassMethod, ClassPrivateMethod, Node, ObjectExpression, ObjectMethod } from '@babel/types';
import { spanOf } from '../syntax/nodes.js';
import type { Code } from './code.js';
import { type Context, functionPlan, helper, type KeptKey, uniqueTemporary } from './context.js';
import { emit, emitRange } from './emit.js';
import { asyncMethod, emitObjectMethod, isFixedKey, keyCode } from './functions.js';

type Accessor = (ClassMethod | ObjectMethod | ClassPrivateMethod) & { kind: 'get' | 'set' };
type PublicAccessor = Exclude<Accessor, ClassPrivateMethod>;

export function isAccessor(node: Node): node is Accessor {
  const isMethod = node.type === 'ClassMethod' || node.type === 'ObjectMethod' || node.type === 'ClassPrivateMethod';
  return isMethod && (node.kind === 'get' || node.kind === 'set');
}

export function isTwinnedAccessor(node: Node, cx: Context): node is Accessor {
  return isAccessor(node) && functionPlan(cx, node)?.form === 'twin';
}

/** An object literal, with the links of its accessors behind it; undefined if it has none with an asynchronous form. */
export function emitObject(node: ObjectExpression, outer: Context): Code | undefined {
  const accessors = node.properties.filter((property) => isPublic(property));
  if (!accessors.some((accessor) => isTwinnedAccessor(accessor, outer))) return undefined;
  const keys = new Map<Node, KeptKey>(outer.keys);
  for (const accessor of accessors) {
    if (!isFixedKey(accessor)) keys.set(accessor.key, { temporary: uniqueTemporary(outer), evaluated: false });
  }
  const cx = { ...outer, keys };
  let code: Code = emitRange(spanOf(node), node.properties, (property) =>
    property.type === 'ObjectMethod' && keys.has(property.key) ? emitObjectMethod(property, cx) : emit(property, outer),
  );
  for (const kind of ['get', 'set'] as const) {
    const forms = accessorForms(accessors, kind, cx);
    if (forms !== undefined) code = [`${helper(cx, LINKS[kind])}(`, code, ', ', forms, ')'];
  }
  return code;
}

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
    return [isTwinnedAccessor(accessor, cx) ? asyncMethod(accessor, cx, key) : [key, ': undefined'], ', '];
  });
  return ['{ ', forms, '}'];
}
