/** Classes: methods are linked in a static block that runs before any other static element. */
import type { ClassBody, ClassMethod, ClassPrivateMethod, Node } from '@babel/types';
import { isFixedKey } from '../syntax/keys.js';
import { spanOf } from '../syntax/nodes.js';
import type { Code } from './code.js';
import { type Context, freshName, functionPlan, helper, isTouched, type KeptKey, uniqueTemporary } from './context.js';
import { emit, emitRange } from './emit.js';
import { asyncMethod, emitFunction, keyCode } from './functions.js';

type Member = ClassBody['body'][number];

export function emitClassBody(node: ClassBody, outer: Context): Code {
  if (!isTouched(outer, spanOf(node))) return spanOf(node);
  const cx = { ...outer, privateTwins: privateTwinsIn(node, outer), keys: keptKeys(node, outer) };
  const opening = (node.start as number) + 1;
  return [
    { start: node.start as number, end: opening },
    emitStaticBlock(node, cx),
    emitRange({ start: opening, end: node.end as number }, node.body, (member) => {
      const code =
        member.type === 'ClassMethod' && cx.keys.has(member.key) ? emitFunction(member, cx) : emit(member, cx);
      return isTwinnedPrivate(member, cx) ? [code, ' ', privateTwin(member, cx)] : code;
    }),
  ];
}

function privateTwinsIn(node: ClassBody, cx: Context): Map<string, string> {
  const twins = new Map(cx.privateTwins);
  for (const member of node.body) {
    if (!('key' in member) || member.key.type !== 'PrivateName') continue;
    const { name } = member.key.id;
    if (isTwinnedPrivate(member, cx)) twins.set(name, freshName(cx.shared, `${name}$async`));
    else twins.delete(name);
  }
  return twins;
}

/**
 * The static block repeats the keys of methods: those that are computed are kept in temporaries. Also the keys of methods without
 * asynchronous form, which may replace one that has it.
 */
function keptKeys(node: ClassBody, cx: Context): Map<Node, KeptKey> {
  const keys = new Map(cx.keys);
  if (!node.body.some((member) => isTwinned(member, cx))) return keys;
  for (const member of node.body) {
    if (!isPlainMethod(member) || isFixedKey(member)) continue;
    keys.set(member.key, { temporary: uniqueTemporary(cx), evaluated: false });
  }
  return keys;
}

function isPlainMethod(member: Member): member is ClassMethod {
  return member.type === 'ClassMethod' && member.kind === 'method';
}

function isTwinned(member: Member, cx: Context): member is ClassMethod {
  return isPlainMethod(member) && functionPlan(cx, member)?.form === 'twin';
}

function isTwinnedPrivate(member: Member, cx: Context): member is ClassPrivateMethod {
  return member.type === 'ClassPrivateMethod' && functionPlan(cx, member)?.form === 'twin';
}

/** Private methods cannot be reached from a static block; their asynchronous form is a private method beside them. */
function privateTwin(member: ClassPrivateMethod, cx: Context): Code {
  const key = `#${cx.privateTwins.get(member.key.id.name)}`;
  return [member.static ? 'static ' : '', asyncMethod(member, cx, key)];
}

function emitStaticBlock(node: ClassBody, cx: Context): Code {
  const links: Code[] = [];
  const streamMethods: string[] = [];
  for (const isStatic of [false, true]) {
    const forms: Code[] = [];
    for (const member of node.body) {
      if (!isPlainMethod(member) || (member.static === true) !== isStatic) continue;
      const key = keyCode(member, cx);
      if (isTwinned(member, cx)) {
        forms.push(asyncMethod(member, cx, key), ', ');
        const streamMethod = functionPlan(cx, member)?.streamMethod === true;
        if (streamMethod && member.key.type === 'Identifier') streamMethods.push(member.key.name);
      } else if (forms.length > 0 && mayReplace(member, node, cx)) forms.push(key, ': undefined, ');
    }
    if (forms.some((form) => form !== ', ')) {
      links.push(` ${helper(cx, 'linkMethods')}(${isStatic ? 'this' : 'this.prototype'}, { `, forms, '});');
    }
  }
  if (streamMethods.length > 0) {
    links.push(` ${helper(cx, 'startStreamMethods')}(this.prototype, ${JSON.stringify(streamMethods)});`);
  }
  return links.length === 0 ? [] : [' static {', links, ' }'];
}

/** Whether a method may have the key of one that has an asynchronous form. */
function mayReplace(member: ClassMethod, { body }: ClassBody, cx: Context): boolean {
  const name = fixedName(member);
  const twinned = body.filter((other) => isTwinned(other, cx));
  return name === undefined || twinned.some((other) => [name, undefined].includes(fixedName(other)));
}

/** The name that a fixed key stands for; undefined for symbols and computed keys. */
function fixedName({ key, computed }: ClassMethod): string | undefined {
  if (key.type === 'Identifier') return computed ? undefined : key.name;
  return 'value' in key ? String(key.value) : undefined;
}
