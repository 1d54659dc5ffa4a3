/** What changes in a module although analysis plans nothing for it. */
import type { Node, TaggedTemplateExpression } from '@babel/types';
import type { ParsedModule } from '../parse/parse.js';
import { wordsOf } from '../parse/words.js';
import { type ModulePlan, spanKey } from '../program.js';
import { constructorIn, earlyNames, fieldsIn } from '../syntax/classElements.js';
import {
  childrenOf,
  type FunctionNode,
  isClass,
  isFunction,
  isPrivateMember,
  spanOf,
  unwrap,
} from '../syntax/nodes.js';
import { visitOwnNodes } from '../syntax/ownNodes.js';
import { privateLookup } from '../syntax/privateNames.js';
import { targetsIn } from '../syntax/targets.js';

/**
 * - Tagged templates in functions and fields that are written twice: both forms have to give the tag the same object of strings.
 * - Reads of private methods with an asynchronous form, which have no place of their own where they could be linked.
 * - Uses of private fields that may have no value yet.
 * - `this`, `super` and `new.target` in asynchronous constructors; `new.target` in functions with an asynchronous form, and these functions.
 */
export function implied(module: ParsedModule, plan: ModulePlan): ReadonlySet<Node> {
  const found = new Set<Node>();
  // Walking costs, and most modules have none of these.
  if (
    !/[#`]|\b(constructor|target)\b/.test(wordsOf(module)) ||
    ![...plan.functions.values()].some(({ form }) => form === 'twin')
  )
    return found;
  const kept = new Set<Node | null>();
  const fields = new Set<Node>();
  const isTwin = (node: Node) => plan.functions.get(spanKey(spanOf(node)))?.form === 'twin';

  function walk(node: Node, isTwice: boolean, outer: ReadonlySet<string>): void {
    const twice = isTwice || fields.has(node) || (isFunction(node) && isTwin(node));
    for (const place of placesIn(node)) kept.add(place);
    if (isFunction(node) && isTwin(node)) ofNew(node, found);
    let early = outer;
    if (isClass(node) && isTwin(constructorIn(node.body) ?? node.body)) {
      early = new Set([...outer, ...earlyNames(node)]);
      for (const { value } of fieldsIn(node.body)) if (value) fields.add(value);
    }
    if (node.type === 'TaggedTemplateExpression' && twice && !isRaw(node)) found.add(node);
    else if (isPrivateMember(node) && !kept.has(node)) found.add(node);
    if (early.has(privateLookup(node)[1] ?? '')) found.add(node);
    for (const child of childrenOf(node)) walk(child, twice, early);
  }
  walk(module.ast.program, false, new Set());
  return found;
}

/** What stands for something else in the asynchronous form of what `new` calls. */
function ofNew(fn: FunctionNode, found: Set<Node>): void {
  const isConstructor = fn.type === 'ClassMethod' && fn.kind === 'constructor';
  if (!isConstructor && (!/^Function/.test(fn.type) || fn.generator === true)) return;
  visitOwnNodes(fn, (node) => {
    if (isConstructor && (node.type === 'ThisExpression' || node.type === 'Super')) found.add(node);
    if (node.type !== 'MetaProperty' || node.meta.name !== 'new') return;
    found.add(node);
    if (!isConstructor) found.add(fn);
  });
}

/** `String.raw` does not keep what it is given. */
function isRaw({ tag }: TaggedTemplateExpression): boolean {
  return (
    tag.type === 'MemberExpression' &&
    tag.object.type === 'Identifier' &&
    tag.object.name === 'String' &&
    tag.property.type === 'Identifier' &&
    tag.property.name === 'raw'
  );
}

/** The expressions directly in `node` that are called, or written to: not their value counts. */
function placesIn(node: Node): readonly (Node | null)[] {
  switch (node.type) {
    case 'CallExpression':
    case 'OptionalCallExpression':
      return [unwrap(node.callee)];
    case 'TaggedTemplateExpression':
      return [unwrap(node.tag)];
    default:
      return targetsIn(node);
  }
}
