/**
 * Parameters of constructors that run for nothing but their fields: nobody reads them, and nothing in them may be evaluated.
 *
 * They are given something else than `undefined`, so that no default is evaluated. Computed keys are left out by the compiled constructor, and
 * so are defaults of parameters that are properties, which are given what they had.
 */
import type { Node, ObjectPattern, ObjectProperty } from '@babel/types';

/** Whether nothing needs to be evaluated where a parameter is given something that suits it. */
export function canBeIgnored(param: Node): boolean {
  switch (param.type) {
    case 'Identifier':
    case 'TSParameterProperty':
      return true;
    case 'AssignmentPattern':
      return canBeIgnored(param.left);
    case 'RestElement':
      return param.argument.type === 'Identifier';
    case 'ArrayPattern':
      return param.elements.every(
        (element) =>
          element === null ||
          (element.type === 'RestElement'
            ? element.argument.type === 'Identifier' ||
              (element.argument.type === 'ArrayPattern' && canBeIgnored(element.argument))
            : canBeIgnored(element)),
      );
    case 'ObjectPattern':
      return param.properties.every((property) => {
        if (property.type === 'RestElement') return property.argument.type === 'Identifier';
        return canBeIgnored(property.value);
      });
    default:
      return false;
  }
}

/** Whether a pattern takes all items that there are: it has to be given an end. */
export function endsItself(pattern: Node): boolean {
  switch (pattern.type) {
    case 'AssignmentPattern':
      return endsItself(pattern.left);
    case 'ArrayPattern':
      return pattern.elements.some(
        (element) => element !== null && (element.type === 'RestElement' || endsItself(element)),
      );
    case 'ObjectPattern':
      return pattern.properties.some((property) => property.type !== 'RestElement' && endsItself(property.value));
    default:
      return false;
  }
}

/** The computed keys in a pattern, those of patterns inside included, with the names that stand in for them. */
export function computedKeysIn(pattern: Node): [Node, string][] {
  switch (pattern.type) {
    case 'AssignmentPattern':
      return computedKeysIn(pattern.left);
    case 'RestElement':
      return computedKeysIn(pattern.argument);
    case 'ArrayPattern':
      return pattern.elements.flatMap((element) => (element === null ? [] : computedKeysIn(element)));
    case 'ObjectPattern': {
      const names = namesOfProperties(pattern);
      return pattern.properties.flatMap((property) => {
        if (property.type === 'RestElement') return [];
        const own: [Node, string][] = property.computed ? [[property.key, names.get(property) as string]] : [];
        return [...own, ...computedKeysIn(property.value)];
      });
    }
    default:
      return [];
  }
}

/** The names of a pattern's properties, with stand-ins for keys that are computed. */
export function namesOfProperties({ properties }: ObjectPattern): ReadonlyMap<Node, string> {
  const fixed = properties.filter((property) => property.type === 'ObjectProperty' && !property.computed);
  const names = new Map(
    fixed.map((property): [Node, string] => [property, nameOfProperty(property as ObjectProperty)]),
  );
  const taken = new Set(names.values());
  let i = 0;
  for (const property of properties) {
    if (property.type !== 'ObjectProperty' || !property.computed) continue;
    while (taken.has(String(i))) i++;
    names.set(property, String(i++));
  }
  return names;
}

function nameOfProperty({ key }: ObjectProperty): string {
  if (key.type === 'Identifier') return key.name;
  return key.type === 'BigIntLiteral' ? String(BigInt(key.value)) : String((key as { value: unknown }).value);
}
