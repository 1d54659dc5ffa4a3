/** Functions: the original, the asynchronous form, and the link between them. */
import type { ClassMethod, FunctionDeclaration, FunctionExpression, Node, ObjectMethod, Statement } from '@babel/types';
import { isDecorated } from '../syntax/decorators.js';
import { assigns } from '../syntax/itself.js';
import { isFixedKey } from '../syntax/keys.js';
import { isOpenBody } from '../syntax/lists.js';
import { childrenOf, type FunctionNode, spanOf } from '../syntax/nodes.js';
import { scanTo } from '../syntax/scan.js';
import { guarded } from './arrayPatterns.js';
import { asSection } from './atomic.js';
import type { Code } from './code.js';
import {
  bodyPlan,
  type Context,
  callOf,
  declaredTemporaries,
  enter,
  freshName,
  functionPlan,
  helper,
  inOriginal,
  isLinked,
  isOnce,
  isTold,
  note,
  ownThis,
  runOf,
  synchronous,
  uniqueTemporary,
} from './context.js';
import { emitDecorator } from './decorators.js';
import { disposed, disposing } from './disposals.js';
import { emit, emitArgument, emitLinks, emitRange, emitResult, listEmitter } from './emit.js';
import { isLinkedWithObject } from './objects.js';
import { canTell, mayRevoke, onceName } from './once.js';
import { type BoundParameters, bindParameters } from './parameters.js';

/** The name that an anonymous function gets from where it stands, or the computed key that gives it. */
export type NameHint = { readonly name: string } | { readonly key: Code };

/** A function declaration or expression in its place. */
export function emitFunction(node: FunctionNode, cx: Context, hint?: NameHint): Code {
  const form = functionPlan(cx, node)?.form;
  if (form === 'inPlace') return emitInPlace(node, cx);
  if (form === 'once') return emitOnce(node, cx, hint);
  const original = emitOriginal(node, cx);
  // Declarations and methods are linked where their block or class begins.
  if (form !== 'twin' || (node.type !== 'FunctionExpression' && node.type !== 'ArrowFunctionExpression')) {
    return form === 'twin' && node.type === 'FunctionDeclaration' && !node.id ? nameDefault(node, cx) : original;
  }
  if (node.type === 'FunctionExpression' && node.id) return linkedToItself(original, node, node.id.name, cx);
  return linkCall(node, cx, () => [named(hint, original), asyncForm(node, cx, hint)]);
}

/** A function in its place whose text stands once. */
function emitOnce(node: FunctionNode, cx: Context, hint?: NameHint): Code {
  switch (node.type) {
    case 'FunctionDeclaration': {
      const name = freshName(cx.shared, onceName(node));
      const head = { start: node.start as number, end: (node.id as Node).end as number };
      return [head, originalBody(node, name, cx), ' ', asyncForm(node, cx, undefined, name)];
    }
    case 'ClassMethod':
      return [{ start: node.start as number, end: node.key.start as number }, asyncMethod(node, cx, spanOf(node.key))];
    case 'ClassPrivateMethod': {
      const name = `this.#${cx.privateTwins.get(node.key.id.name)?.name}`;
      return [{ start: node.start as number, end: node.key.end as number }, originalBody(node, name, cx)];
    }
    default: {
      const make = helper(cx, node.type === 'FunctionExpression' ? 'onceFunction' : 'once');
      return [`${make}(`, asyncForm(node, cx, hint), ')'];
    }
  }
}

/** Parameters and body of the original of a function whose text stands once, as `form`. */
function originalBody({ body }: FunctionNode, form: string, cx: Context): Code {
  return ['() { ', directivesOf(body, cx), `return ${helper(cx, 'now')}(${form}, this, arguments); }`];
}

/** The directives of a body in a line: that each ends where its own line ends is no more true of the last. */
function directivesOf(body: FunctionNode['body'], cx: Context): Code {
  if (body.type !== 'BlockStatement') return '';
  const { text } = cx.shared.module;
  return body.directives.map((directive) => [
    spanOf(directive),
    text[(directive.end as number) - 1] === ';' ? ' ' : '; ',
  ]);
}

/** A function expression whose own name means the original in its asynchronous form, too. */
function linkedToItself(original: Code, node: FunctionExpression, name: string, cx: Context): Code {
  const link = helper(cx, 'linkSelf');
  const form = asyncForm(node, cx, { name });
  const isCallee = functionPlan(cx, node)?.isCallee === true;
  // Within a generator, an arrow function could not have this name.
  if (!isCallee && name === 'yield') return [`${link}(`, original, `, function (${name}) { return `, form, '; })'];
  if (!isCallee && !assigns(node, name)) return [`${link}(`, original, `, (${name}) => (`, form, '))'];
  // Assigning to the name fails.
  const self = originalName(cx);
  return [`${link}(`, original, `, (${self}) => { const ${name} = ${self}; return `, form, '; })'];
}

