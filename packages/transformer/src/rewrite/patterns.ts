/**
 * Object patterns that may run accessors which suspend: each becomes the reads and writes that it stands for, in their order.
 */
import type {
  AssignmentExpression,
  CatchClause,
  Expression,
  ForInStatement,
  ForOfStatement,
  Node,
  ObjectPattern,
  ObjectProperty,
  VariableDeclarator,
} from '@babel/types';
import { spanOf, unwrap } from '../syntax/nodes.js';
import { emitWrite, ending, isAccessed, isAccessedMember, isMember } from './accesses.js';
import { calleeText } from './calleeText.js';
import { suspended } from './calls.js';
import type { Code } from './code.js';
import { type Context, freshName, helper, note, uniqueTemporary } from './context.js';
import { emit, emitArgument, emitChildren, emitRange } from './emit.js';
import { isAnonymousFunction, named } from './functions.js';

/** Whether a pattern, or one in it, is written as single reads and writes. */
export function isWrittenOut(wrapped: Node, cx: Context): boolean {
  const pattern = unwrap(wrapped);
  if (pattern.type !== 'ObjectPattern') return false;
  return pattern.properties.some((property) => {
    if (isAccessed(property, cx)) return true;
    if (property.type === 'RestElement') return isAccessedMember(property.argument, cx);
    const { target } = partsOf(property);
    return isAccessedMember(target, cx) || isWrittenOut(target, cx);
  });
}

/** `({ x } = o)`; undefined if the pattern stays as it is. */
export function emitAssignedPattern(node: AssignmentExpression, pattern: ObjectPattern, cx: Context): Code | undefined {
  if (!isWrittenOut(pattern, cx)) return undefined;
  const source = uniqueTemporary(cx);
  const given = { code: emitArgument(node.right, cx), text: calleeText(node.right) };
  const steps = writeOut(pattern, source, given, cx).map(({ target, value }) => assignment(target, value));
  return ['(', steps.map((step) => [step, ', ']), source, ')'];
}

/** `{ x } = o` in a declaration, as declarators; undefined if the pattern stays as it is. */
export function emitDeclarator({ id, init }: VariableDeclarator, cx: Context): Code | undefined {
  if (!init || id.type !== 'ObjectPattern' || !isWrittenOut(id, cx)) return undefined;
  return declarators(id, uniqueTemporary(cx), { code: emitArgument(init, cx), text: calleeText(init) }, cx);
}

/** A loop whose steps are not awaited, over items that a pattern or a property takes; undefined if its head stays as it is. */
export function emitItemLoop(node: ForOfStatement | ForInStatement, cx: Context): Code | undefined {
  const { left, right, body } = node;
  if (!isWrittenOut(targetOf(left), cx) && !isAccessedMember(targetOf(left), cx)) return undefined;
  const item = uniqueTemporary(cx);
  const taken = takeItem(left, item, '.for', cx) ?? '';
  return emitRange<Node>(spanOf(node), [left, right, body], (child) => {
    if (child === left) return item;
    return child === body ? ['{ ', taken, '; ', emit(body, cx), ' }'] : emit(child, cx);
  });
}

/** `catch ({ message })`; undefined if the pattern stays as it is. */
export function emitCatch(node: CatchClause, cx: Context): Code | undefined {
  const { param, body } = node;
  if (param?.type !== 'ObjectPattern' || !isWrittenOut(param, cx)) return undefined;
  const caught = freshName(cx.shared, '$caught');
  const bound = declarators(param, uniqueTemporary(cx), { code: caught, text: '.catch' }, cx);
  return emitRange<Node>(spanOf(node), [param, body], (child) =>
    child === param ? caught : ['{ let ', bound, '; ', emit(body, cx), ' }'],
  );
}

/** Gives `item` to what the head of a loop declares or names; undefined if that stays as it is. */
export function takeItem(left: Node, item: string, text: string, cx: Context): Code | undefined {
  const isDeclaration = left.type === 'VariableDeclaration';
  const target = targetOf(left);
  if (isMember(target)) return isAccessed(target, cx) ? emitWrite(target, item, cx) : undefined;
  if (target.type !== 'ObjectPattern' || !isWrittenOut(target, cx)) return undefined;
  const source = uniqueTemporary(cx);
  if (isDeclaration) return [`${left.kind} `, declarators(target, source, { code: item, text }, cx)];
  const steps = writeOut(target, source, { code: item, text: undefined }, cx);
  return steps.map(({ target: name, value }, i) => [i === 0 ? '' : ', ', assignment(name, value)]);
}

/** What the head of a loop declares or names. */
function targetOf(left: Node): Node {
  return unwrap((left.type === 'VariableDeclaration' ? left.declarations[0]?.id : left) ?? left);
}

/** Where a pattern's source comes from. */
interface Source {
  readonly code: Code;
  /** The source as V8 prints it; it prints none in some places. */
  readonly text: string | undefined;
  /** The property that holds the source, in a pattern around, and the source of that. */
  readonly within?: { readonly property: string; readonly text: string };
}

/** A step of a pattern: a value that is computed, and the variable or pattern that takes it, if it is not taken already. */
interface Step {
  readonly target: Code | undefined;
  readonly value: Code;
}

function assignment(target: Code | undefined, value: Code): Code {
  return target === undefined ? value : [target, ' = ', value];
}

/**
 * A pattern as declarators, each of which declares something.
 *
 * @param source the temporary that will hold the source
 */
