/**
 * Object literals. Methods with `super` stay in their place, because theirs is the prototype of the object around them, and are linked when
 * the object is made. Their asynchronous forms are methods of an object whose prototype is kept the same.
 */
import type { ObjectExpression, ObjectMethod } from '@babel/types';
import { usesSuper } from '../syntax/objects.js';
import type { Code } from './code.js';
import { type Context, functionPlan, helper } from './context.js';
import { emitChildren } from './emit.js';
import { asyncMethod, keyCode } from './functions.js';

export function emitObject(node: ObjectExpression, cx: Context): Code {
  const methods = node.properties.filter(
    (property): property is ObjectMethod => property.type === 'ObjectMethod' && isLinkedWithObject(property, cx),
  );
  if (methods.length === 0) return emitChildren(node, cx);
  const forms = methods.map((method, i) => [i === 0 ? '' : ', ', asyncMethod(method, cx, keyCode(method, cx))]);
  return [`${helper(cx, 'linkMethods')}(`, emitChildren(node, cx), ', { ', forms, ' })'];
}

/** Whether a method is linked with those of its object instead of in its place. */
export function isLinkedWithObject(method: ObjectMethod, cx: Context): boolean {
  return functionPlan(cx, method)?.form === 'twin' && usesSuper(method);
}