/** The call that links a function to its asynchronous form, which `forms` returns both. */
export function linkCall(node: FunctionNode, cx: Context, forms: () => readonly [Code, Code]): Code {
  const isCallee = functionPlan(cx, node)?.isCallee === true;
  const link = helper(cx, isCallee ? 'linkSelf' : 'link');
  const [original, form] = forms();
  if (!isCallee) return [`${link}(`, original, ', ', form, ')'];
  return [`${link}(`, original, `, (${originalName(cx)}) => (`, form, '))'];
}

function originalName(cx: Context): string {
  return freshName(cx.shared, '$original');
}

/** `export default function () {}` has to get a name to be linked by; `linkNamed` restores its own. */
function nameDefault(node: FunctionDeclaration, cx: Context): Code {
  const open = openParen(node, cx);
  return [
    { start: node.start as number, end: open },
    ` ${freshName(cx.shared, '$default')}`,
    emitOriginal(node, cx, {}, open),
  ];
}

/** @param changes what is written besides, or in place of, the statements of the body */
export function emitOriginal(
  node: FunctionNode,
  cx: Context,
  changes: BodyChanges = {},
  start = node.start as number,
): Code {
  const isStarted = bodyPlan(cx, node) !== undefined;
  if (isStarted) note(cx, 'functions', node.body);
  const entered = enter(ownThis(cx, node), isStarted ? 'async' : 'sync');
  const inner = functionPlan(cx, node)?.form === 'twin' ? inOriginal(entered) : entered;
  const { body } = node;
  const result = body.type === 'BlockStatement' ? emitBody(node, inner, changes) : emit(body, inner);
  if (body.type !== 'BlockStatement' && inner.temporaries.size > 0)
    return emitWithBlock(node, cx, emitBody(node, inner));
  return emitRange({ start, end: node.end as number }, childrenOf(node), (child) =>
    child === body ? result : (changes.head?.(child, (part) => emitHead(part, node, cx)) ?? emitHead(child, node, cx)),
  );
}

/** A key, parameter or decorator: they belong to the function around, in which a key may await. */
function emitHead(child: Node, node: FunctionNode, cx: Context): Code {
  const kept = cx.keys.get(child);
  if (kept?.evaluated === true) return kept.temporary;
  const around = cx.around ?? cx;
  if (kept !== undefined) return emitKey(child, kept.temporary, around);
  if ('key' in node && child === node.key) return emit(child, around);
  if (child.type === 'Decorator') return emitDecorator(child, cx);
  return emit(child, synchronous(ownThis(cx, node)));
}

/** A computed key that is kept in a temporary. */
export function emitKey(key: Node, temporary: string, cx: Context): Code {
  return [`${temporary} = ${helper(cx, 'propertyKey')}(`, emitArgument(key, cx), ')'];
}

/** An arrow function whose expression is replaced by the block `body`. */
function emitWithBlock(node: FunctionNode, cx: Context, body: Code): Code {
  const head = { start: node.start as number, end: scanArrow(node, cx) };
  return [emitRange(head, node.params, (child) => emit(child, synchronous(cx))), '=> ', body];
}

function emitInPlace(node: FunctionNode, cx: Context): Code {
  const isApart = bodyPlan(cx, node) !== undefined;
  note(cx, 'functions', isApart ? node.body : node);
  const inner = enter(ownThis(cx, node), 'async');
  const bound = isApart ? undefined : bindParameters(node, cx, inner);
  if (bound !== undefined) return emitWithBound(node, cx, bound, inner);
  if (node.body.type !== 'BlockStatement') return emitWithBlock(node, cx, emitAsyncBody(node, inner));
  return emitRange(spanOf(node), childrenOf(node), (child) =>
    child === node.body ? emitAsyncBody(node, inner) : emitHead(child, node, cx),
  );
}

/** An `async` function with other parameters than in the source. */
function emitWithBound(node: FunctionNode, cx: Context, bound: BoundParameters, inner: Context): Code {
  const open = openParen(node, cx);
  const head = childrenOf(node).filter((child) => (child.end as number) <= open);
  const isBlock = node.body.type === 'BlockStatement';
  return [
    emitRange({ start: node.start as number, end: open + 1 }, head, (child) => emitHead(child, node, cx)),
    bound.list,
    { start: closeParen(node, open, cx), end: isBlock ? (node.body.start as number) : scanArrow(node, cx) },
    isBlock ? '' : '=> ',
    emitAsyncBody(node, inner, { bound }),
  ];
}

