/** Functions: the original, the asynchronous form, and the link between them. */
import type { FunctionDeclaration, ObjectMethod } from '@babel/types';
import { childrenOf, type FunctionNode, spanOf } from '../syntax/nodes.js';
import { scanTo } from '../syntax/scan.js';
import type { Code } from './code.js';
import { type Context, enter, freshName, functionPlan, helper, synchronous } from './context.js';
import { emit, emitLinks, emitRange, emitResult, statementEmitter } from './emit.js';

/** The name that an anonymous function gets from where it stands; `computed`: from a key that is not known. */
export type NameHint = { readonly name: string } | 'computed';

/** A function declaration or expression in its place. */
export function emitFunction(node: FunctionNode, cx: Context, hint?: NameHint): Code {
  const form = functionPlan(cx, node)?.form;
  if (form === 'inPlace') return emitInPlace(node, cx);
  const original = emitOriginal(node, cx);
  // Declarations and methods are linked where their block or class begins.
  if (form !== 'twin' || (node.type !== 'FunctionExpression' && node.type !== 'ArrowFunctionExpression')) {
    return form === 'twin' && node.type === 'FunctionDeclaration' && !node.id ? nameDefault(node, cx) : original;
  }
  if (node.type === 'FunctionExpression' && node.id) {
    const { name } = node.id;
    return [`${helper(cx, 'linkSelf')}(`, original, `, (${name}) => (`, asyncForm(node, cx, name), '))'];
  }
  if (hint === undefined || hint === 'computed') {
    return [`${helper(cx, 'link')}(`, original, ', ', asyncForm(node, cx, undefined), ')'];
  }
  return [`${helper(cx, 'link')}(`, named(hint.name, original), ', ', asyncForm(node, cx, hint.name), ')'];
}

/** `export default function () {}` has to get a name to be linked by; `linkNamed` restores its own. */
function nameDefault(node: FunctionDeclaration, cx: Context): Code {
  const open = openParen(node, cx);
  return [
    { start: node.start as number, end: open },
    ` ${freshName(cx.shared, '$default')}`,
    emitOriginal(node, cx, open),
  ];
}

function emitOriginal(node: FunctionNode, cx: Context, start = node.start as number): Code {
  const entered = enter(cx, 'sync');
  const inner = functionPlan(cx, node)?.form === 'twin' ? { ...entered, originals: cx.originals + 1 } : entered;
  const { body } = node;
  if (body.type === 'BlockStatement') {
    return emitRange({ start, end: node.end as number }, childrenOf(node), (child) =>
      child === body ? emitBody(node, inner) : emit(child, synchronous(cx)),
    );
  }
  const result = emit(body, inner);
  if (inner.temporaries.size === 0) {
    return emitRange({ start, end: node.end as number }, childrenOf(node), (child) =>
      child === body ? result : emit(child, synchronous(cx)),
    );
  }
  return emitWithBlock(node, cx, emitBody(node, inner));
}

/** An arrow function whose expression is replaced by the block `body`. */
function emitWithBlock(node: FunctionNode, cx: Context, body: Code): Code {
  const head = { start: node.start as number, end: scanArrow(node, cx) };
  return [emitRange(head, node.params, (child) => emit(child, synchronous(cx))), '=> ', body];
}

function emitInPlace(node: FunctionNode, cx: Context): Code {
  const inner = enter(cx, 'async');
  if (node.body.type !== 'BlockStatement') return emitWithBlock(node, cx, emitBody(node, inner));
  return emitRange(spanOf(node), childrenOf(node), (child) =>
    child === node.body ? emitBody(node, inner) : emit(child, synchronous(cx)),
  );
}

/**
 * The asynchronous form of a function, as an expression whose value has the name `name` in stack traces. It has no return type: what
 * the original returns is not what an async function is declared to return.
 */
export function asyncForm(node: FunctionNode, cx: Context, name: string | undefined): Code {
  const head = node.type === 'ArrowFunctionExpression' ? 'async ' : 'async function ';
  const arrow = node.type === 'ArrowFunctionExpression' ? ' => ' : ' ';
  const code = [
    { text: head, at: node.start as number },
    emitParameters(node, cx),
    arrow,
    emitBody(node, enter(cx, 'twin')),
  ];
  return name === undefined ? code : named(name, code);
}

