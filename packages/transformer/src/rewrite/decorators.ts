/** Classes with decorators, which may have replaced what is to be linked: innermost decorators tell what it was. */
import type { Class, ClassPrivateMethod, Decorator, Node } from '@babel/types';
import { hasClassDecorators, isDeclaration } from '../syntax/classElements.js';
import { decoratorsOf, isDecorated } from '../syntax/decorators.js';
import { isTwinnedAccessor } from './accessors.js';
import type { Code } from './code.js';
import type { Construction } from './constructors.js';
import { type Context, functionPlan, helper, synchronous, uniqueTemporary } from './context.js';
import { emit } from './emit.js';

/** A class whose members are linked with regard to decorators. */
export interface DecoratedClass {
  /** The last decorators of the class and of its elements, behind which stands an innermost one. */
  readonly last: ReadonlySet<Decorator>;
  /** The innermost decorator. */
  readonly decorations: string;
  /** The class of the source, in a static block. */
  readonly source: string;
}

/** What is needed to link a class, if decorators may have replaced something. */
export function decoratedClass(node: Class, made: Construction | undefined, cx: Context): DecoratedClass | undefined {
  const isLinked = made !== undefined || node.body.body.some((member) => isLinkedMember(member, cx));
  const elements = node.body.body.filter((member) => !isDeclaration(member));
  const last = new Set([node, ...elements].flatMap((element) => decoratorsOf(element).slice(-1)));
  if (!isLinked || (last.size === 0 && !hasClassDecorators(node))) return undefined;
  const decorations = `(${uniqueTemporary(cx)} ??= ${helper(cx, 'decorations')}())`;
  // TypeScript takes static blocks out of classes with decorators, and loses their `this`.
  const reference = hasClassDecorators(node) && node.id ? node.id.name : 'this';
  return { last, decorations, source: `${decorations}.source(${reference}, ${last.size})` };
}

/** Whether a member is a private method with an asynchronous form: decorators tell which function it is, which nothing else can reach. */
export function isTwinnedByDecorators(member: Node, cx: Context): member is ClassPrivateMethod {
  return member.type === 'ClassPrivateMethod' && isDecorated(member) && functionPlan(cx, member)?.form === 'twin';
}

function isLinkedMember(member: Class['body']['body'][number], cx: Context): boolean {
  if (isTwinnedByDecorators(member, cx)) return true;
  if (member.type !== 'ClassMethod') return false;
  return isTwinnedAccessor(member, cx) || (member.kind === 'method' && functionPlan(cx, member)?.form === 'twin');
}

/** A decorator, with the innermost one behind the last that the source has. */
export function emitDecorator(decorator: Decorator, cx: Context): Code {
  const code = emit(decorator, synchronous(cx));
  const { decorated } = cx;
  return decorated?.last.has(decorator) === true ? [code, ` @${decorated.decorations}`] : code;
}
