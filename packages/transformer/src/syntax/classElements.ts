/** What a class is made of, as far as it matters to the construction of its instances. */
import type {
  Class,
  ClassAccessorProperty,
  ClassBody,
  ClassDeclaration,
  ClassMethod,
  ClassPrivateProperty,
  ClassProperty,
  Expression,
  MemberExpression,
  Node,
  OptionalMemberExpression,
  Statement,
} from '@babel/types';
import { isDecorated } from './decorators.js';
import { isFixedKey } from './keys.js';
import { childrenOf, type FunctionNode, isFunction, isMember, unwrap } from './nodes.js';
import { visitOwn, visitOwnNodes } from './ownNodes.js';

export type Field = ClassProperty | ClassPrivateProperty | ClassAccessorProperty;

type Member = ClassBody['body'][number];

export function constructorIn({ body }: ClassBody): ClassMethod | undefined {
  return body.find((member): member is ClassMethod => member.type === 'ClassMethod' && member.kind === 'constructor');
}

/** Whether decorators get hold of a class as a whole. Those of its constructor's parameters count: TypeScript applies them to the class. */
export function hasClassDecorators(cls: Class): boolean {
  return isDecorated(cls) || constructorIn(cls.body)?.params.some(isDecorated) === true;
}

/** Whether decorators may replace a class that has no name to tell it by. */
export function isLostToDecorators(cls: Class): boolean {
  return !cls.id && hasClassDecorators(cls);
}

/** The fields of instances, in order. Fields that are only declared to TypeScript are none. */
export function fieldsIn({ body }: ClassBody): Field[] {
  return body.filter(
    (member): member is Field =>
      /^Class(Private|Accessor)?Property$/.test(member.type) && isOfInstances(member) && !isDeclaration(member),
  );
}

function isOfInstances(member: Member): boolean {
  return !('static' in member && member.static === true);
}

export function isDeclaration(member: Member): boolean {
  return (
    member.type === 'TSDeclareMethod' ||
    ('declare' in member && member.declare === true) ||
    ('abstract' in member && member.abstract === true)
  );
}

/** Whether something is done to new instances that only the class itself can do: private names are installed, or decorators take part. */
export function hasOwnElements({ body }: ClassBody): boolean {
  return body.some(
    (member) =>
      isOfInstances(member) &&
      (/^Class(Private|Accessor)/.test(member.type) || (isDecorated(member) && !isDeclaration(member))),
  );
}

/** Parameters of a constructor that TypeScript makes properties: their names, by position. */
export function propertiesOf(ctor: ClassMethod | undefined): ReadonlyMap<number, string> {
  const properties = new Map<number, string>();
  ctor?.params.forEach((param, position) => {
    if (param.type !== 'TSParameterProperty') return;
    const { parameter } = param;
    const name = parameter.type === 'AssignmentPattern' ? parameter.left : parameter;
    if (name.type === 'Identifier') properties.set(position, name.name);
  });
  return properties;
}

/** `super(...)` as a statement of the constructor's body itself. */
export function superStatement({ body: { body } }: ClassMethod): Statement | undefined {
  return body.find(
    (statement) => statement.type === 'ExpressionStatement' && isSuperCall(unwrap(statement.expression)),
  );
}

/** `super.x` or `super[key]` */
export function isSuperMember(node: Node): node is MemberExpression {
  return node.type === 'MemberExpression' && node.object.type === 'Super';
}

/** Whether a class that is declared may be an expression, too. */
export function isExpressible(cls: ClassDeclaration): boolean {
  return !isDecorated(cls) && cls.declare !== true && cls.abstract !== true && Boolean(cls.id);
}

export function isSuperCall(node: Node): boolean {
  return node.type === 'CallExpression' && node.callee.type === 'Super';
}

/** Whether evaluating an expression does nothing but make a value. */
export function isInert(wrapped: Expression): boolean {
  const node = unwrap(wrapped);
  if (isFunction(node)) return true;
  switch (node.type) {
    case 'StringLiteral':
    case 'NumericLiteral':
    case 'BooleanLiteral':
    case 'NullLiteral':
    case 'BigIntLiteral':
    case 'RegExpLiteral':
      return true;
    case 'TemplateLiteral':
      return node.expressions.length === 0;
    case 'ArrayExpression':
      return node.elements.every(
        (element) => element === null || (element.type !== 'SpreadElement' && isInert(element)),
      );
    case 'ObjectExpression':
      return node.properties.every(
        (property) =>
          property.type !== 'SpreadElement' &&
          !property.computed &&
          (property.type === 'ObjectMethod' || isInert(property.value as Expression)),
      );
    case 'UnaryExpression':
      return /^(void|!|-)$/.test(node.operator) && /Literal$/.test(node.argument.type) && isInert(node.argument);
    default:
      return false;
  }
}

/** Whether binding parameters does nothing but take what is given. */
export function hasInertParameters({ params }: FunctionNode): boolean {
  return params.every((param) => {
    const bound = param.type === 'TSParameterProperty' ? param.parameter : param;
    if (bound.type === 'AssignmentPattern') return bound.left.type === 'Identifier' && isInert(bound.right);
    return bound.type === 'Identifier' || (bound.type === 'RestElement' && bound.argument.type === 'Identifier');
  });
}

