/**
 * Patterns that may run accessors or iterators which suspend: each becomes the reads, steps and writes that it stands for, in their order.
 */
import type {
  ArrayPattern,
  AssignmentExpression,
  AssignmentPattern,
  CatchClause,
  Expression,
  ForInStatement,
  ForOfStatement,
  Node,
  ObjectPattern,
  ObjectProperty,
  VariableDeclarator,
} from '@babel/types';
import { isMember, isParenthesized, isPattern, type PatternNode, spanOf, unwrap } from '../syntax/nodes.js';
import { partsOf } from '../syntax/patterns.js';
import { isTakenAtOnce } from '../syntax/seenPatterns.js';
import { emitWrite, ending, isAccessed, isAccessedMember } from './accesses.js';
import { guarded, patternsName, together } from './arrayPatterns.js';
import { calleeText } from './calleeText.js';
import { awaited, suspended } from './calls.js';
import type { Code } from './code.js';
import { emitSuperMember } from './constructors.js';
import { type Context, freshName, helper, isOnce, isPrintedOtherwise, note, uniqueTemporary } from './context.js';
import { emit, emitArgument, emitChildren, emitRange } from './emit.js';
import { isAnonymousFunction, named } from './functions.js';
import { emitItems, initText, isAwaited, iterableText } from './iterations.js';

/** Whether a pattern, or one in it, is written as single reads and writes. */
export function isWrittenOut(wrapped: Node, cx: Context): boolean {
  const pattern = unwrap(wrapped);
  if (!isPattern(pattern)) return false;
  if (pattern.type === 'ArrayPattern' && isAwaited(pattern, cx)) return true;
  const parts: readonly (Node | null)[] = pattern.type === 'ArrayPattern' ? pattern.elements : pattern.properties;
  return parts.some((part) => {
    if (part === null) return false;
    if (isAccessed(part, cx)) return true;
    const { target } = part.type === 'RestElement' ? { target: part.argument } : partsOf(boundBy(part));
    return isAccessedMember(target, cx) || isWrittenOut(target, cx);
  });
}

function boundBy(part: Node): Node {
  return part.type === 'ObjectProperty' ? part.value : part;
}

/** `({ x } = o)`; undefined if the pattern stays as it is. */
export function emitAssignedPattern(node: AssignmentExpression, pattern: PatternNode, cx: Context): Code | undefined {
  const { left, right } = node;
  if (!isWrittenOut(pattern, cx)) return emitChecked(node, { pattern, left, init: right }, cx);
  const source = uniqueTemporary(cx);
  const code = emitArgument(right, cx);
  const given = pattern.type === 'ArrayPattern' ? { code } : { code, text: calleeText(right) };
  const steps = writeOut(pattern, given, cx, source).map(({ target, value }) => assignment(target, value));
  return ['(', steps.map((step) => [step, ', ']), source, ')'];
}

/** The steps of a declarator, the first of which take what it is initialised with. */
export function stepsOf({ id, init }: VariableDeclarator, cx: Context): readonly Step[] {
  if (!init) return [];
  if (isPattern(id)) {
    return take(id, { ...given(id, init, cx), declares: true }, cx);
  }
  const name = id.type === 'Identifier' ? { name: id.name } : undefined;
  const value = emitArgument(init, cx, name);
  return [{ target: emitChildren(id, cx), value: isAnonymousFunction(unwrap(init)) ? named(name, value) : value }];
}

/** `{ x } = o` in a declaration; undefined if it stays as it is. */
export function emitDeclarator(node: VariableDeclarator, cx: Context): Code | undefined {
  const { id, init } = node;
  if (!init || !isPattern(id)) return undefined;
  if (isWrittenOut(id, cx)) return declarators(id, given(id, init, cx), cx);
  return emitChecked(node, { pattern: id, left: id, init }, cx);
}

/** `{ x } = fallback()` in a pattern; undefined if it stays as it is. */
export function emitDefault(node: AssignmentPattern, cx: Context): Code | undefined {
  const { left, right } = node;
  // A list or an object is not null.
  const isThere = /^(Array|Object)Expression$/.test(unwrap(right).type);
  return isPattern(left) && !isThere ? emitChecked(node, { pattern: left, left, init: right }, cx) : undefined;
}

/** A pattern that stays as it is, of a source in which V8 would find helpers in place of calls to print; undefined if it would not. */
function emitChecked(
  node: AssignmentExpression | AssignmentPattern | VariableDeclarator,
  { pattern, left, init }: { pattern: PatternNode; left: Node; init: Expression },
  cx: Context,
): Code | undefined {
  // Code that is written once is to be short. V8 prints nothing of what is awaited.
  if (isOnce(cx)) return undefined;
  if (pattern.type === 'ArrayPattern' || unwrap(init).type === 'AwaitExpression' || !isPrintedOtherwise(init, cx))
    return undefined;
  const source = checked(pattern, given(pattern, init, cx), cx);
  return emitRange<Node>(spanOf(node), [left, init], (child) => (child === init ? source : emit(child, cx)));
}

