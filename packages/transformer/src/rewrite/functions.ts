/** Functions: the original, the asynchronous form, and the link between them. */
import type { ClassMethod, FunctionDeclaration, Node, ObjectMethod } from '@babel/types';
import { childrenOf, type FunctionNode, spanOf } from '../syntax/nodes.js';
import { scanTo } from '../syntax/scan.js';
import type { Code } from './code.js';
import { type Context, enter, freshName, functionPlan, helper, note, synchronous, uniqueTemporary } from './context.js';
import { emit, emitArgument, emitLinks, emitRange, emitResult, statementEmitter } from './emit.js';

/** The name that an anonymous function gets from where it stands, or the temporary that holds the key which gives it. */
export type NameHint = { readonly name: string } | { readonly temporary: string };

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
    return [`${helper(cx, 'linkSelf')}(`, original, `, (${name}) => (`, named({ name }, asyncForm(node, cx)), '))'];
  }
  return [`${helper(cx, 'link')}(`, named(hint, original), ', ', named(hint, asyncForm(node, cx)), ')'];
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
  const result = body.type === 'BlockStatement' ? emitBody(node, inner) : emit(body, inner);
  if (body.type !== 'BlockStatement' && inner.temporaries.size > 0)
    return emitWithBlock(node, cx, emitBody(node, inner));
  return emitRange({ start, end: node.end as number }, childrenOf(node), (child) =>
    child === body ? result : emitHead(child, node, cx),
  );
}

/** A key, parameter or decorator: they belong to the function around, in which a key of an object literal may await. */
function emitHead(child: Node, node: FunctionNode, cx: Context): Code {
  const kept = cx.keys.get(child);
  if (kept?.evaluated === true) return kept.temporary;
  const around = node.type === 'ObjectMethod' && 'key' in node && child === node.key ? cx : synchronous(cx);
  return kept === undefined ? emit(child, around) : emitKey(child, kept.temporary, around);
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
  note(cx, 'functions', node);
  const inner = enter(cx, 'async');
  if (node.body.type !== 'BlockStatement') return emitWithBlock(node, cx, emitBody(node, inner));
  return emitRange(spanOf(node), childrenOf(node), (child) =>
    child === node.body ? emitBody(node, inner) : emitHead(child, node, cx),
  );
}

/**
 * The asynchronous form of a function, as an anonymous function expression. It has no return type: what the original returns is not
 * what an async function is declared to return.
 */
export function asyncForm(node: FunctionNode, cx: Context): Code {
  note(cx, 'functions', node);
  const head = node.type === 'ArrowFunctionExpression' ? 'async ' : 'async function ';
  const arrow = node.type === 'ArrowFunctionExpression' ? ' => ' : ' ';
  return [{ text: head, at: node.start as number }, emitParameters(node, cx), arrow, emitBody(node, enter(cx, 'twin'))];
}

/** The asynchronous form of a method, to stand in an object literal or class under `key`. */
export function asyncMethod(node: FunctionNode, cx: Context, key: Code): Code {
  note(cx, 'functions', node);
  return [
    { text: 'async ', at: node.start as number },
    key,
    emitParameters(node, cx),
    ' ',
    emitBody(node, enter(cx, 'twin')),
  ];
}

/** `{ f: <expression> }.f`: an anonymous function takes the name of the property, as it would have from its place. */
export function named(hint: NameHint | undefined, expression: Code): Code {
  if (hint === undefined) return expression;
  if ('temporary' in hint) return [`{ [${hint.temporary}]: `, expression, ` }[${hint.temporary}]`];
  const { name } = hint;
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
export function emitObjectMethod(node: ObjectMethod, outer: Context): Code {
  const form = functionPlan(outer, node)?.form;
  if (form === 'inPlace') return emitInPlace(node, outer);
  if (form !== 'twin' || node.kind !== 'method') return emitOriginal(node, outer);
  if (isFixedKey(node)) return linkedMethod(node, keyCode(node, outer), outer);
  const temporary = uniqueTemporary(outer);
  const keys = new Map([...outer.keys, [node.key, { temporary, evaluated: true }] as const]);
  return linkedMethod(node, ['[', emitKey(node.key, temporary, outer), ']'], { ...outer, keys });
}

function linkedMethod(node: ObjectMethod, key: Code, cx: Context): Code {
  const read: Code = node.computed || node.key.type !== 'Identifier' ? bracketed(node, cx) : ['.', spanOf(node.key)];
  return [
    key,
    `: ${helper(cx, 'link')}({ `,
    emitOriginal(node, cx),
    ' }',
    read,
    ', { ',
    asyncMethod(node, cx, keyCode(node, cx)),
    ' }',
    read,
    ')',
  ];
}

function bracketed(node: ObjectMethod, cx: Context): Code {
  return ['[', cx.keys.get(node.key)?.temporary ?? spanOf(node.key), ']'];
}

/** Whether a method's key may be written twice: nothing changes what it evaluates to, and nobody sees that it is evaluated. */
export function isFixedKey({ key, computed }: ObjectMethod | ClassMethod): boolean {
  if (!computed || key.type === 'StringLiteral') return true;
  return (
    key.type === 'MemberExpression' && key.object.type === 'Identifier' && key.object.name === 'Symbol' && !key.computed
  );
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
