/**
 * Object literals. Methods with `super` and accessors stay in their place, because they belong to the object around them, and are linked
 * when the object is made. Their asynchronous forms are methods of an object whose prototype is kept the same.
 */
import type { ObjectExpression, ObjectMethod } from '@babel/types';
import { spanOf } from '../syntax/nodes.js';
import { usesSuper } from '../syntax/objects.js';
import { accessorForms, isTwinnedAccessor, keepAccessorKeys, LINKS } from './accessors.js';
import type { Code } from './code.js';
import { type Context, helper, isLinked } from './context.js';
import { emit, emitRange } from './emit.js';
import { asyncMethod, emitObjectMethod, keyCode } from './functions.js';

export function emitObject(node: ObjectExpression, outer: Context): Code {
  const hasAccessors = node.properties.some((property) => isTwinnedAccessor(property, outer));
  const cx = hasAccessors ? keepAccessorKeys(node.properties, outer) : outer;
  let code: Code = emitRange(spanOf(node), node.properties, (property) =>
    property.type === 'ObjectMethod' && cx.keys.has(property.key) ? emitObjectMethod(property, cx) : emit(property, cx),
  );
  const methods = node.properties.filter(
    (property): property is ObjectMethod => property.type === 'ObjectMethod' && isLinkedWithObject(property, cx),
  );
  if (methods.length > 0) {
    const forms = methods.map((method, i) => [i === 0 ? '' : ', ', asyncMethod(method, cx, keyCode(method, cx))]);
    code = [`${helper(cx, 'linkMethods')}(`, code, ', { ', forms, ' })'];
  }
  for (const kind of ['get', 'set'] as const) {
    const forms = hasAccessors ? accessorForms(node.properties, kind, cx) : undefined;
    if (forms !== undefined) code = [`${helper(cx, LINKS[kind])}(`, code, ', ', forms, ')'];
  }
  return code;
}

/** Whether a method is linked with those of its object instead of in its place. */
export function isLinkedWithObject(method: ObjectMethod, cx: Context): boolean {
  return isLinked(cx, method) && method.kind === 'method' && usesSuper(method);
}
