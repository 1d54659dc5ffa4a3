/** Classes and their members. */
import type { Class, ClassBody, ClassMethod, ClassPrivateMethod, Expression, Node } from '@babel/types';
import { STREAM_METHODS } from '../catalogue/builtins.js';
import type { RuleId } from '../report/rules.js';
import { canInitialiseApart, constructorIn, hasClassDecorators, isLostToDecorators } from '../syntax/classElements.js';
import { isDecorated } from '../syntax/decorators.js';
import { isFixedKey } from '../syntax/keys.js';
import { isOpenBlock } from '../syntax/lists.js';
import { unwrap } from '../syntax/nodes.js';
import { canRunStaticsApart } from '../syntax/staticElements.js';
import { declareAccessor } from './accessors.js';
import { addImplicitConstructor, constructorBarrier } from './construction.js';
import {
  type Decorated,
  decorate,
  decorateAccessor,
  decorateClass,
  decorateMethod,
  visitDecorators,
} from './decorators.js';
import { value } from './expressions.js';
import { type Extraction, from, keyOf, type Mutable, memberKey, type Place } from './extraction.js';
import type { ClassFact, FunctionFact, FunctionKind, Vertex } from './facts.js';
import { visitFunction } from './functions.js';
import { coercion, displayName, keyName, literalKey } from './names.js';
import type { Scope } from './scopes.js';
import { block } from './statements.js';
import { inherited } from './traits.js';

type Member = ClassBody['body'][number];
type Field = Extract<Member, { type: 'ClassProperty' | 'ClassPrivateProperty' | 'ClassAccessorProperty' }>;

interface ClassInTheMaking {
  readonly name: string;
  readonly index: number;
  readonly fact: Mutable<ClassFact>;
  /** Where the class itself is evaluated. */
  readonly outer: Place;
  readonly node: Class;
  readonly accessors: Accessor[];
}

/** An accessor with its decorators, which may get another one, too. */
interface Accessor {
  readonly kind: 'get' | 'set';
  readonly key: string | undefined;
  readonly isStatic: boolean;
  readonly fn: Vertex;
  readonly decorators: Decorated;
  readonly self: Vertex;
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
  x.classSelves.set(cls, undefined);
  const made = decorateClass(x, decorated, cls);
  const instance = from(x, { kind: 'instance', index });
  const scope: Scope = { parent: outer.scope, bindings: new Map() };
  if (node.id) scope.bindings.set(node.id.name, made);
  const inStatics = {
    barrier: outer.barrier ?? staticsBarrier(x, node, outer),
    keepsArrayPatterns: false,
    inStatics: true,
  };
  const inMaking: ClassInTheMaking = { name, index, fact, outer, node, accessors: [] };
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
        if ('computed' in member && member.computed === true) value(x, member.key as Expression, outer);
        noteField(x, member, fact);
        visitField(x, member, node.body, fact, isStatic ? { ...at, ...inStatics } : at);
        if (member.type === 'ClassAccessorProperty') {
          const key = keyOf(x, member.key, member.computed);
          decorateAccessor(x, decorators, { get: undefined, set: undefined }, undefined, at.self as Vertex, key);
        } else decorate(x, decorators, at);
        break;
      case 'StaticBlock':
        block(
          x,
          member.body,
          { ...at, ...inStatics, scope: { parent: scope, bindings: new Map() } },
          isOpenBlock(member),
        );
        break;
      default:
    }
  }
  for (const { kind, key, isStatic, fn, decorators, self } of inMaking.accessors) {
    const other = inMaking.accessors.find((it) => it.kind !== kind && it.key === key && it.isStatic === isStatic)?.fn;
    decorateAccessor(x, decorators, { get: other, set: other, [kind]: fn }, kind, self, key);
  }
  return made;
}

/** The rule of static elements that have to be run while the class is made. */
function staticsBarrier(x: Extraction, node: Class, { fn }: Place): RuleId | undefined {
  const { kind, yields } = x.facts.functions[fn] as FunctionFact;
  // A module may export its classes before that; in a generator, no expression could yield for a function inside.
  const isPossible =
    kind !== 'module' && yields === undefined && canRunStaticsApart(node) && !x.seenDeclarations().has(node);
  return isPossible ? undefined : 'static-block';
}