/**
 * Whether parameters that are properties have to be set apart from fields: TypeScript lets it depend on its options whether fields come before parameters
 * or after them, and both may do something.
 */
export function setsPropertiesApart({ body, superClass }: Class): boolean {
  const ctor = constructorIn(body);
  // Fields of a class that extends another always come behind parameters.
  if (ctor === undefined || superClass || propertiesOf(ctor).size === 0 || hasInertParameters(ctor)) return false;
  return !hasInertFields(body) || usesThis(ctor.params, ctor);
}

function hasInertFields(body: ClassBody): boolean {
  return fieldsIn(body).every(({ value }) => !value || isInert(value));
}

/** Whether parts of a function use its `this` or `super`. */
export function usesThis(nodes: readonly Node[], fn: ClassMethod): boolean {
  let uses = false;
  for (const node of nodes) {
    visitOwn(node, fn, ({ type }) => {
      uses ||= type === 'ThisExpression' || type === 'Super';
    });
  }
  return uses;
}

/**
 * Whether the initialiser of a field may let others see the object, calls something of it, or uses a member other than those of which
 * `isPlain` says that they are properties without code.
 */
function showsObject(value: Expression, isPlain: (name: string | undefined) => boolean): boolean {
  if (isFunction(unwrap(value))) return false;
  let shows = false;
  const used = new Set<Node>();
  const called = new Set<Node>();
  visitOwn(value, value, (node) => {
    if ('callee' in node) called.add(unwrap(node.callee));
    if (node.type === 'TaggedTemplateExpression') called.add(unwrap(node.tag));
    if (isMember(node) && !called.has(node) && isPlain(memberName(node))) used.add(node.object);
    if ((node.type === 'ThisExpression' || node.type === 'Super') && !used.has(node)) shows = true;
  });
  return shows;
}

function memberName({ property, computed }: MemberExpression | OptionalMemberExpression): string | undefined {
  if (property.type === 'PrivateName') return `#${property.id.name}`;
  return property.type === 'Identifier' && !computed ? property.name : undefined;
}

/** Whether fields can be initialised one by one, with the private names installed beforehand: decorators do not take part in that. */
export function canInitialiseApart(body: ClassBody): boolean {
  if (!hasOwnElements(body)) return true;
  if (
    body.body.some(
      (member) => isOfInstances(member) && (isDecorated(member) || member.type === 'ClassAccessorProperty'),
    )
  )
    return false;
  // Such a class takes its name from the field, and no other place would give it.
  return !fieldsIn(body).some((field) => field.value && isNamelessClass(field.value) && isComputed(field));
}

/**
 * The private fields that somebody could look for before they have had their turn, in which the language throws: an initialiser shows the object
 * before, or a handler gets it where an initialiser has failed.
 */
export function earlyNames({ body }: Class): ReadonlySet<string> {
  const fields = fieldsIn(body);
  const names = (members: readonly Member[]) =>
    new Set(members.flatMap((member) => ('key' in member ? [nameOf(member.key)] : [])));
  const ofClass = names(body.body.filter((member) => !fields.includes(member as Field)));
  const ctor = constructorIn(body);
  const first =
    ctor !== undefined && keepsFailed(ctor)
      ? 0
      : fields.findIndex(({ value }, i) => {
          const before = names(fields.slice(0, i));
          const isPlain = (name: string | undefined) =>
            name !== undefined && (name.startsWith('#') ? before.has(name) : !ofClass.has(name));
          return value && showsObject(value, isPlain);
        });
  const early = first < 0 ? [] : fields.slice(first);
  return new Set(early.flatMap((field) => (field.type === 'ClassPrivateProperty' ? [field.key.id.name] : [])));
}

/** Whether the object may be at hand although `super(...)`, which initialises fields, has failed: where that is handled, and in functions made before. */
function keepsFailed(ctor: ClassMethod): boolean {
  const calls: Node[] = [];
  let isWithin = false;
  visitOwnNodes(ctor, (node, _, between) => {
    if (isSuperCall(node)) calls.push(node);
    isWithin ||= isSuperCall(node) && between === 'arrow';
  });
  const last = Math.max(...calls.map(({ start }) => start as number));
  visitOwnNodes(ctor, (node, _, between) => {
    isWithin ||= node.type === 'ThisExpression' && between === 'arrow' && (node.start as number) < last;
  });
  return isWithin || isTried(ctor.body);
}

function isTried(node: Node, within = false): boolean {
  if (isSuperCall(node)) return within;
  const isTry = node.type === 'TryStatement';
  return childrenOf(node).some((child) => isTried(child, within || (isTry && child === node.block)));
}

function isNamelessClass(value: Expression): boolean {
  const node = unwrap(value);
  return node.type === 'ClassExpression' && !node.id;
}

function isComputed(field: Field): boolean {
  return 'computed' in field && field.computed === true && !isFixedKey(field);
}

function nameOf(key: Node): string | undefined {
  if (key.type === 'PrivateName') return `#${key.id.name}`;
  if (key.type === 'Identifier') return key.name;
  return key.type === 'StringLiteral' ? key.value : undefined;
}
