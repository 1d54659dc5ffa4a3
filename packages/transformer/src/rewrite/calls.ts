/** Calls: the callee is looked up, and where it may suspend the suspension is awaited. */

import type {
  CallExpression,
  Identifier,
  NewExpression,
  Node,
  OptionalCallExpression,
  TaggedTemplateExpression,
} from '@babel/types';
import { wordsOf } from '../parse/words.js';
import { type Constants, constantsOf } from '../syntax/constants.js';
import { childrenOf, isMember, isPrivateMember, type MemberNode, spanOf, unwrap } from '../syntax/nodes.js';
import { privateLookup } from '../syntax/privateNames.js';
import { scanWithin } from '../syntax/scan.js';
import { accessStart, isAccessed, isAccessedMember, readFrom } from './accesses.js';
import { calleeText } from './calleeText.js';
import { emitReference } from './chains.js';
import type { Code } from './code.js';
import { emitSuperCall, emitSuperMethod, thisName } from './constructors.js';
import {
  type Context,
  callOf,
  callPlan,
  freshName,
  helper,
  isOnce,
  isPrintedOtherwise,
  isTouched,
  lookup,
  type ModuleContext,
  note,
  ownFrame,
  runOf,
  temporary,
  uniqueTemporary,
} from './context.js';
import { holderOf } from './earlyNames.js';
import { emit, emitArgument, emitChildren, emitParts, emitRange } from './emit.js';
import { definesExportIn } from './exportNames.js';
import { emitSpreadArgument } from './iterations.js';

/** A call that may suspend, with the wait for it. */
export function awaited(node: Node, call: Code, at: number, cx: Context): Code {
  note(cx, 'awaited', node);
  return suspended(call, at, cx);
}

/**
 * What may suspend: where no call knows of it, it becomes `(result = IT) === SUSPENDED ? unbox(await take()) : result`.
 */
export function suspended(call: Code, at: number, cx: Context): Code {
  const own = callOf(cx);
  if (own !== undefined) return { call, own, at };
  const result = temporary(cx, 'result');
  const suspended = helper(cx, 'SUSPENDED');
  return [{ text: `((${result} = `, at }, call, { text: `) === ${suspended} ? ${continuation(cx)} : ${result})`, at }];
}

function continuation(cx: Context): string {
  const run = runOf(cx);
  if (run !== undefined) return `${run}.resume(yield ${run}.pause())`;
  return `${helper(cx, 'unbox')}(await ${helper(cx, 'take')}(${frameOf(cx)}))`;
}

/** What an `async` function in place says of itself when it suspends, where somebody follows turns of the event loop: who calls it gets a promise. */
function frameOf(cx: Context): string {
  return cx.shared.plan.tells ? `${ownFrame(cx)}, true` : '';
}

/** Whether a call awaits what it calls: as planned, or because what a getter returns could not be called otherwise without being read twice. */
export function mayAwait(node: Node, callee: Node, cx: Context): boolean {
  return cx.mode !== 'sync' && (callPlan(cx, node)?.suspends === true || isAccessedMember(callee, cx));
}

export function emitCall(node: CallExpression, cx: Context): Code {
  if (node.callee.type === 'Super' && cx.made?.inClass === true) return emitSuperCall(node, cx.made, cx);
  const plan = callPlan(cx, node);
  const suspends = mayAwait(node, node.callee, cx);
  const callee = unwrap(node.callee);
  if (!suspends && plan?.registers !== true && !isPrintedWrong(callee, cx))
    return emitRequire(node, cx) ?? emitPlainCall(node, cx);
  if (callee.type === 'Super') return emitPlainCall(node, cx);
  return emitLookedUp(node, callee, suspends, { code: emitArguments(node, cx), any: node.arguments.length > 0 }, cx);
}

interface Arguments {
  /** Without the opening and with the closing parenthesis. */
  readonly code: Code;
  readonly any: boolean;
}

function emitLookedUp(node: Node, callee: Node, suspends: boolean, args: Arguments, cx: Context): Code {
  const call = isMember(callee)
    ? emitMemberCall(node, callee, suspends, args, cx)
    : [
        { text: suspends ? lookup(cx, 'callee', node) : `${helper(cx, 'registrar')}(`, at: node.start as number },
        emitArgument(callee, cx),
        isKnownFunction(callee, cx) ? ')(' : `, ${JSON.stringify(calleeText(callee))})(`,
        args.code,
      ];
  if (suspends) return awaited(node, call, positionOf(callee), cx);
  if (callPlan(cx, node)?.registers === true) note(cx, 'registered', node);
  return call;
}

