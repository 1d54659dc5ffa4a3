/** Keys of members. */
import type { Node } from '@babel/types';

/** Whether a member's key may be written twice: nothing changes what it evaluates to, and nobody sees that it is evaluated. */
export function isFixedKey({ key, computed }: { readonly key: Node; readonly computed?: boolean | null }): boolean {
  if (computed !== true || key.type === 'StringLiteral' || key.type === 'NumericLiteral') return true;
  return (
    key.type === 'MemberExpression' && key.object.type === 'Identifier' && key.object.name === 'Symbol' && !key.computed
  );
}