/** Fields are initialised by the constructor, which is visited first. */
function visitConstructor(x: Extraction, { name, fact, node }: ClassInTheMaking, at: Place): number {
  const parent = from(x, { kind: 'super', index: x.facts.classes.indexOf(fact), isStatic: false });
  const place: Place = { ...at, superClass: parent, barrier: inherited(at.barrier) };
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
  { name, index, fact, outer, node, accessors }: ClassInTheMaking,
  decorators: Decorated,
  at: Place,
): void {
  const isComputed = member.type === 'ClassMethod' && member.computed === true;
  const key = keyOf(x, member.key, isComputed);
  if (isComputed) value(x, member.key as Expression, outer);
  const isStatic = member.static === true;
  const kind = METHOD_KINDS[member.kind as 'method'];
  if (member.type === 'ClassMethod' && !member.async) x.homed.add(x.facts.functions.length);
  const display = `${name}${isStatic || key?.startsWith('#') ? '.' : '#'}${displayName(key)}`;
  const place: Place = { ...at, barrier: inherited(at.barrier) };
  const fn = visitFunction(x, member, kind, display, place, barrierOf(x, member, kind, node));
  if (kind === 'method') {
    (fact.members as unknown[]).push({ name: key ?? '', isStatic, fn });
    decorateMethod(x, decorators, from(x, { kind: 'function', index: fn }), at.self as Vertex, key);
    // A name that is not written is not found where streams are told which of their methods are asynchronous.
    const isNamed = !isComputed && member.key.type === 'Identifier';
    if (isNamed && fact.superClass !== undefined && !isStatic)
      (x.facts.functions[fn] as Mutable<FunctionFact>).inheritedKey = key;
  } else {
    const held = declareAccessor(x, fn, key, { kind: 'class', index, isStatic });
    x.facts.stores.push({ object: undefined, property: key, value: held });
    const made = from(x, { kind: 'function', index: fn });
    accessors.push({
      kind: kind === 'getter' ? 'get' : 'set',
      ...{ key, isStatic, fn: made, decorators, self: at.self as Vertex },
    });
  }
}

function barrierOf(x: Extraction, member: ClassMethod | ClassPrivateMethod, kind: FunctionKind, cls: Class) {
  const isReplaced = isLostToDecorators(cls) || mayBeReplaced(member, kind, cls);
  return isReplaced ? 'decorated-method' : coercion(member, x.spelled(member.key));
}

/** Whether decorators may put something in the place of a member that cannot be told from it, or does not know that it is asynchronous. */
function mayBeReplaced(member: ClassMethod | ClassPrivateMethod, kind: FunctionKind, cls: Class): boolean {
  // Its asynchronous form is another private member, which knows nothing of what decorators put in its place.
  if (member.type === 'ClassPrivateMethod' && isDecorated(member) && kind !== 'method') return true;
  // The older kind of decorators gets getter and setter both. What is defined under a name that is not known is not looked for.
  if (kind !== 'method') return cls.body.body.some((other) => isDecorated(other) && mayHide(other, member));
  // Streams start the asynchronous form, and so return to a decorator's function early.
  const isOfStream = Boolean(cls.superClass) && STREAM_METHODS.has(keyName(member.key) ?? '');
  return isOfStream && (isDecorated(member) || hasClassDecorators(cls));
}

/** Whether the decorators of a member may put something in the place of an accessor that is not seen to be in its place. */
function mayHide(other: Member, accessor: ClassMethod | ClassPrivateMethod): boolean {
  if (!mayShareKey(accessor, other)) return false;
  return (
    other.type !== 'ClassMethod' ||
    !/^[gs]et$/.test(other.kind) ||
    fixedName(accessor) === undefined ||
    fixedName(other) === undefined
  );
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

function noteField(x: Extraction, member: Field, { fields }: Mutable<ClassFact>): void {
  const isComputed = 'computed' in member && member.computed === true;
  const name = isComputed ? undefined : memberKey(x, member.key);
  const isDeclared = 'declare' in member && member.declare === true;
  // Other than a field, `accessor x` is inherited.
  if (name !== undefined && !isDeclared && member.type !== 'ClassAccessorProperty') {
    (fields as unknown[]).push({ name, isStatic: member.static === true });
  }
}

function visitField(x: Extraction, member: Field, body: ClassBody, { construction }: ClassFact, at: Place): void {
  if (!member.value) return;
  const isComputed = 'computed' in member && member.computed === true;
  const key = keyOf(x, member.key, isComputed);
  // A static field is initialised with the class, as a static block runs; others with each object.
  const inner: Place =
    member.static === true
      ? at
      : {
          ...at,
          fn: construction,
          keepsArrayPatterns: false,
          barrier: inherited(at.barrier) ?? (canInitialiseApart(body) ? undefined : 'field-initialiser'),
        };
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
