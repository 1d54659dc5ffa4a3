/** Which parts of the syntax are evaluated. */
import type { Node } from '@babel/types';

/** Whether a child is evaluated: names of properties, labels and types are not. */
export function isEvaluated(node: Node, child: Node): boolean {
  if (
    /^(TS(?!AsExpression|SatisfiesExpression|NonNullExpression|TypeAssertion|InstantiationExpression|Enum|Module|ExportAssignment)|.*TypeAnnotation$|TypeParameter|MetaProperty)/.test(
      child.type,
    )
  )
    return false;
  switch (node.type) {
    case 'MemberExpression':
    case 'OptionalMemberExpression':
      return child === node.object || node.computed;
    case 'ObjectProperty':
    case 'ClassProperty':
    case 'ClassAccessorProperty':
      return child !== node.key || node.computed === true;
    case 'ClassPrivateProperty':
      return child !== node.key;
    case 'LabeledStatement':
      return child !== node.label;
    case 'BreakStatement':
    case 'ContinueStatement':
      return false;
    case 'TSEnumMember':
      return child !== node.id;
    default:
      return true;
  }
}
