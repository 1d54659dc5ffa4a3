/** Classes: methods are linked in a static block that runs before any other static element. */
import type { ClassBody, ClassMethod, ClassPrivateMethod } from '@babel/types';
import { spanOf } from '../syntax/nodes.js';
import type { Code } from './code.js';
import { type Context, functionPlan, helper, isTouched } from './context.js';
import { emit, emitRange } from './emit.js';
import { asyncMethod, keyCode } from './functions.js';

export function emitClassBody(node: ClassBody, outer: Context): Code {
  const own = node.body.filter(isTwinnedPrivate(outer)).map((member) => member.key.id.name);
  const cx = own.length === 0 ? outer : { ...outer, privateTwins: new Set([...outer.privateTwins, ...own]) };
  const opening = (node.start as number) + 1;
  return [
    { start: node.start as number, end: opening },
    emitStaticBlock(node, cx),
    emitRange({ start: opening, end: node.end as number }, node.body, (member) => {
      const code = emit(member, cx);
      return isTwinnedPrivate(cx)(member) ? [code, ' ', privateTwin(member, cx)] : code;
    }),
  ];
}

function isTwinnedPrivate(cx: Context) {
  return (member: ClassBody['body'][number]): member is ClassPrivateMethod =>
    member.type === 'ClassPrivateMethod' && functionPlan(cx, member)?.form === 'twin';
}

/** Private methods cannot be reached from a static block; their asynchronous form is a private method beside them. */
function privateTwin(member: ClassPrivateMethod, cx: Context): Code {
  return [member.static ? 'static ' : '', asyncMethod(member, cx, `#${member.key.id.name}$async`)];
}

function emitStaticBlock(node: ClassBody, cx: Context): Code {
  if (!isTouched(cx, spanOf(node))) return [];
  const onClass: Code[] = [];
  const onPrototype: Code[] = [];
  const streamMethods: string[] = [];
  for (const member of node.body) {
    if (member.type !== 'ClassMethod' || member.kind !== 'method') continue;
    if (functionPlan(cx, member)?.form !== 'twin') continue;
    const key = keyCode(member as ClassMethod);
    if (key === undefined) continue;
    if (functionPlan(cx, member)?.streamMethod && member.key.type === 'Identifier') streamMethods.push(member.key.name);
    (member.static ? onClass : onPrototype).push(asyncMethod(member, cx, key), ', ');
  }
  const links: Code[] = [];
  if (onPrototype.length > 0) links.push(` ${helper(cx, 'linkMethods')}(this.prototype, { `, onPrototype, '});');
  if (onClass.length > 0) links.push(` ${helper(cx, 'linkMethods')}(this, { `, onClass, '});');
  if (streamMethods.length > 0) {
    links.push(` ${helper(cx, 'startStreamMethods')}(this.prototype, ${JSON.stringify(streamMethods)});`);
  }
  return links.length === 0 ? [] : [' static {', links, ' }'];
}
