/** Calls that test frameworks move above the imports of their file, where nothing that those bring may be named. */
import type { Node } from '@babel/types';

const HOISTED: Readonly<Record<string, readonly string[]>> = { jest: ['mock'], vi: ['mock', 'hoisted'] };

/** Whether `node` is `jest.mock(...)`, `vi.mock(...)` or `vi.hoisted(...)`, also at the end of a chain of such calls. */
export function isHoistedMock(node: Node): boolean {
  const names = node.type === 'CallExpression' ? calledOf(node.callee) : undefined;
  return names !== undefined && HOISTED[names.framework]?.includes(names.method) === true;
}

function calledOf(callee: Node): { readonly framework: string; readonly method: string } | undefined {
  if (callee.type !== 'MemberExpression' || callee.property.type !== 'Identifier' || callee.computed) return undefined;
  const { object, property } = callee;
  if (object.type === 'Identifier') return { framework: object.name, method: property.name };
  const before = object.type === 'CallExpression' ? calledOf(object.callee) : undefined;
  return before && { framework: before.framework, method: property.name };
}