/**
 * The asynchronous form of a function, as an anonymous function expression that takes its name from `hint`. It has no return type: what the
 * original returns is not what an async function is declared to return.
 *
 * @param name its own name, where it is a declaration
 */
export function asyncForm(node: FunctionNode, outer: Context, hint?: NameHint, name?: string): Code {
  note(outer, 'functions', node);
  const isTargeted = outer.shared.implied.has(node);
  const cx = isTargeted
    ? { ...outer, made: { inClass: false, isDerived: false, fields: undefined, written: new Set<Node>() } }
    : ownThis(outer, node);
  const isArrow = node.type === 'ArrowFunctionExpression';
  const prefix = isPlain(node, cx) ? '' : 'async ';
  const head = isArrow ? prefix : `${prefix}function${node.generator === true ? '*' : ''} ${name ?? ''}`;
  const form = named(hint, [
    { text: head, at: node.start as number },
    formBehindHead(node, cx, enterTwin(node, cx), { isCallee: functionPlan(cx, node)?.isCallee === true }),
  ]);
  if (!isTargeted) return form;
  return [`${helper(cx, 'targeted')}((${freshName(cx.shared, '$new')}) => (`, form, '))'];
}

/** The asynchronous form of a method, to stand in an object literal or class under `key`. */
export function asyncMethod(node: FunctionNode, outer: Context, key: Code): Code {
  note(outer, 'functions', node);
  const cx = ownThis(outer, node);
  return [
    { text: prefixOf(node, cx), at: node.start as number },
    key,
    formBehindHead(node, cx, enterTwin(node, cx), { isCallee: functionPlan(cx, node)?.isCallee === true }),
  ];
}

function prefixOf(node: FunctionNode, cx: Context): string {
  return `${isPlain(node, cx) ? '' : 'async '}${node.generator === true ? '*' : ''}`;
}

/** Whether the asynchronous form of a function is no `async` function. */
function isPlain(node: FunctionNode, cx: Context): boolean {
  return node.generator === true ? node.async !== true : functionPlan(cx, node)?.isTail === true;
}

/** Parameters and body of an asynchronous form. */
export function formBehindHead(node: FunctionNode, cx: Context, inner: Context, changes: BodyChanges): Code {
  const bound = bindParameters(node, cx, inner);
  const arrow = node.type === 'ArrowFunctionExpression' ? ' => ' : ' ';
  return [
    emitParameters(node, cx, bound, isOnce(inner) ? runOf(inner) : undefined),
    arrow,
    emitAsyncBody(node, inner, { ...changes, bound }),
  ];
}

function enterTwin(node: FunctionNode, cx: Context): Context {
  const plan = functionPlan(cx, node);
  if (plan?.form === 'once') return enter(cx, plan.isTail === true ? 'tail' : 'once');
  if (node.generator === true && node.async === true) return { ...enter(cx, 'async'), twins: cx.twins + 1 };
  return enter(cx, node.generator === true ? 'generator' : 'twin');
}

/** `{ f: <expression> }.f`: an anonymous function takes the name of the property, as it would have from its place. */
export function named(hint: NameHint | undefined, expression: Code): Code {
  if (hint === undefined) return expression;
  if ('key' in hint) return ['{ [', hint.key, ']: ', expression, ' }[', hint.key, ']'];
  const { name } = hint;
  if (name === '__proto__') return ['{ ["__proto__"]: ', expression, ' }["__proto__"]'];
  if (/^[A-Za-z_$][\w$]*$/.test(name)) return [`{ ${name}: `, expression, ` }.${name}`];
  const key = JSON.stringify(name);
  return [`{ ${key}: `, expression, ` }[${key}]`];
}

/**
 * Type parameters and parameters with their parentheses. Parameters of the source use temporaries of the enclosing function, because
 * those of the body are out of their sight.
 *
 * @param run what is handed over before the arguments
 */
