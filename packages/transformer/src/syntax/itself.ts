/** How a function gets hold of itself: by the name of a function expression, and by `arguments.callee`. */
import type { Node } from '@babel/types';
import { blockNames, namesIn } from './names.js';
import { childrenOf, type FunctionNode, isNamed } from './nodes.js';

/** Whether `arguments`, at the identifier `node`, may be asked for its `callee`: it is, or it is handed on to who knows whom. */
export function mayReadCallee(node: Node, parent: Node): boolean {
  switch (parent.type) {
    case 'MemberExpression':
    case 'OptionalMemberExpression': {
      const { property } = parent;
      if (parent.object !== node) return true;
      if (!parent.computed) return property.type === 'Identifier' && property.name === 'callee';
      return property.type === 'StringLiteral' && property.value === 'callee';
    }
    case 'SpreadElement':
    case 'ForOfStatement':
    case 'UnaryExpression':
      return false;
    case 'CallExpression':
      return !(
        parent.callee.type === 'MemberExpression' && readsItems(parent.callee, parent.arguments.indexOf(node as never))
      );
    default:
      return true;
  }
}

/** Whether what is called takes its argument for a list: `f.apply(this, arguments)`, `[].slice.call(arguments)`, `Array.from(arguments)`. */
function readsItems({ object, property }: Extract<Node, { type: 'MemberExpression' }>, index: number): boolean {
  if (property.type !== 'Identifier') return false;
  if (property.name === 'apply') return index === (isNamed(object, 'Reflect') ? 2 : 1);
  if (property.name === 'from') return isNamed(object, 'Array');
  return property.name === 'call' && index === 0 && object.type === 'MemberExpression';
}

/** Whether the `arguments` of a function of sloppy mode have a `callee`, and are known by this name where its body begins. */
export function hasCallee({ params, body }: FunctionNode): boolean {
  const isSimple = params.every((param) => param.type === 'Identifier' && param.name !== 'arguments');
  return isSimple && !(body.type === 'BlockStatement' && blockNames(body.body).includes('arguments'));
}

/** Whether anything in a function assigns to `name`, whatever it stands for there. */
export function assigns(node: Node, name: string): boolean {
  return (
    targetsOf(node).some((target) => namesIn(target).includes(name)) ||
    childrenOf(node).some((child) => assigns(child, name))
  );
}

/** What an assignment, or the head of a loop, assigns to. */
export function targetsOf(node: Node): readonly Node[] {
  switch (node.type) {
    case 'AssignmentExpression':
    case 'ForInStatement':
    case 'ForOfStatement':
      return [node.left];
    case 'UpdateExpression':
      return [node.argument];
    default:
      return [];
  }
}