/** Whether what V8 says of a callee that is no function would show helpers: those of its key. What is called on the result of a call is looked up anyway. */
export function isPrintedWrong(callee: Node, cx: Context): boolean {
  if (!isMember(callee) || !callee.computed || cx.mode === 'sync' || callee.object.type === 'Super') return false;
  return isPrintedOtherwise(callee.property, cx);
}

/** A private method is called as it stands: only where it is passed on as a value does it need its link. */
export function emitPlainCall(node: CallExpression | OptionalCallExpression, cx: Context): Code {
  const callee = unwrap(node.callee);
  const ofSuper = emitSuperMethod(callee, calleeText(callee), cx);
  if (ofSuper !== undefined) return [ofSuper, '(', emitArguments(node, cx)];
  const isEarly = isEarlyOfName(callee, cx);
  const definesExport = definesExportIn(node, cx.shared.module);
  const code = emitRange(spanOf(node), childrenOf(node), (child) =>
    child === node.callee && definesExport
      ? "Object['defineProperty']"
      : child === node.callee && isPrivateMember(child)
        ? isEarly
          ? spanOf(child)
          : emitParts(child, cx)
        : emitPassed(child, node, cx),
  );
  // What V8 says of a callee that is no function has its text.
  return isEarly ? ['(', emitParts(callee, cx), ', ', code, ')'] : code;
}

/** Whether a callee is a private field that may have no value yet, of what may be evaluated twice. */
function isEarlyOfName(callee: Node, cx: Context): boolean {
  const [object, name] = privateLookup(callee);
  const isName = object?.type === 'Identifier' || (object?.type === 'ThisExpression' && thisName(cx) === 'this');
  return isName && callee.type === 'MemberExpression' && cx.earlyNames.has(name ?? '');
}

/** A part of a call: an argument, if it is not the callee. */
function emitPassed(child: Node, node: { readonly arguments: readonly Node[] }, cx: Context): Code {
  return child.type === 'SpreadElement' ? emitSpreadArgument(child, node.arguments, cx) : emit(child, cx);
}

/** Where V8 places a call in stack traces: at the property for `o.m()`, else where the callee begins. */
function positionOf(callee: Node): number {
  return ('property' in callee ? (callee.property as Node).start : callee.start) as number;
}

function emitMemberCall(node: Node, callee: MemberNode, suspends: boolean, args: Arguments, cx: Context): Code {
  const own = suspends ? emitOwnCall(callee, args, cx) : undefined;
  if (own !== undefined) return own;
  const text = JSON.stringify(calleeText(callee));
  const at = positionOf(callee);
  const receiver = emitReceiver(callee, suspends, cx);
  if (receiver.self === undefined) {
    return [`${helper(cx, 'member')}(`, receiver.code, `, ${text})(`, args.code];
  }
  const isPassing = suspends && isPassingOn(callee);
  return [
    isPassing ? `${helper(cx, 'caller')}(` : '',
    { text: suspends ? lookup(cx, 'method', node) : `${helper(cx, 'methodRegistrar')}(`, at },
    receiver.code,
    isPassing ? `, ${text})` : '',
    { text: `, ${text}).call(`, at },
    receiver.self,
    args.any ? ', ' : '',
    args.code,
  ];
}

/** Whether a method is `call` or `apply` of one of these: it may call what is no function. */
function isPassingOn({ object, property }: MemberNode): boolean {
  const isCaller = (node: Node) => node.type === 'Identifier' && /^(call|apply)$/.test(node.name);
  const within = unwrap(object);
  return isCaller(property) && isMember(within) && isCaller(within.property);
}

