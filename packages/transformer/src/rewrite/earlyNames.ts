/**
 * Private fields that may have no value yet. An object that is made step by step has all its private names from the start, where the language gives it
 * one after the other: until its turn has come, a field is looked for in an object that does not have it.
 */
import type { Node } from '@babel/types';
import { childrenOf, spanOf } from '../syntax/nodes.js';
import { privateLookup } from '../syntax/privateNames.js';
import type { Code } from './code.js';
import { type Context, freshName, helper } from './context.js';
import { emit, emitArgument, emitRange } from './emit.js';

/**
 * What a private name is looked for in.
 *
 * @param name without `#`
 * @param object the code of the object, evaluated once
 */
export function holderOf(name: string, object: Code, cx: Context): Code {
  if (!cx.earlyNames.has(name)) return object;
  const self = freshName(cx.shared, '$object');
  return [`${helper(cx, 'initialised')}(`, object, `, (${self}) => #${name} in ${self} && ${self}.#${name})`];
}

/** An access of a private field that may have no value yet, or a test for it; undefined for everything else. */
export function emitEarly(node: Node, cx: Context): Code | undefined {
  const [object, name] = privateLookup(node);
  if (object === undefined || name === undefined || !cx.earlyNames.has(name)) return undefined;
  return emitRange(spanOf(node), childrenOf(node), (child) =>
    child === object ? holderOf(name, emitArgument(child, cx), cx) : emit(child, cx),
  );
}