/** The asynchronous form of a method, to stand in an object literal or class under `key`. */
export function asyncMethod(node: FunctionNode, cx: Context, key: Code): Code {
  return [
    { text: 'async ', at: node.start as number },
    key,
    emitParameters(node, cx),
    ' ',
    emitBody(node, enter(cx, 'twin')),
  ];
}

/** `{ f: <expression> }.f`: an anonymous function takes the name of the property, as it would have from its place. */
function named(name: string, expression: Code): Code {
  if (name === '__proto__') return ['{ ["__proto__"]: ', expression, ' }["__proto__"]'];
  if (/^[A-Za-z_$][\w$]*$/.test(name)) return [`{ ${name}: `, expression, ` }.${name}`];
  const key = JSON.stringify(name);
  return [`{ ${key}: `, expression, ` }[${key}]`];
}

/**
 * Type parameters and parameters with their parentheses. Defaults keep their synchronous calls, because `await` is not allowed
 * there, and use temporaries of the enclosing function, because those of the body are out of their sight.
 */
function emitParameters(node: FunctionNode, cx: Context): Code {
  const inner = synchronous(cx);
  const { typeParameters } = node;
  const types = typeParameters ? [spanOf(typeParameters)] : [];
  const first = node.params[0];
  if (node.type === 'ArrowFunctionExpression' && first && isBareParameter(node, cx)) {
    return ['(', spanOf(first), ')'];
  }
  const open = openParen(node, cx);
  const close = scanTo(cx.shared.module.text, (node.params.at(-1)?.end ?? open + 1) as number, ')');
  return [...types, emitRange({ start: open, end: close + 1 }, node.params, (child) => emit(child, inner))];
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

function emitBody(node: FunctionNode, cx: Context): Code {
  const { body } = node;
  const declarations: Code[] = [];
  let code: Code;
  if (body.type === 'BlockStatement') {
    const lastDirective = body.directives.at(-1);
    const opening = (lastDirective?.end ?? (body.start as number) + 1) as number;
    code = [
      { start: body.start as number, end: opening },
      lastDirective && cx.shared.module.text[opening - 1] !== ';' ? ';' : '',
      declarations,
      emitLinks(body, cx),
      emitRange({ start: opening, end: body.end as number }, body.body, statementEmitter(body.body, cx)),
    ];
  } else code = ['{', declarations, ' return ', emitResult(body, cx), '; }'];
  if (cx.temporaries.size > 0) declarations.push(` let ${[...cx.temporaries].join(', ')};`);
  return code;
}

/** An object literal's method: an arrow or function cannot replace it, so the original is taken from a literal of its own. */
export function emitObjectMethod(node: ObjectMethod, cx: Context): Code {
  const form = functionPlan(cx, node)?.form;
  if (form === 'inPlace') return emitInPlace(node, cx);
  if (form !== 'twin' || node.kind !== 'method') return emitOriginal(node, cx);
  const key = keyCode(node);
  if (key === undefined) return emitOriginal(node, cx);
  const read: Code = node.key.type === 'Identifier' && !node.computed ? ['.', spanOf(node.key)] : index(node);
  return [
    key,
    `: ${helper(cx, 'link')}({ `,
    emitOriginal(node, cx),
    ' }',
    read,
    ', { ',
    asyncMethod(node, cx, key),
    ' }',
    read,
    ')',
  ];
}

function index(node: ObjectMethod): Code {
  return ['[', spanOf(node.key), ']'];
}

/** The key of a method, if it can be written twice; undefined otherwise. */
export function keyCode(node: Extract<FunctionNode, { key: unknown }>): Code | undefined {
  const { key } = node;
  if (!('computed' in node) || !node.computed) {
    return key.type === 'Identifier' && key.name === '__proto__' ? undefined : spanOf(key);
  }
  const simple =
    key.type === 'Identifier' ||
    key.type === 'StringLiteral' ||
    (key.type === 'MemberExpression' && key.object.type === 'Identifier' && key.object.name === 'Symbol');
  return simple ? ['[', spanOf(key), ']'] : undefined;
}
