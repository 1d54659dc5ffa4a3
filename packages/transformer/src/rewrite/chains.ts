/** Optional chains with calls that are rewritten: each `?.` becomes a test, so that the rest of the chain can await. */
import type { Node } from '@babel/types';
import { spanOf } from '../syntax/nodes.js';
import { calleeText } from './calleeText.js';
import { awaited, emitArguments } from './calls.js';
import type { Code } from './code.js';
import { type Context, callPlan, helper, uniqueTemporary } from './context.js';
import { emitArgument } from './emit.js';

type Link = Extract<
  Node,
  { type: 'CallExpression' | 'OptionalCallExpression' | 'MemberExpression' | 'OptionalMemberExpression' }
>;

/** The elements of a chain from its base outwards. */
function linksOf(top: Node): { base: Node; links: Link[] } {
  const links: Link[] = [];
  let node: Node = top;
  for (;;) {
    if (node.type === 'TSNonNullExpression') node = node.expression;
    else if (node.type === 'OptionalCallExpression' || node.type === 'CallExpression') {
      links.unshift(node);
      node = node.callee;
    } else if (node.type === 'OptionalMemberExpression' || node.type === 'MemberExpression') {
      links.unshift(node);
      node = node.object;
    } else return { base: node, links };
  }
}

/** Whether a call of the chain itself, not of its arguments, is rewritten in this context. */
export function hasPlannedCall(top: Node, cx: Context): boolean {
  return linksOf(top).links.some((link) => isPlanned(link, cx));
}

function isPlanned(link: Link, cx: Context): boolean {
  const plan = callPlan(cx, link);
  return plan !== undefined && (plan.registers || (plan.suspends && cx.mode !== 'sync'));
}

function isCall(link: Link | undefined): link is Extract<Link, { callee: unknown }> {
  return link?.type === 'CallExpression' || link?.type === 'OptionalCallExpression';
}

export function emitChain(top: Node, cx: Context): Code {
  const { base, links } = linksOf(top);
  const tests: Code[] = [];
  let current: Code = emitArgument(base, cx);
  let self: string | undefined;
  links.forEach((link, i) => {
    const next = links[i + 1];
    if (link.optional === true) {
      const value = uniqueTemporary(cx);
      tests.push([`(${value} = `, current, ') == null ? undefined : ']);
      current = value;
    }
    if (link.type === 'MemberExpression' || link.type === 'OptionalMemberExpression') {
      self = undefined;
      if (isCall(next) && (isPlanned(next, cx) || next.optional === true)) {
        if (base.type === 'Super' && i === 0) self = 'this';
        else {
          self = uniqueTemporary(cx);
          current = [`(${self} = `, current, ')'];
        }
      }
      current = [current, emitAccess(link, cx)];
    } else {
      current = emitLinkCall(link, current, self, cx);
      self = undefined;
    }
  });
  return ['(', tests, current, ')'];
}

function emitAccess(link: Extract<Link, { property: unknown }>, cx: Context): Code {
  return link.computed ? ['[', emitArgument(link.property, cx), ']'] : ['.', spanOf(link.property)];
}

function emitLinkCall(
  link: Extract<Link, { callee: unknown }>,
  callee: Code,
  self: string | undefined,
  cx: Context,
): Code {
  const plan = callPlan(cx, link);
  const suspends = plan?.suspends === true && cx.mode !== 'sync';
  const text = JSON.stringify(calleeText(link.callee));
  const args = emitArguments(link, cx);
  const separator = link.arguments.length > 0 ? ', ' : '';
  if (self === undefined && !suspends && plan?.registers !== true) return [callee, '(', args];
  const lookup = suspends ? (['callee', 'method'] as const) : (['registrar', 'methodRegistrar'] as const);
  const call =
    self === undefined
      ? [`${helper(cx, lookup[0])}(`, callee, `, ${text})(`, args]
      : [`${helper(cx, lookup[1])}(`, callee, `, ${text}).call(${self}`, separator, args];
  return suspends ? awaited(call, link.start as number, cx) : call;
}
