/** Methods of object literals, whose `super` is that of the object they stand in. */
import type { Node, ObjectExpression, ObjectMethod } from '@babel/types';
import { childrenOf, isFunction } from './nodes.js';

/** Whether a method uses `super` itself or in arrow functions. */
export function usesSuper(method: ObjectMethod): boolean {
  return [...method.params, method.body].some(hasSuper);
}

function hasSuper(node: Node): boolean {
  if (node.type === 'Super') return true;
  if (isFunction(node) && node.type !== 'ArrowFunctionExpression') return 'key' in node && hasSuper(node.key);
  if (node.type === 'ClassBody') return node.body.some((member) => 'key' in member && hasSuper(member.key));
  return childrenOf(node).some(hasSuper);
}

/** Whether the object of a literal has this method once it is made, under a key that can be written twice. */
export function isLasting(method: ObjectMethod, { properties }: ObjectExpression): boolean {
  const key = fixedKey(method);
  if (key === undefined) return false;
  return properties
    .slice(properties.indexOf(method) + 1)
    .every((other) => other.type !== 'SpreadElement' && ![key, undefined].includes(fixedKey(other)));
}

/** The key of a property as a string, that of a known symbol by its name in the source; undefined if only running tells. */
function fixedKey({ key, computed }: Exclude<ObjectExpression['properties'][number], { type: 'SpreadElement' }>) {
  if (key.type === 'Identifier') return computed ? undefined : key.name;
  if (key.type === 'StringLiteral' || key.type === 'NumericLiteral') return String(key.value);
  if (key.type === 'BigIntLiteral') return String(BigInt(key.value));
  return undefined;
}
