/** Reads and writes of properties that may be accessors which suspend. */
import type {
  AssignmentExpression,
  JSXSpreadAttribute,
  MemberExpression,
  Node,
  SpreadElement,
  UpdateExpression,
} from '@babel/types';
import { isMember, isPattern, type MemberNode, unwrap } from '../syntax/nodes.js';
import { scanTo } from '../syntax/scan.js';
import { suspended } from './calls.js';
import type { Code } from './code.js';
import { accessPlan, type Context, helper, note, runOf, uniqueTemporary } from './context.js';
import { holderOf } from './earlyNames.js';
import { emit, emitArgument } from './emit.js';
import { emitAssignedPattern } from './patterns.js';

/** Whether an access is rewritten. */
export function isAccessed(node: Node, cx: Context): boolean {
  return accessPlan(cx, node) !== undefined;
}

/** Whether a node is a member expression that is rewritten. */
export function isAccessedMember(wrapped: Node, cx: Context): boolean {
  const node = unwrap(wrapped);
  return isMember(node) && isAccessed(node, cx);
}

/** A member expression that is read; undefined if it stays as it is. */
export function emitRead(node: MemberExpression, cx: Context): Code | undefined {
  return isAccessed(node, cx) ? readFrom(node, emitObject(node, cx), cx) : undefined;
}

/** @param object the code of the member expression's object, evaluated once */
export function readFrom(node: MemberNode, object: Code, cx: Context): Code {
  note(cx, 'accesses', node);
  return readAt(node, { object, key: emitKey(node, cx) }, cx);
}

/** `o.x = v`, `o.x += v`, and patterns with such targets; undefined if the target stays as it is. */
export function emitAssignment(node: AssignmentExpression, cx: Context): Code | undefined {
  const target = unwrap(node.left);
  if (isPattern(target)) return emitAssignedPattern(node, target, cx);
  if (!isMember(target) || !isAccessed(target, cx)) return undefined;
  if (node.operator === '=') return emitWrite(target, emitArgument(node.right, cx), cx);
  note(cx, 'accesses', target);
  const place = placeOf(target, cx);
  const operator = node.operator.slice(0, -1);
  const operand = emitOperand(node.right, cx);
  if (['||', '&&', '??'].includes(operator)) {
    return ['(', place.read(place.first), ` ${operator} `, place.write(place.again, operand), ')'];
  }
  return place.write(place.first, [place.read(place.again), ` ${operator} `, operand]);
}

/** `o.x++`; undefined if the operand stays as it is. */
export function emitUpdate({ operator, prefix, argument }: UpdateExpression, cx: Context): Code | undefined {
  const target = unwrap(argument);
  if (!isMember(target) || !isAccessed(target, cx)) return undefined;
  note(cx, 'accesses', target);
  const place = placeOf(target, cx);
  const value = uniqueTemporary(cx);
  const read: Code = [`(${value} = `, place.read(place.first), ', '];
  if (prefix) return [read, place.write(place.again, `${operator}${value}`), ')'];
  const old = uniqueTemporary(cx);
  return [read, `${old} = ${value}${operator}, `, place.write(place.again, value), `, ${old})`];
}

/** Writes `value` to what a member expression denotes. */
export function emitWrite(node: MemberNode, value: Code, cx: Context): Code {
  note(cx, 'accesses', node);
  const object = node.object.type === 'Super' ? '' : emitObject(node, cx);
  return writeAt(node, { object, key: emitKey(node, cx) }, value, cx);
}

/** A spread in an object literal that may run getters. */
export function emitCopy(node: SpreadElement, cx: Context): Code {
  return [{ text: '...', at: node.start as number }, emitCopied(node, cx)];
}

/** The object with the properties of what is spread. */
export function emitCopied(node: SpreadElement | JSXSpreadAttribute, cx: Context): Code {
  note(cx, 'accesses', node);
  const copied = [`${helper(cx, 'copy')}(`, emitArgument(node.argument, cx), ending(cx)];
  return suspended(copied, node.start as number, cx);
}

/** What ends the arguments of a helper that accesses a property: who runs the generator around knows whether it may wait. */
export function ending(cx: Context): string {
  const run = runOf(cx);
  return run === undefined ? ')' : `, ${run})`;
}

/** The object and the key of a member expression. */
interface Reference {
  readonly object: Code;
  readonly key: Code;
}

/** A place that is read and written: its object and key are evaluated with whichever comes first, and are at hand for what follows. */
interface ReadAndWritten {
  readonly first: Reference;
  readonly again: Reference;
  read(reference: Reference): Code;
  write(reference: Reference, value: Code): Code;
}

function placeOf(node: MemberNode, cx: Context): ReadAndWritten {
  const isSuper = node.object.type === 'Super';
  const self = isSuper ? '' : uniqueTemporary(cx);
  const key = isFixedKey(node) ? undefined : uniqueTemporary(cx);
  const written = emitKey(node, cx);
  return {
    first: {
      object: isSuper ? '' : [`${self} = `, emitObject(node, cx)],
      key: key === undefined ? written : [`${key} = `, written],
    },
    again: { object: self, key: key ?? written },
    read: (from) => readAt(node, from, cx),
    write: (to, value) => writeAt(node, to, value, cx),
  };
}

