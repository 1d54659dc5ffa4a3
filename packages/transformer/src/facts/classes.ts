/** Classes and their members. */
import type { Class, ClassBody, ClassMethod, ClassPrivateMethod, Expression, Node } from '@babel/types';
import { STREAM_METHODS } from '../catalogue/builtins.js';
import { canInitialiseApart, constructorIn, hasClassDecorators, isLostToDecorators } from '../syntax/classElements.js';
import { isDecorated } from '../syntax/decorators.js';
import { isFixedKey } from '../syntax/keys.js';
import { unwrap } from '../syntax/nodes.js';
import { declareAccessor } from './accessors.js';
import { addImplicitConstructor, constructorBarrier } from './construction.js';
import { type Decorated, decorate, decorateClass, decorateMethod, visitDecorators } from './decorators.js';
import { value } from './expressions.js';
import { type Extraction, from, type Mutable, type Place } from './extraction.js';
import type { ClassFact, FunctionFact, FunctionKind, Vertex } from './facts.js';
import { visitFunction } from './functions.js';
import { coercion, displayName, keyName, literalKey } from './names.js';
import type { Scope } from './scopes.js';
import { block } from './statements.js';

type Member = ClassBody['body'][number];
type Field = Extract<Member, { type: 'ClassProperty' | 'ClassPrivateProperty' | 'ClassAccessorProperty' }>;

interface ClassInTheMaking {
  readonly name: string;
  readonly index: number;
  readonly fact: Mutable<ClassFact>;
  /** Where the class itself is evaluated. */
  readonly outer: Place;
  readonly node: Class;
}

export function visitClass(x: Extraction, node: Class, around: Place, name: string): Vertex {
  const isDecoratedClass = [node, ...node.body.body].some(isDecorated);
  // All parts of a class are strict, also what it extends.
  const outer: Place = {
    ...around,
    strict: true,
    barrier: isDecoratedClass ? (around.barrier ?? 'decorator') : around.barrier,
  };
  const superClass = node.superClass ? value(x, node.superClass, outer) : undefined;
  const decorated = visitDecorators(x, node, outer);
  const index = x.facts.classes.length;
  const fact: Mutable<ClassFact> = {
    name,
    end: node.end as number,
    superClass,
    constructor: undefined,
    construction: 0,
    members: [],
    fields: [],
  };
  x.facts.classes.push(fact);
  const cls = from(x, { kind: 'class', index });
  const made = decorateClass(x, decorated, cls);
  const instance = from(x, { kind: 'instance', index });
  const scope: Scope = { parent: outer.scope, bindings: new Map() };
  if (node.id) scope.bindings.set(node.id.name, made);
  const inMaking: ClassInTheMaking = { name, index, fact, outer, node };
  fact.construction = visitConstructor(x, inMaking, { ...outer, scope, strict: true, self: instance });
  for (const member of node.body.body) {
    if (member.type === 'ClassMethod' && member.kind === 'constructor') continue;
    const decorators = visitDecorators(x, member, outer);
    const isStatic = 'static' in member && member.static === true;
    const superVertex = from(x, { kind: 'super', index, isStatic });
    const at: Place = { ...outer, scope, strict: true, self: isStatic ? cls : instance, superClass: superVertex };
    switch (member.type) {
      case 'ClassMethod':
      case 'ClassPrivateMethod':
        visitMethod(x, member, inMaking, decorators, at);
        break;
      case 'ClassProperty':
      case 'ClassPrivateProperty':
      case 'ClassAccessorProperty':
        // TypeScript moves these keys into a static block.
        if ('computed' in member && member.computed === true)
          value(x, member.key as Expression, { ...outer, barrier: 'computed-key' });
        noteField(member, fact);
        visitField(x, member, node.body, fact, at);
        decorate(x, decorators, at);
        break;
      case 'StaticBlock':
        block(x, member.body, { ...at, scope: { parent: scope, bindings: new Map() }, barrier: 'static-block' });
        break;
      default:
    }
  }
  return made;
}