function emitParameters(node: FunctionNode, cx: Context, bound: BoundParameters | undefined, run?: string): Code {
  const inner = synchronous(cx);
  const { typeParameters } = node;
  const types = typeParameters ? [spanOf(typeParameters)] : [];
  const opening = run === undefined ? '(' : `(${run}${node.params.length === 0 ? '' : ', '}`;
  const first = node.params[0];
  if (node.type === 'ArrowFunctionExpression' && first && isBareParameter(node, cx)) {
    return [opening, spanOf(first), ')'];
  }
  if (bound !== undefined) return [...types, opening, bound.list, ')'];
  if (node.type === 'ClassMethod' && node.params.some(isOfClass)) {
    const own = node.params.map((param) => (param.type === 'TSParameterProperty' ? param.parameter : param));
    return [...types, '(', own.map((param) => [emit(param, inner), ', ']), ')'];
  }
  const open = openParen(node, cx);
  const range = { start: open + 1, end: closeParen(node, open, cx) + 1 };
  return [...types, opening, emitRange(range, node.params, (child) => emit(child, inner))];
}

/** Whether a parameter says something that it can only say in a class. */
function isOfClass(param: Node): boolean {
  return param.type === 'TSParameterProperty' || isDecorated(param);
}

function closeParen(node: FunctionNode, open: number, cx: Context): number {
  return scanTo(cx.shared.module.text, (node.params.at(-1)?.end ?? open + 1) as number, ')');
}

