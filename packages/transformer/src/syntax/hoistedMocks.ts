/** Calls that test frameworks move above the imports of their file, where nothing that those bring may be named. */
import type { Node } from '@babel/types';

const FRAMEWORKS: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ['mock', new Set(['jest', 'vi'])],
  ['hoisted', new Set(['vi'])],
]);

/** Whether `node` is `jest.mock(...)`, `vi.mock(...)` or `vi.hoisted(...)`, also at the end of a chain of calls. */
export function isHoistedMock(node: Node): boolean {
  if (node.type !== 'CallExpression' || node.callee.type !== 'MemberExpression' || node.callee.computed) return false;
  const { object, property } = node.callee;
  const frameworks = property.type === 'Identifier' ? FRAMEWORKS.get(property.name) : undefined;
  if (frameworks === undefined) return false;
  let start: Node = object;
  while (start.type === 'CallExpression' && start.callee.type === 'MemberExpression') start = start.callee.object;
  return start.type === 'Identifier' && frameworks.has(start.name);
}