/** Fields are initialised by the constructor, which is visited first. */
function visitConstructor(x: Extraction, { name, fact, node }: ClassInTheMaking, at: Place): number {
  const parent = from(x, { kind: 'super', index: x.facts.classes.indexOf(fact), isStatic: false });
  const place: Place = { ...at, superClass: parent, barrier: undefined };
  const ctor = constructorIn(node.body);
  if (ctor === undefined) return addImplicitConstructor(x, node, name, place, parent);
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
  { name, index, fact, outer, node }: ClassInTheMaking,
  decorators: Decorated,
  at: Place,
): void {
  const isComputed = member.type === 'ClassMethod' && member.computed === true;
  const key = isComputed ? literalKey(member.key) : keyName(member.key);
  if (isComputed) value(x, member.key as Expression, outer);
  const isStatic = member.static === true;
  const kind = METHOD_KINDS[member.kind as 'method'];
  if (member.type === 'ClassMethod' && !member.async) x.homed.add(x.facts.functions.length);
  const display = `${name}${isStatic || key?.startsWith('#') ? '.' : '#'}${displayName(key)}`;
  const fn = visitFunction(x, member, kind, display, { ...at, barrier: undefined }, barrierOf(member, kind, node));
  if (kind === 'method') {
    (fact.members as unknown[]).push({ name: key ?? '', isStatic, fn });
    decorateMethod(x, decorators, from(x, { kind: 'function', index: fn }), at.self as Vertex, key);
    const inherits = fact.superClass !== undefined && !isStatic;
    if (inherits) (x.facts.functions[fn] as Mutable<FunctionFact>).inheritedKey = key;
  } else {
    const held = declareAccessor(x, fn, key, { kind: 'class', index, isStatic });
    x.facts.stores.push({ object: undefined, property: key, value: held });
    decorate(x, decorators, at);
  }
}

function barrierOf(member: ClassMethod | ClassPrivateMethod, kind: FunctionKind, cls: Class) {
  return isLostToDecorators(cls) || mayBeReplaced(member, kind, cls) ? 'decorated-method' : coercion(member);
}

/** Whether decorators may put something in the place of a member that cannot be told from it, or does not know that it is asynchronous. */
function mayBeReplaced(member: ClassMethod | ClassPrivateMethod, kind: FunctionKind, cls: Class): boolean {
  // It is linked where it is read, which may be something else by then.
  if (member.type === 'ClassPrivateMethod' && isDecorated(member)) return true;
  // The older kind of decorators gets getter and setter both.
  if (kind !== 'method') return cls.body.body.some((other) => isDecorated(other) && mayShareKey(member, other));
  // Streams start the asynchronous form, and so return to a decorator's function early.
  const isOfStream = Boolean(cls.superClass) && STREAM_METHODS.has(keyName(member.key) ?? '');
  return isOfStream && (isDecorated(member) || hasClassDecorators(cls));
}

function mayShareKey(member: Member, other: Member): boolean {
  const [name, otherName] = [member, other].map(fixedName);
  return name === undefined || otherName === undefined || name === otherName;
}

/** The name under which a class has a member; undefined if only running tells. */
function fixedName(member: Member): string | undefined {
  if (!('key' in member)) return undefined;
  const isComputed = 'computed' in member && member.computed === true;
  return isComputed ? literalKey(member.key) : keyName(member.key);
}

function noteField(member: Field, { fields }: Mutable<ClassFact>): void {
  const isComputed = 'computed' in member && member.computed === true;
  const name = isComputed ? undefined : keyName(member.key);
  const isDeclared = 'declare' in member && member.declare === true;
  // Other than a field, `accessor x` is inherited.
  if (name !== undefined && !isDeclared && member.type !== 'ClassAccessorProperty') {
    (fields as unknown[]).push({ name, isStatic: member.static === true });
  }
}

function visitField(x: Extraction, member: Field, body: ClassBody, { construction }: ClassFact, at: Place): void {
  if (!member.value) return;
  const isComputed = 'computed' in member && member.computed === true;
  const key = isComputed ? literalKey(member.key) : keyName(member.key);
  // A static field is initialised with the class, as a static block runs; others with each object.
  const inner: Place =
    member.static === true
      ? { ...at, barrier: 'static-block' }
      : { ...at, fn: construction, barrier: canInitialiseApart(body) ? undefined : 'field-initialiser' };
  const isNameless = isComputed && !isFixedKey(member);
  const held =
    (isNameless ? namelessFunction(x, member.value, inner, key) : undefined) ?? value(x, member.value, inner, key);
  x.facts.stores.push({ object: undefined, property: key, value: held });
  if (key === undefined) x.facts.keyedStores.push({ object: at.self as Vertex, value: held });
}

/** A function in a field with a computed key, which is the function's name. */
function namelessFunction(x: Extraction, wrapped: Node, at: Place, key: string | undefined): Vertex | undefined {
  const node = unwrap(wrapped);
  if (node.type !== 'ArrowFunctionExpression' && node.type !== 'FunctionExpression') return undefined;
  const kind = node.type === 'ArrowFunctionExpression' ? 'arrow' : 'function';
  return from(x, { kind: 'function', index: visitFunction(x, node, kind, key ?? '[computed]', at, 'computed-field') });
}