function readAt(node: MemberNode, { object, key }: Reference, cx: Context): Code {
  if (node.object.type === 'Super') return readSuper(node, key, cx);
  if (node.property.type === 'PrivateName') return readPrivate(node, object, cx);
  return suspended([`${helper(cx, 'get')}(`, object, ', ', key, ending(cx)], positionOf(node), cx);
}

function writeAt(node: MemberNode, { object, key }: Reference, value: Code, cx: Context): Code {
  if (node.object.type === 'Super') return writeSuper(node, key, value, cx);
  if (node.property.type === 'PrivateName') return writePrivate(node, object, value, cx);
  const sloppy = accessPlan(cx, node)?.sloppy === true;
  const write = [`${helper(cx, sloppy ? 'setSloppy' : 'set')}(`, object, ', ', key, ', ', value, ending(cx)];
  return suspended(write, positionOf(node), cx);
}

/** A private accessor is known by its name: its asynchronous form is a method beside it. */
function readPrivate(node: MemberNode, object: Code, cx: Context): Code {
  const name = privateName(node);
  const twin = cx.privateTwins.get(`get ${name}`);
  if (twin === undefined) return ['(', holderOf(name, object, cx), `).#${name}`];
  const self = uniqueTemporary(cx);
  const read = suspended(`${helper(cx, 'getPrivate')}(${self}, ${self}.#${twin.name})`, positionOf(node), cx);
  return [`(${self} = `, object, ', ', ifAwaited(read, `${self}.#${name}`, cx), ')'];
}

function writePrivate(node: MemberNode, object: Code, value: Code, cx: Context): Code {
  const name = privateName(node);
  const twin = cx.privateTwins.get(`set ${name}`);
  if (twin === undefined) return ['((', holderOf(name, object, cx), `).#${name} = `, value, ')'];
  const self = uniqueTemporary(cx);
  const held = uniqueTemporary(cx);
  const write = suspended(`${helper(cx, 'setPrivate')}(${self}, ${held}, ${self}.#${twin.name})`, positionOf(node), cx);
  return [`(${self} = `, object, `, ${held} = `, value, ', ', ifAwaited(write, `${self}.#${name} = ${held}`, cx), ')'];
}

/** What is run by someone who cannot wait does as the original. */
function ifAwaited(code: Code, original: string, cx: Context): Code {
  const run = runOf(cx);
  return run === undefined ? code : [`${run}.isAwaited ? `, code, ` : ${original}`];
}

function privateName({ property }: MemberNode): string {
  return property.type === 'PrivateName' ? property.id.name : '';
}

/** `super` is no value: what it means is found by the object that the method belongs to. */
function readSuper(node: MemberNode, key: Code, cx: Context): Code {
  const found = uniqueTemporary(cx);
  const name = isFixedKey(node) ? key : uniqueTemporary(cx);
  return [
    ...['(', name === key ? '' : [name, ` = ${helper(cx, 'propertyKey')}(`, key, '), ']],
    ...[
      `(${found} = ${helper(cx, 'superGetter')}(${homeOf(cx)}, `,
      name,
      `${ending(cx)}) === void 0 ? super[`,
      name,
      '] : ',
    ],
    suspended(`${found}.call(this)`, positionOf(node), cx),
    ')',
  ];
}

/** A key is converted when the value has been evaluated. */
function writeSuper(node: MemberNode, key: Code, value: Code, cx: Context): Code {
  const found = uniqueTemporary(cx);
  const held = uniqueTemporary(cx);
  const name = isFixedKey(node) ? key : uniqueTemporary(cx);
  const isKept = name !== key;
  return [
    ...['(', isKept ? [name, ' = ', key, ', '] : '', `${held} = `, value, ', '],
    isKept ? [name, ` = ${helper(cx, 'propertyKey')}(`, name, '), '] : '',
    ...[
      `(${found} = ${helper(cx, 'superSetter')}(${homeOf(cx)}, `,
      name,
      `${ending(cx)}) === void 0 ? super[`,
      name,
      `] = ${held} : `,
    ],
    suspended(`${helper(cx, 'written')}(${found}.call(this, ${held}), ${held})`, positionOf(node), cx),
    ')',
  ];
}

function homeOf({ home }: Context): string {
  if (home === undefined) throw new Error('an access of super where its object is not at hand');
  home.isUsed = true;
  return home.name;
}

function emitObject(node: MemberNode, cx: Context): Code {
  return emitArgument(node.object, cx);
}

/** A property's key as an argument. */
function emitKey(node: MemberNode, cx: Context): Code {
  const { property } = node;
  if (node.computed || property.type === 'PrivateName')
    return property.type === 'PrivateName' ? '' : emitArgument(property, cx);
  return JSON.stringify((property as { name: string }).name);
}

/** Whether a key may be written twice. */
function isFixedKey({ computed, property }: MemberNode): boolean {
  return !computed || property.type === 'StringLiteral' || property.type === 'NumericLiteral';
}

/** An operand behind an operator of which it may be of any precedence. */
function emitOperand(node: Node, cx: Context): Code {
  return ['(', emit(node, cx), ')'];
}

/** Where V8 places an access in stack traces. */
function positionOf({ property }: MemberNode): number {
  return property.start as number;
}

/** Where `.name` or `[key]` begins: behind the object's closing parentheses and non-null assertions. */
export function accessStart(node: MemberExpression, cx: Context): number {
  return scanTo(cx.shared.module.text, node.object.end as number, node.computed ? '[' : '.');
}
