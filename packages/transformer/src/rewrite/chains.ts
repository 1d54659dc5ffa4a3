/** Optional chains with calls that are rewritten: each `?.` becomes a test, so that the rest of the chain can await. */
import type { Node, UnaryExpression } from '@babel/types';
import { isMember, isParenthesized, spanOf, unwrap } from '../syntax/nodes.js';
import { isAccessed, readFrom } from './accesses.js';
import { calleeText } from './calleeText.js';
import { awaited, emitArguments, isPrintedWrong, linkedPrivate, mayAwait } from './calls.js';
import type { Code } from './code.js';
import { emitSuperMember, thisName } from './constructors.js';
import { type Context, callPlan, helper, lookup, note, uniqueTemporary } from './context.js';
import { holderOf } from './earlyNames.js';
import { emit, emitArgument } from './emit.js';

type Link = Extract<
  Node,
  { type: 'CallExpression' | 'OptionalCallExpression' | 'MemberExpression' | 'OptionalMemberExpression' }
>;

/** The elements of a chain from its base outwards. Parentheses around an optional chain end it: what follows is not skipped with it. */
function linksOf(top: Node): { base: Node; links: Link[] } {
  const links: Link[] = [];
  let node: Node = top;
  for (;;) {
    if (node !== top && endsChain(node)) break;
    if (node.type === 'TSNonNullExpression') node = node.expression;
    else if (node.type === 'OptionalCallExpression' || node.type === 'CallExpression') {
      links.push(node);
      node = node.callee;
    } else if (isMember(node)) {
      links.push(node);
      node = node.object;
    } else break;
  }
  return { base: node, links: links.reverse() };
}

function endsChain(node: Node): boolean {
  return isParenthesized(node) && (/^Optional/.test(node.type) || node.type === 'TSNonNullExpression');
}

/** Parts of chains that stay as they are in a context: they are asked for one after the other, from the outermost on. */
const PLAIN = new WeakMap<Node, Context>();

/** Whether the chain itself, not only arguments in it, is rewritten in this context. */
export function isRewrittenChain(top: Node, cx: Context): boolean {
  if (PLAIN.get(top) === cx) return false;
  const { base, links } = linksOf(top);
  if (base.type === 'Super' && cx.made?.inClass === true) return true;
  if (links.some((link) => isPlanned(link, cx) || cx.shared.implied.has(link))) return true;
  for (const link of links) PLAIN.set(link, cx);
  return false;
}

function isPlanned(link: Link, cx: Context): boolean {
  if (!('callee' in link)) return isAccessed(link, cx);
  return (
    callPlan(cx, link)?.registers === true || mayAwait(link, link.callee, cx) || isPrintedWrong(unwrap(link.callee), cx)
  );
}

function isCall(link: Link | undefined): link is Extract<Link, { callee: unknown }> {
  return link?.type === 'CallExpression' || link?.type === 'OptionalCallExpression';
}

export function emitChain(top: Node, cx: Context): Code {
  return emitReference(top, cx, false).code;
}

/** `delete` of a property at the end of a chain, to which it is true where the chain ends early. */
export function emitDelete({ operator, argument }: UnaryExpression, cx: Context): Code | undefined {
  const chain = unwrap(argument);
  if (operator !== 'delete' || chain.type !== 'OptionalMemberExpression' || !isRewrittenChain(chain, cx))
    return undefined;
  const { tests, current } = walkChain(chain, cx, false, 'true');
  return ['(', tests, 'delete ', current, ')'];
}

/** A chain's value and, if `keepsSelf`, the temporary that then holds the object of its last property access. */
export function emitReference(top: Node, cx: Context, keepsSelf = true): { code: Code; self: string | undefined } {
  const { tests, current, self } = walkChain(top, cx, keepsSelf, 'void 0');
  return { code: ['(', tests, current, ')'], self };
}

interface Walked {
  /** The tests of the chain's `?.`, each up to the colon behind it. */
  readonly tests: readonly Code[];
  readonly current: Code;
  readonly self: string | undefined;
}

/** @param otherwise what the chain is where it ends early */
function walkChain(top: Node, cx: Context, keepsSelf: boolean, otherwise: string): Walked {
  const { base, links } = linksOf(top);
  const tests: Code[] = [];
  const isCallee = endsChain(base) && isCall(links[0]);
  const start = isCallee ? emitReference(unwrap(base), cx) : { code: emitBase(base, cx), self: undefined };
  let current: Code = start.code;
  let self: string | undefined = start.self;
  links.forEach((link, i) => {
    const next = links[i + 1];
    if (link.optional === true) {
      const value = uniqueTemporary(cx);
      tests.push([`(${value} = `, current, `) == null ? ${otherwise} : `]);
      current = value;
    }
    if (isMember(link)) {
      self = undefined;
      const isReceiver = isCall(next) && (isPlanned(next, cx) || next.optional === true);
      const isRead = isReceiver || !isCall(next);
      const linked =
        isRead && link.property.type === 'PrivateName' ? linkedPrivate(link.property.id.name, current, cx) : undefined;
      if (linked !== undefined) {
        ({ code: current, self } = linked);
        return;
      }
      if (isReceiver || (keepsSelf && next === undefined)) {
        if (base.type === 'Super' && i === 0) self = thisName(cx);
        else {
          self = uniqueTemporary(cx);
          current = [`(${self} = `, current, ')'];
        }
      }
      if (isAccessed(link, cx)) current = readFrom(link, current, cx);
      else current = (i === 0 ? emitSuperMember(link, cx) : undefined) ?? emitAccess(current, link, cx);
    } else {
      current = emitLinkCall(link, current, self, cx);
      self = undefined;
    }
  });
  return { tests, current, self };
}

/** What a property access may be appended to. */
function emitBase(base: Node, cx: Context): Code {
  const code = emit(base, cx);
  return isParenthesized(base) ? ['(', code, ')'] : code;
}

function emitAccess(object: Code, { property, computed }: Extract<Link, { property: unknown }>, cx: Context): Code {
  if (computed) return [object, '[', emitArgument(property, cx), ']'];
  const holder = property.type === 'PrivateName' ? holderOf(property.id.name, object, cx) : object;
  return [holder, '.', spanOf(property)];
}

function emitLinkCall(
  link: Extract<Link, { callee: unknown }>,
  callee: Code,
  self: string | undefined,
  cx: Context,
): Code {
  const plan = callPlan(cx, link);
  const suspends = mayAwait(link, link.callee, cx);
  const text = JSON.stringify(calleeText(link.callee));
  const args = emitArguments(link, cx);
  const separator = link.arguments.length > 0 ? ', ' : '';
  if (self === undefined && !suspends && plan?.registers !== true) return [callee, '(', args];
  const call =
    self === undefined
      ? [suspends ? lookup(cx, 'callee', link) : `${helper(cx, 'registrar')}(`, callee, `, ${text})(`, args]
      : [
          suspends ? lookup(cx, 'method', link) : `${helper(cx, 'methodRegistrar')}(`,
          ...[callee, `, ${text}).call(${self}`, separator, args],
        ];
  if (suspends) return awaited(link, call, link.start as number, cx);
  if (plan?.registers === true) note(cx, 'registered', link);
  return call;
}