/** What a declaration gives to a pattern. */
function given(id: PatternNode, init: Expression, cx: Context): Source {
  const text = id.type === 'ArrayPattern' ? initText(init) : calleeText(init);
  return { code: emitArgument(init, cx), text, at: init.start as number };
}

/** Whether the head of a loop has a pattern or a property that takes items step by step. */
export function isTakenApart({ left }: ForOfStatement | ForInStatement, cx: Context): boolean {
  return isWrittenOut(targetOf(left), cx) || isAccessedMember(targetOf(left), cx);
}

/** A loop whose steps are not awaited, over items that a pattern or a property takes. */
export function emitItemLoop(node: ForOfStatement | ForInStatement, iterated: Code, outer: Context): Code {
  const { left, right, body } = node;
  const item = uniqueTemporary(outer);
  const cx = together(outer);
  const taken = takeItem(left, item, '.for', cx) ?? '';
  return emitRange<Node>(spanOf(node), [left, right, body], (child) => {
    // `const[a]of list`
    if (child === left) return /\w/.test(cx.shared.module.text[left.end as number] ?? '') ? `${item} ` : item;
    return child === body ? ['{ ', guarded([taken, '; ', emit(body, cx), ' '], left, cx), '}'] : iterated;
  });
}

/** `catch ({ message })`; undefined if the pattern stays as it is. */
export function emitCatch(node: CatchClause, outer: Context): Code | undefined {
  const { param, body } = node;
  if (!param || !isPattern(param) || !isWrittenOut(param, outer)) return undefined;
  const caught = freshName(outer.shared, '$caught');
  const cx = together(outer);
  const given = param.type === 'ArrayPattern' ? { code: caught } : { code: caught, text: '.catch' };
  const bound = declarators(param, given, cx);
  return emitRange<Node>(spanOf(node), [param, body], (child) =>
    child === param ? caught : ['{ ', guarded(['let ', bound, '; ', emit(body, cx), ' '], param, cx), '}'],
  );
}

/** Gives `item` to what the head of a loop declares or names; undefined if that stays as it is. */
export function takeItem(left: Node, item: string, text: string, cx: Context): Code | undefined {
  const isDeclaration = left.type === 'VariableDeclaration';
  const target = targetOf(left);
  if (isMember(target)) return isAccessed(target, cx) ? emitWrite(target, item, cx) : undefined;
  if (!isPattern(target) || !isWrittenOut(target, cx)) return undefined;
  if (isDeclaration) return [`${left.kind} `, declarators(target, { code: item, text }, cx)];
  const steps = writeOut(target, { code: item }, cx);
  return steps.map(({ target: name, value }, i) => [i === 0 ? '' : ', ', assignment(name, value)]);
}

/** What the head of a loop declares or names. */
function targetOf(left: Node): Node {
  return unwrap((left.type === 'VariableDeclaration' ? left.declarations[0]?.id : left) ?? left);
}

/** Where a pattern's source comes from. */
export interface Source {
  readonly code: Code;
  /** Where the source stands, if it is not where the pattern does. */
  readonly at?: number;
  /** The source as V8 prints it; it prints none in some places. */
  readonly text?: string | undefined;
  /** Whether variables are declared and not assigned to. */
  readonly declares?: true | undefined;
  /** The property that holds the source, in a pattern around, and the source of that. */
  readonly within?: { readonly property: string; readonly text: string };
}

/** A step of a pattern: a value that is computed, and the variable or pattern that takes it, if it is not taken already. */
export interface Step {
  readonly target: Code | undefined;
  readonly value: Code;
}

function assignment(target: Code | undefined, value: Code): Code {
  return target === undefined ? value : [target, ' = ', value];
}

/** A pattern as declarators, each of which declares something. */
export function declarators(pattern: PatternNode, given: Source, cx: Context): Code {
  const code: Code[] = [];
  let before: Code[] = [];
  for (const { target, value } of take(pattern, { ...given, declares: true }, cx)) {
    if (target === undefined) before.push(value, ', ');
    else {
      code.push(code.length === 0 ? '' : ', ', target, ' = ', before.length === 0 ? value : ['(', before, value, ')']);
      before = [];
    }
  }
  if (before.length > 0) {
    const unused = freshName(cx.shared, `$unused${pattern.start}`);
    code.push(code.length === 0 ? '' : ', ', `${unused} = (`, before, 'void 0)');
  }
  return code;
}

/**
 * The steps of a pattern.
 *
 * @param kept a temporary that is to hold the source
 */
function writeOut(pattern: PatternNode, given: Source, cx: Context, kept?: string): Step[] {
  return pattern.type === 'ArrayPattern'
    ? writeOutItems(pattern, given, cx, kept)
    : writeOutProperties(pattern, given, cx, kept ?? uniqueTemporary(cx));
}