function isBareParameter(node: FunctionNode, cx: Context): boolean {
  const first = node.params[0];
  if (node.params.length !== 1 || first?.type !== 'Identifier') return false;
  const { text } = cx.shared.module;
  const before = text.slice(node.start as number, first.start as number);
  return /^\s*(async\s+)?$/.test(before.replace(/\/\*[\s\S]*?\*\//g, ' '));
}

function openParen(node: FunctionNode, cx: Context): number {
  const from = node.typeParameters?.end ?? ('key' in node ? endOfKey(node, cx) : undefined);
  if (from !== undefined && from !== null) return scanTo(cx.shared.module.text, from, '(');
  const id = 'id' in node ? node.id : null;
  return scanTo(cx.shared.module.text, (id?.end ?? node.start) as number, '(');
}

function endOfKey(node: Extract<FunctionNode, { key: unknown }>, cx: Context): number {
  const end = node.key.end as number;
  return 'computed' in node && node.computed ? scanTo(cx.shared.module.text, end, ']') : end;
}

/** The offset of the `=>` before an expression body. */
function scanArrow(node: FunctionNode, cx: Context): number {
  const before = node.returnType ?? node.params.at(-1) ?? node.typeParameters;
  return scanTo(cx.shared.module.text, (before?.end ?? node.start) as number, '=>');
}

/** What a body has besides its statements, and what becomes of these. */
export interface BodyChanges {
  /** Parameters that are bound in the body. */
  readonly bound?: BoundParameters | undefined;
  /** `arguments.callee` is the original. */
  readonly isCallee?: boolean;
  /** What stands for a part of the head, whose parts `emitPart` writes; undefined where it stays. */
  readonly head?: (part: Node, emitPart: (part: Node) => Code) => Code | undefined;
  /** What stands before the first statement. */
  readonly opening?: (cx: Context) => Code;
  /** @param code what the statement would be */
  readonly statement?: (statement: Statement, code: Code, cx: Context) => Code;
}

function emitAsyncBody(node: FunctionNode, cx: Context, changes: BodyChanges = {}): Code {
  return asSection(node, emitBody(node, cx, changes), cx, changes.bound !== undefined);
}

function emitBody(node: FunctionNode, cx: Context, changes: BodyChanges = {}): Code {
  const { body } = node;
  const { bound, isCallee, opening: before, statement: change } = changes;
  const declarations: Code[] = [];
  const bindings = bound?.bindings ?? (isCallee === true ? ` arguments.callee = ${originalName(cx)};` : '');
  let code: Code;
  if (body.type === 'BlockStatement') {
    const lastDirective = body.directives.at(-1);
    const opening = (lastDirective?.end ?? (body.start as number) + 1) as number;
    const closing = (body.end as number) - 1;
    const inner = disposing(body.body, cx);
    const emitStatement = listEmitter(body.body, isOpenBody(node), inner);
    const own = [
      emitLinks(body, inner),
      before?.(inner) ?? '',
      emitRange({ start: opening, end: closing }, body.body, (statement) => {
        const emitted = emitStatement(statement);
        return change === undefined ? emitted : change(statement, emitted, inner);
      }),
    ];
    const statements = [
      bindings,
      bound?.around[0] ?? '',
      disposed(own, body.body, body, inner),
      bound?.around[1] ?? '',
    ];
    code = [
      { start: body.start as number, end: opening },
      lastDirective && cx.shared.module.text[opening - 1] !== ';' ? ';' : '',
      declarations,
      guarded(statements, body, cx),
      isTold(cx) && mayRevoke(node) ? `; ${callOf(cx)}.box();` : '',
      { start: closing, end: body.end as number },
    ];
  } else {
    const result = emitResult(body, cx);
    if (cx.mode === 'tail' && cx.temporaries.size === 0) return result;
    const statements = [bindings, ' return ', result, '; '];
    code = ['{', declarations, guarded(statements, body, cx), '}'];
  }
  const [head, tail] = aroundStatements(node, cx, bound !== undefined);
  declarations.push(head[0], cx.temporaries.size > 0 ? ` ${declaredTemporaries(cx)}` : '', head[1]);
  return [code, tail];
}

/** What stands in a body before its temporaries, behind these, and at its end, whose brace is one of the statements'. */
function aroundStatements(
  node: FunctionNode,
  cx: Context,
  isBound: boolean,
): readonly [head: readonly [string, string], tail: string] {
  switch (cx.mode) {
    case 'generator':
      return [[` const ${runOf(cx)} = ${helper(cx, 'enter')}();`, ''], ''];
    case 'twin':
      if (!canTell(node, isBound)) {
        return [[` const ${callOf(cx)} = ${helper(cx, 'apart')}();`, ''], ''];
      }
      return [[beginning(cx), TRY], `${failing(cx)} }`];
    case 'once':
      return [['', TRY], `${failing(cx)} }`];
    default:
      return [['', ''], ''];
  }
}

const TRY = ' try {';

function beginning(cx: Context): string {
  return ` const ${callOf(cx)} = ${helper(cx, 'begin')}();`;
}

function failing(cx: Context): string {
  const own = callOf(cx);
  return ` catch (e) { ${own}.e = e; if (${own}.p) throw e; }`;
}

/** Statements of a body that tells its call what it comes to, where they are no function's of the source. */
export function telling(statements: Code, cx: Context): Code {
  return [beginning(cx), TRY, statements, ' }', failing(cx)];
}

/** Whether a function or class takes its name from where it stands. */
export function isAnonymousFunction(node: Node): boolean {
  if (node.type === 'ArrowFunctionExpression') return true;
  return (node.type === 'FunctionExpression' || node.type === 'ClassExpression') && !node.id;
}

/** An object literal's method: an arrow or function cannot replace it, so the original is taken from a literal of its own. */
export function emitObjectMethod(node: ObjectMethod, outer: Context): Code {
  const form = functionPlan(outer, node)?.form;
  if (form === 'inPlace') return emitInPlace(node, outer);
  if (!isLinked(outer, node) || node.kind !== 'method' || isLinkedWithObject(node, outer))
    return emitOriginal(node, outer);
  if (isFixedKey(node)) return linkedMethod(node, keyCode(node, outer), outer);
  const temporary = uniqueTemporary(outer);
  const keys = new Map([...outer.keys, [node.key, { temporary, evaluated: true }] as const]);
  return linkedMethod(node, ['[', emitKey(node.key, temporary, outer), ']'], { ...outer, keys });
}

function linkedMethod(node: ObjectMethod, key: Code, cx: Context): Code {
  const read: Code = node.computed || node.key.type !== 'Identifier' ? bracketed(node, cx) : ['.', spanOf(node.key)];
  if (functionPlan(cx, node)?.form === 'once') {
    return [key, `: ${helper(cx, 'once')}({ `, asyncMethod(node, cx, keyCode(node, cx)), ' }', read, ')'];
  }
  const forms = (): [Code, Code] => [
    ['{ ', emitOriginal(node, cx), ' }', read],
    ['{ ', asyncMethod(node, cx, keyCode(node, cx)), ' }', read],
  ];
  return [key, ': ', linkCall(node, cx, forms)];
}

function bracketed(node: ObjectMethod, cx: Context): Code {
  return ['[', cx.keys.get(node.key)?.temporary ?? spanOf(node.key), ']'];
}

/** The key of a method where it is written once more, in an object literal. */
export function keyCode(node: ObjectMethod | ClassMethod, cx: Context): Code {
  const { key, computed } = node;
  if (computed) return ['[', cx.keys.get(key)?.temporary ?? spanOf(key), ']'];
  const isPrototype =
    (key.type === 'Identifier' && key.name === '__proto__') ||
    (key.type === 'StringLiteral' && key.value === '__proto__');
  // As a property's name it would be the literal's prototype.
  return isPrototype ? '["__proto__"]' : spanOf(key);
}
