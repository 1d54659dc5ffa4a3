/** Classes: methods are linked in a static block that runs before any other static element. */
import type { Class, ClassBody, ClassMethod, ClassPrivateMethod, Node } from '@babel/types';
import type { Field } from '../syntax/classElements.js';
import { isFixedKey } from '../syntax/keys.js';
import { childrenOf, spanOf } from '../syntax/nodes.js';
import type { Code } from './code.js';
import {
  type Construction,
  constructionOf,
  emitConstruction,
  emitOwnConstructor,
  guardedInitialiser,
  repeatsKeyOf,
} from './constructors.js';
import {
  type Context,
  freshName,
  functionPlan,
  helper,
  isTouched,
  type KeptKey,
  ownThis,
  synchronous,
  uniqueTemporary,
} from './context.js';
import { emit, emitRange, hintOf } from './emit.js';
import { asyncMethod, emitFunction, emitKey, keyCode, type NameHint } from './functions.js';

type Member = ClassBody['body'][number];

/** @param name the name that an anonymous class in this position gets from its context */
export function emitClass(node: Class, cx: Context, name: NameHint | undefined): Code {
  const inner = synchronous(cx);
  const { body } = node;
  return emitRange(spanOf(node), childrenOf(node), (child) => {
    // What a class extends is evaluated where the class stands, and may await.
    if (child === node.superClass) return emit(child, cx);
    if (child !== body) return emit(child, inner);
    return isTouched(inner, spanOf(body))
      ? emitClassBody(body, inner, constructionOf(node, inner, name))
      : spanOf(body);
  });
}

function emitClassBody(node: ClassBody, outer: Context, made: Construction | undefined): Code {
  const cx = { ...outer, privateTwins: privateTwinsIn(node, outer), keys: keptKeys(node, outer, made) };
  const opening = (node.start as number) + 1;
  return [
    { start: node.start as number, end: opening },
    emitStaticBlock(node, cx, made),
    emitRange({ start: opening, end: node.end as number }, node.body, (member) => {
      const code = emitMember(member, cx, made);
      return isTwinnedPrivate(member, cx) ? [code, ' ', privateTwin(member, cx)] : code;
    }),
  ];
}

function emitMember(member: Member, cx: Context, made: Construction | undefined): Code {
  if (member.type === 'ClassMethod') {
    if (made?.own !== undefined && member === made.ctor) return emitOwnConstructor(member, made, cx);
    return cx.keys.has(member.key) ? emitFunction(member, cx) : emit(member, cx);
  }
  return isField(member) ? emitField(member, cx, made) : emit(member, cx);
}

function isField(member: Member): member is Field {
  return /^Class(Private|Accessor)?Property$/.test(member.type);
}

function emitField(field: Field, cx: Context, made: Construction | undefined): Code {
  const isOfInstances = made?.fields.includes(field) === true;
  const own = ownThis(cx);
  // What is in fields is written once more, unless the class initialises them in any case.
  const inner = isOfInstances && made.own !== 'fields' ? { ...own, originals: cx.originals + 1 } : own;
  const hint = hintOf(field, cx);
  return emitRange(spanOf(field), childrenOf(field), (child) => {
    if (child === field.key) {
      const kept = cx.keys.get(child);
      return kept === undefined ? emit(child, cx) : emitKey(child, kept.temporary, cx);
    }
    if (child !== field.value) return emit(child, cx);
    const isGuarded = isOfInstances && made.own === 'names';
    return isGuarded ? guardedInitialiser(field, field.value, inner) : emit(child, inner, hint);
  });
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
function keptKeys(node: ClassBody, cx: Context, made: Construction | undefined): Map<Node, KeptKey> {
  const keys = new Map(cx.keys);
  const hasTwins = node.body.some((member) => isTwinned(member, cx));
  for (const member of node.body) {
    const isRepeated =
      (hasTwins && isPlainMethod(member)) || (member.type === 'ClassProperty' && made && repeatsKeyOf(member, made));
    if (!isRepeated || isFixedKey(member)) continue;
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

function emitStaticBlock(node: ClassBody, outer: Context, made: Construction | undefined): Code {
  const cx = ownThis(outer);
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
  if (made !== undefined) links.push(emitConstruction(made, cx));
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