function writeOutItems(pattern: ArrayPattern, { code, text, declares }: Source, cx: Context, kept?: string): Step[] {
  const name = patternsName(cx);
  const at = pattern.start as number;
  const printed = text === undefined ? '' : `, ${JSON.stringify(text)}`;
  const opened = [`${name}.open(`, kept === undefined ? code : [`${kept} = `, code], `${printed})`];
  const steps: Step[] = [
    { target: undefined, value: isAwaited(pattern, cx) ? awaited(pattern, opened, at, cx) : suspended(opened, at, cx) },
  ];
  for (const element of pattern.elements) {
    if (element === null) {
      steps.push({ target: undefined, value: suspended(`${name}.skip()`, at, cx) });
      continue;
    }
    const position = element.start as number;
    if (element.type === 'RestElement') {
      const rest = suspended(`${name}.rest()`, position, cx);
      steps.push(...take(unwrap(element.argument), { code: rest, declares }, cx));
      continue;
    }
    const { target, fallback } = partsOf(element);
    const item = suspended(`${name}.item()`, position, cx);
    const value = fallback === undefined ? item : withFallback(item, fallback, target, cx);
    steps.push(...take(target, { code: value, text: fallback && textOf(fallback, target), declares }, cx));
  }
  return [...steps, { target: undefined, value: suspended(`${name}.close()`, at, cx) }];
}

/** A default as V8 prints it where a pattern cannot be applied to it. */
function textOf(fallback: Expression, target: Node): string {
  return target.type === 'ArrayPattern' ? iterableText(fallback) : calleeText(fallback);
}

function writeOutProperties(pattern: ObjectPattern, given: Source, cx: Context, source: string): Step[] {
  const { declares } = given;
  const steps: Step[] = [{ target: undefined, value: [`${source} = `, checked(pattern, given, cx)] }];
  const hasRest = pattern.properties.some(({ type }) => type === 'RestElement');
  const keys: Code[] = [];
  for (const property of pattern.properties) {
    if (property.type === 'RestElement') {
      note(cx, 'accesses', property);
      const rest = [`${helper(cx, 'others')}(${source}, [`, keys.map((key) => [key, ', ']), ']', ending(cx)];
      const code = suspended(rest, property.start as number, cx);
      steps.push(...take(unwrap(property.argument), { code, declares }, cx));
      continue;
    }
    const { target, fallback } = partsOf(property.value);
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
    steps.push(...take(target, { code: value, text: fallback && textOf(fallback, target), declares, ...within }, cx));
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
  const name = target.type === 'Identifier' && !isParenthesized(target) ? { name: target.name } : undefined;
  const code = emit(fallback, cx, name);
  const isNamed = name !== undefined && isAnonymousFunction(unwrap(fallback));
  return [`(${held} = `, value, `) === undefined ? (`, isNamed ? named(name, code) : code, `) : ${held}`];
}

/** The steps by which a variable, a property or a pattern takes a value. */
export function take(target: Node, source: Source, cx: Context): Step[] {
  const { code } = source;
  if (source.declares === true && isTakenAtOnce(target, cx.shared.module.ast.program) && isAwaited(target, cx)) {
    const at = source.at ?? (target.start as number);
    const items = emitItems(target, { code, at }, source.text ?? null, cx);
    return [{ target: spanOf(target), value: items }];
  }
  if (isPattern(target) && (target.type === 'ObjectPattern' || isWrittenOut(target, cx)))
    return writeOut(target, source, cx);
  if (isMember(target)) {
    const write = isAccessed(target, cx)
      ? emitWrite(target, code, cx)
      : [emitSuperMember(target, cx) ?? emitChildren(target, cx), ' = ', code];
    return [{ target: undefined, value: write }];
  }
  return [{ target: target.type === 'Identifier' ? spanOf(target) : emit(target, cx), value: code }];
}

/** The source of a pattern, with V8's message where it is null or undefined and nothing is read of it in the first place. */
function checked({ properties }: ObjectPattern, { code, text, within }: Source, cx: Context): Code {
  const [first] = properties;
  const property = first?.type === 'ObjectProperty' && !first.computed ? nameOf(first) : undefined;
  if (first?.type === 'ObjectProperty' && property !== undefined) {
    const { target, fallback } = partsOf(first.value);
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

/** The key of a property as an argument, if it may be written twice. */
function fixedKey(property: ObjectProperty): string | undefined {
  const name = nameOf(property);
  return name === undefined ? undefined : JSON.stringify(name);
}

function nameOf({ key, computed }: ObjectProperty): string | undefined {
  if (key.type === 'Identifier') return computed ? undefined : key.name;
  return key.type === 'StringLiteral' || key.type === 'NumericLiteral' ? String(key.value) : undefined;
}