/** A call of a private method whose text stands once, where someone may run the caller who cannot wait; undefined for all others. */
function emitOwnCall(callee: MemberNode, args: Arguments, cx: Context): Code | undefined {
  const { object, property } = callee;
  if (!isOnce(cx) || callee.type !== 'MemberExpression' || property.type !== 'PrivateName') return undefined;
  const twin = cx.privateTwins.get(property.id.name);
  if (twin?.link !== 'linkOnce') return undefined;
  const isThis = object.type === 'ThisExpression';
  const self = isThis ? thisName(cx) : temporary(cx, 'self');
  const receiver = isThis ? self : [`(${self} = `, emitArgument(object, cx), ')'];
  return [
    { text: `${runOf(cx)}.call(`, at: positionOf(callee) },
    receiver,
    { text: `.#${twin.name}, ${self}`, at: positionOf(callee) },
    args.any ? ', ' : '',
    args.code,
  ];
}

/** Whether a callee needs no name, because no message will ever be made of it. */
function isKnownFunction(callee: Node, { shared }: Context): boolean {
  return callee.type === 'Identifier' && constants(shared).functions.has(callee.name);
}

function constants(shared: ModuleContext): Constants {
  shared.constants ??= constantsOf(shared.module.ast.program, wordsOf(shared.module));
  return shared.constants;
}

/** Whether an expression is a variable that nothing assigns to: it may be evaluated twice. */
function isStable(node: Node, { shared }: Context): boolean {
  return node.type === 'Identifier' && constants(shared).unassigned.has(node.name);
}

interface Receiver {
  /** The callee, whose receiver is kept in `self`; without `self`, receiver and key as two arguments. */
  readonly code: Code;
  readonly self: string | undefined;
}

/**
 * The callee of a method call with its receiver evaluated once.
 *
 * Synchronous code, which may stand outside any function that could hold a temporary, passes receiver and key instead.
 */
function emitReceiver(callee: MemberNode, suspends: boolean, cx: Context): Receiver {
  if (callee.type === 'OptionalMemberExpression') return emitReference(callee, cx);
  const { object, property } = callee;
  if (object.type === 'ThisExpression' || object.type === 'Super') {
    const self = thisName(cx);
    const twin = property.type === 'PrivateName' ? cx.privateTwins.get(property.id.name) : undefined;
    if (property.type !== 'PrivateName' || twin === undefined) return { code: emit(callee, cx), self };
    return { code: `${helper(cx, twin.link)}(${self}.#${property.id.name}, ${self}.#${twin.name})`, self };
  }
  if (callOf(cx) !== undefined && isStable(object, cx) && property.type !== 'PrivateName') {
    return { code: emit(callee, cx), self: (object as Identifier).name };
  }
  if (isAccessed(callee, cx)) {
    const self = uniqueTemporary(cx);
    return { code: readFrom(callee, [`${self} = `, emitArgument(object, cx)], cx), self };
  }
  if (property.type === 'PrivateName' || suspends) {
    // Synchronous code may share temporaries with the functions that enclose it, which a getter may run in between.
    const isShared = cx.mode !== 'sync' && !(callee.computed && isTouched(cx, spanOf(property)));
    const linked =
      property.type === 'PrivateName' ? linkedPrivate(property.id.name, emitArgument(object, cx), cx) : undefined;
    if (linked !== undefined) return linked;
    const self = isShared ? temporary(cx, 'self') : uniqueTemporary(cx);
    const access = emitRange({ start: accessStart(callee, cx), end: callee.end as number }, [property], (child) =>
      emit(child, cx),
    );
    const held = emitArgument(object, cx);
    const holder = property.type === 'PrivateName' ? holderOf(property.id.name, held, cx) : held;
    return { code: [`(${self} = `, holder, ')', access], self };
  }
  const key = callee.computed ? emitArgument(property, cx) : JSON.stringify((property as { name: string }).name);
  return { code: [emitArgument(object, cx), ', ', key], self: undefined };
}

/** The arguments without the opening and with the closing parenthesis. */
export function emitArguments(
  node: { callee: Node; end?: number | null; arguments: readonly Node[] } & Pick<CallExpression, 'typeParameters'>,
  cx: Context,
): Code {
  const from = (node.typeParameters?.end ?? typeArgumentsEnd(node) ?? node.callee.end) as number;
  const open = scanWithin(cx.shared.module.text, from, node.end as number, '(');
  if (open === undefined) return ')'; // `new C`
  return emitRange({ start: open + 1, end: node.end as number }, node.arguments, (child) =>
    emitPassed(child, node, cx),
  );
}

