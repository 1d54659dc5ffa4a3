/** Classes and their members. */
import type { Class, ClassBody, ClassMethod, ClassPrivateMethod, Decorator, Expression, Node } from '@babel/types';
import { canInitialiseApart, constructorIn } from '../syntax/classElements.js';
import { isFixedKey } from '../syntax/keys.js';
import { unwrap } from '../syntax/nodes.js';
import { addImplicitConstructor, constructorBarrier } from './construction.js';
import { value } from './expressions.js';
import { type Extraction, from, type Mutable, type Place } from './extraction.js';
import type { ClassFact, FunctionFact, FunctionKind, Vertex } from './facts.js';
import { visitFunction } from './functions.js';
import { coercion, displayName, isDecorated, keyName, literalKey } from './names.js';
import type { Scope } from './scopes.js';
import { block } from './statements.js';

type Field = Extract<
  Class['body']['body'][number],
  { type: 'ClassProperty' | 'ClassPrivateProperty' | 'ClassAccessorProperty' }
>;

interface ClassInTheMaking {
  readonly name: string;
  readonly fact: Mutable<ClassFact>;
  /** Where the class itself is evaluated. */
  readonly outer: Place;
}

/** Decorators are called where the class is defined, and what they return is not used before. */
export function visitDecorators(x: Extraction, node: object, at: Place): void {
  const { decorators } = node as { decorators?: readonly Decorator[] | null };
  for (const { expression } of decorators ?? []) value(x, expression, { ...at, barrier: 'decorator' });
}

export function visitClass(x: Extraction, node: Class, outer: Place, name: string): Vertex {
  const superClass = node.superClass ? value(x, node.superClass, outer) : undefined;
  visitDecorators(x, node, outer);
  const index = x.facts.classes.length;
  const fact: Mutable<ClassFact> = {
    name,
    end: node.end as number,
    superClass,
    constructor: undefined,
    construction: 0,
    members: [],
  };
  x.facts.classes.push(fact);
  const cls = from(x, { kind: 'class', index });
  const instance = from(x, { kind: 'instance', index });
  const scope: Scope = { parent: outer.scope, bindings: new Map() };
  if (node.id) scope.bindings.set(node.id.name, cls);
  fact.construction = visitConstructor(
    x,
    node,
    { name, fact, outer },
    { ...outer, scope, strict: true, self: instance },
  );
  for (const member of node.body.body) {
    if (member.type === 'ClassMethod' && member.kind === 'constructor') continue;
    visitDecorators(x, member, outer);
    const isStatic = 'static' in member && member.static === true;
    const superVertex = from(x, { kind: 'super', index, isStatic });
    const at: Place = { ...outer, scope, strict: true, self: isStatic ? cls : instance, superClass: superVertex };
    switch (member.type) {
      case 'ClassMethod':
      case 'ClassPrivateMethod':
        visitMethod(x, member, { name, fact, outer }, at);
        break;
      case 'ClassProperty':
      case 'ClassPrivateProperty':
      case 'ClassAccessorProperty':
        if ('computed' in member && member.computed === true)
          value(x, member.key as Expression, { ...outer, barrier: 'computed-key' });
        visitField(x, member, node.body, fact, at);
        break;
      case 'StaticBlock':
        block(x, member.body, { ...at, scope: { parent: scope, bindings: new Map() }, barrier: 'static-block' });
        break;
      default:
    }
  }
  return cls;
}

/** Fields are initialised by the constructor, which is visited first. */
function visitConstructor(x: Extraction, node: Class, { name, fact, outer }: ClassInTheMaking, at: Place): number {
  const parent = from(x, { kind: 'super', index: x.facts.classes.indexOf(fact), isStatic: false });
  const place: Place = { ...at, superClass: parent, barrier: undefined };
  const ctor = constructorIn(node.body);
  if (ctor === undefined) return addImplicitConstructor(x, node, name, place, parent);
  visitDecorators(x, ctor, outer);
  const barrier = constructorBarrier(node, ctor);
  fact.constructor = visitFunction(x, ctor, 'constructor', `new ${name}`, place, barrier);
  return fact.constructor;
}

const METHOD_KINDS: Readonly<Record<Exclude<ClassMethod['kind'], 'constructor'>, FunctionKind>> = {
  get: 'getter',
  set: 'setter',
  method: 'method',
};

function visitMethod(
  x: Extraction,
  member: ClassMethod | ClassPrivateMethod,
  { name, fact, outer }: ClassInTheMaking,
  at: Place,
): void {
  const isComputed = member.type === 'ClassMethod' && member.computed === true;
  const key = isComputed ? literalKey(member.key) : keyName(member.key);
  if (isComputed) value(x, member.key as Expression, { ...outer, barrier: 'computed-key' });
  const isStatic = member.static === true;
  const kind = METHOD_KINDS[member.kind as 'method'];
  const display = `${name}${isStatic || key?.startsWith('#') ? '.' : '#'}${displayName(key)}`;
  const fn = visitFunction(x, member, kind, display, { ...at, barrier: undefined }, barrierOf(member, kind));
  if (kind === 'method') {
    (fact.members as unknown[]).push({ name: key ?? '', isStatic, fn });
    const inherits = fact.superClass !== undefined && !isStatic;
    if (inherits) (x.facts.functions[fn] as Mutable<FunctionFact>).inheritedKey = key;
  }
}

function barrierOf(member: ClassMethod | ClassPrivateMethod, kind: FunctionKind) {
  if (kind !== 'method') return kind;
  return [member, ...member.params].some(isDecorated) ? 'decorated-method' : coercion(member);
}

function visitField(x: Extraction, member: Field, body: ClassBody, { construction }: ClassFact, at: Place): void {
  if (!member.value) return;
  const key = keyName(member.key);
  // A static field is initialised with the class, as a static block runs; others with each object.
  const inner: Place =
    member.static === true
      ? { ...at, barrier: 'static-block' }
      : { ...at, fn: construction, barrier: canInitialiseApart(body) ? undefined : 'field-initialiser' };
  const isNameless = 'computed' in member && member.computed === true && !isFixedKey(member);
  const held =
    (isNameless ? namelessFunction(x, member.value, inner, key) : undefined) ?? value(x, member.value, inner, key);
  x.facts.stores.push({ object: undefined, property: key, value: held });
}

/** A function in a field with a computed key, which is the function's name. */
function namelessFunction(x: Extraction, wrapped: Node, at: Place, key: string | undefined): Vertex | undefined {
  const node = unwrap(wrapped);
  if (node.type !== 'ArrowFunctionExpression' && node.type !== 'FunctionExpression') return undefined;
  const kind = node.type === 'ArrowFunctionExpression' ? 'arrow' : 'function';
  return from(x, { kind: 'function', index: visitFunction(x, node, kind, key ?? '[computed]', at, 'computed-field') });
}