export function declarators(pattern: ObjectPattern, source: string, given: Source, cx: Context): Code {
  const code: Code[] = [];
  let before: Code[] = [];
  for (const { target, value } of writeOut(pattern, source, given, cx)) {
    if (target === undefined) before.push(value, ', ');
    else {
      code.push(code.length === 0 ? '' : ', ', target, ' = ', before.length === 0 ? value : ['(', before, value, ')']);
      before = [];
    }
  }
  if (before.length > 0) {
    const unused = freshName(cx.shared, `$unused${pattern.start}`);
    code.push(code.length === 0 ? '' : ', ', `${unused} = (`, before, 'undefined)');
  }
  return code;
}

/**
 * The steps of a pattern.
 *
 * @param source the temporary that will hold the source
 */
function writeOut(pattern: ObjectPattern, source: string, given: Source, cx: Context): Step[] {
  const steps: Step[] = [{ target: undefined, value: [`${source} = `, checked(pattern, given, cx)] }];
  const hasRest = pattern.properties.some(({ type }) => type === 'RestElement');
  const keys: Code[] = [];
  for (const property of pattern.properties) {
    if (property.type === 'RestElement') {
      note(cx, 'accesses', property);
      const rest = [`${helper(cx, 'others')}(${source}, [`, keys.map((key) => [key, ', ']), ']', ending(cx)];
      const code = suspended(rest, property.start as number, cx);
      steps.push(...take(unwrap(property.argument), { code, text: undefined }, cx));
      continue;
    }
    const { target, fallback } = partsOf(property);
    let key = fixedKey(property);
    if (key === undefined) {
      key = uniqueTemporary(cx);
      const evaluated = [`${key} = ${helper(cx, 'propertyKey')}(`, emitArgument(property.key as Expression, cx), ')'];
      steps.push({ target: undefined, value: evaluated });
    }
    if (hasRest) keys.push(key);
    const read = readOf(property, source, key, cx);
    const value = fallback === undefined ? read : withFallback(read, fallback, target, cx);
    const name = nameOf(property);
    const within =
      name === undefined || given.text === undefined ? {} : { within: { property: name, text: given.text } };
    steps.push(...take(target, { code: value, text: fallback && calleeText(fallback), ...within }, cx));
  }
  return steps;
}

function readOf(property: ObjectProperty, source: string, key: string, cx: Context): Code {
  if (!isAccessed(property, cx)) return `${source}[${key}]`;
  note(cx, 'accesses', property);
  return suspended(`${helper(cx, 'get')}(${source}, ${key}${ending(cx)}`, property.start as number, cx);
}

/** The value, or the default where it is undefined. */
function withFallback(value: Code, fallback: Expression, target: Node, cx: Context): Code {
  const held = uniqueTemporary(cx);
  const name = target.type === 'Identifier' ? { name: target.name } : undefined;
  const code = emit(fallback, cx, name);
  const isNamed = name !== undefined && isAnonymousFunction(unwrap(fallback));
  return [`(${held} = `, value, `) === undefined ? (`, isNamed ? named(name, code) : code, `) : ${held}`];
}

/** The steps by which a variable, a property or a pattern takes a value. */
function take(target: Node, source: Source, cx: Context): Step[] {
  const { code } = source;
  if (target.type === 'ObjectPattern') return writeOut(target, uniqueTemporary(cx), source, cx);
  if (isMember(target)) {
    const write = isAccessed(target, cx) ? emitWrite(target, code, cx) : [emitChildren(target, cx), ' = ', code];
    return [{ target: undefined, value: write }];
  }
  return [{ target: target.type === 'Identifier' ? spanOf(target) : emit(target, cx), value: code }];
}

/** The source of a pattern, with V8's message where it is null or undefined and nothing is read of it in the first place. */
function checked({ properties }: ObjectPattern, { code, text, within }: Source, cx: Context): Code {
  const [first] = properties;
  const property = first?.type === 'ObjectProperty' && !first.computed ? nameOf(first) : undefined;
  if (first?.type === 'ObjectProperty' && property !== undefined) {
    const { target, fallback } = partsOf(first);
    const printed = fallback === undefined ? text : target.type === 'ObjectPattern' ? calleeText(fallback) : undefined;
    if (printed === undefined || isMember(target)) return code;
    return check(code, printed, property, cx);
  }
  if (text === undefined && within !== undefined && first?.type !== 'RestElement') {
    return check(code, within.text, within.property, cx);
  }
  return check(code, text, undefined, cx);
}

function check(code: Code, text: string | undefined, property: string | undefined, cx: Context): Code {
  const how = [text, property].flatMap((part) => (part === undefined ? [] : [`, ${JSON.stringify(part)}`]));
  return [`${helper(cx, 'destructured')}(`, code, ...how, ')'];
}

/** What a property of a pattern assigns to, and its default. */
function partsOf({ value }: ObjectProperty): { target: Node; fallback: Expression | undefined } {
  return value.type === 'AssignmentPattern'
    ? { target: unwrap(value.left), fallback: value.right }
    : { target: unwrap(value), fallback: undefined };
}

/** The key of a property as an argument, if it may be written twice. */
function fixedKey(property: ObjectProperty): string | undefined {
  const name = nameOf(property);
  return name === undefined ? undefined : JSON.stringify(name);
}

function nameOf({ key, computed }: ObjectProperty): string | undefined {
  if (key.type === 'Identifier') return computed ? undefined : key.name;
  return key.type === 'StringLiteral' || key.type === 'NumericLiteral' ? String(key.value) : undefined;
}