function typeArgumentsEnd(node: object): number | undefined {
  const { typeArguments } = node as { typeArguments?: { end?: number } | null };
  return typeArguments?.end;
}

export function emitNew(node: NewExpression, cx: Context): Code {
  const plan = callPlan(cx, node);
  const suspends = plan?.suspends === true && cx.mode !== 'sync';
  const registers = plan?.registers === true;
  if (!suspends && !registers && !isPrintedOtherwise(node.callee, cx))
    return emitRange(spanOf(node), childrenOf(node), (child) =>
      child === node.callee ? emitConstructed(child, cx) : emitPassed(child, node, cx),
    );
  const at = node.start as number;
  const callee = [emitArgument(node.callee, cx), `, ${JSON.stringify(calleeText(node.callee))})`];
  const args = emitArguments(node as NewExpression & Pick<CallExpression, 'typeParameters'>, cx);
  if (suspends) return awaited(node, [{ text: lookup(cx, 'creator', node), at }, callee, '(', args], at, cx);
  if (registers) note(cx, 'registered', node);
  return [{ text: 'new ', at }, `(${helper(cx, 'constructorRegistrar')}(`, callee, ')(', args];
}

/** What `new` is applied to as it stands: a private method is no constructor, and a call of a helper would be taken for the one. */
function emitConstructed(callee: Node, cx: Context): Code {
  let node: Node = callee;
  if (isPrivateMember(callee)) return emitParts(callee, cx);
  while (isMember(node) && !cx.shared.implied.has(node)) node = node.object;
  return isMember(node) ? ['(', emit(callee, cx), ')'] : emit(callee, cx);
}

export function emitTaggedTemplate(node: TaggedTemplateExpression, cx: Context): Code {
  const plan = callPlan(cx, node);
  const suspends = mayAwait(node, node.tag, cx);
  const isCalled = suspends || plan?.registers === true || isPrintedWrong(unwrap(node.tag), cx);
  const ofSuper = isCalled ? undefined : emitSuperMethod(unwrap(node.tag), calleeText(node.tag), cx);
  if (!isCalled && !cx.shared.implied.has(node) && ofSuper === undefined) return emitChildren(node, cx);
  const values = node.quasi.expressions.map((value) => [', ', emitArgument(value, cx)]);
  const args = { code: [emitStrings(node, cx), values, ')'], any: true };
  if (isCalled) return emitLookedUp(node, unwrap(node.tag), suspends, args, cx);
  const tag = { start: node.start as number, end: node.quasi.start as number };
  return ['(', ofSuper ?? emitRange(tag, [node.tag], (child) => emit(child, cx)), '(', args.code, ')'];
}

/** The object with a template's strings: the same one whenever, and in whichever form of its function, the template is evaluated. */
function emitStrings(node: TaggedTemplateExpression, cx: Context): Code {
  const texts = node.quasi.quasis.map((text, i) => [...(i === 0 ? [] : ['$', '{0}']), spanOf(text)]);
  const strings = ['((strings) => strings)`', texts, '`'];
  if (!cx.shared.implied.has(node)) return strings;
  const { templates } = cx.shared;
  const name = templates.get(node) ?? `${freshName(cx.shared, '$template')}${templates.size + 1}`;
  templates.set(node, name);
  return [`(${name} ??= `, strings, ')'];
}

/** A private method, linked where it is read, and the temporary that holds the object; undefined if it has no asynchronous form. */
export function linkedPrivate(name: string, object: Code, cx: Context) {
  const twin = cx.privateTwins.get(name);
  if (twin === undefined) return undefined;
  const self = uniqueTemporary(cx);
  return { code: [`${helper(cx, twin.link)}((${self} = `, object, `).#${name}, ${self}.#${twin.name})`], self };
}

/** `require("express")` also applies the package's pack. */
function emitRequire(node: CallExpression, cx: Context): Code | undefined {
  const { callee } = node;
  const [specifier] = node.arguments;
  if (callee.type !== 'Identifier' || callee.name !== 'require' || specifier?.type !== 'StringLiteral')
    return undefined;
  if (!cx.shared.plan.packs.includes(specifier.value)) return undefined;
  return [`${helper(cx, 'pack')}(`, spanOf(specifier), ', ', spanOf(node), ')'];
}
