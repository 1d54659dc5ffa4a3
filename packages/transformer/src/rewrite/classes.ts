/** Classes: methods are linked in a static block that runs before any other static element. */
import type { Class, ClassBody, ClassMethod, ClassPrivateMethod, Node } from '@babel/types';
import type { Field } from '../syntax/classElements.js';
import { decoratorsOf, isDecorated } from '../syntax/decorators.js';
import { isFixedKey } from '../syntax/keys.js';
import { childrenOf, spanOf } from '../syntax/nodes.js';
import { accessorForms, isAccessor, isTwinnedAccessor, LINKS } from './accessors.js';
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
  inOriginal,
  isLinked,
  isTouched,
  type KeptKey,
  maySuspend,
  ownThis,
  type PrivateTwin,
  synchronous,
  uniqueTemporary,
} from './context.js';
import { decoratedClass, emitDecorator, isTwinnedByDecorators } from './decorators.js';
import { emit, emitRange, hintOf } from './emit.js';
import { asyncMethod, emitFunction, emitKey, keyCode, type NameHint, named } from './functions.js';
import { emitStatic, runStatics, type Statics, staticsOf, withStatics } from './statics.js';

type Member = ClassBody['body'][number];

/** @param name the name that an anonymous class in this position gets from its context */
export function emitClass(node: Class, cx: Context, name: NameHint | undefined): Code {
  const { body } = node;
  const made = constructionOf(node, cx, name);
  const inner = { ...cx, decorated: decoratedClass(node, made, cx) };
  const statics = staticsOf(node, cx);
  const code = emitRange<Node>(spanOf(node), childrenOf(node), (child) => {
    // What a class extends is evaluated where the class stands, and may await.
    if (child === node.superClass) return emit(child, cx);
    if (child.type === 'Decorator') return emitDecorator(child, inner);
    if (child !== body) return emit(child, synchronous(cx));
    return isTouched(cx, spanOf(body)) ? emitClassBody(body, inner, made, statics) : spanOf(body);
  });
  if (statics === undefined) return code;
  if (node.type === 'ClassDeclaration') return [code, ' ', runStatics(node, statics, cx), ';'];
  // The temporary gives no name.
  return withStatics(node, name === undefined ? ['(0, ', code, ')'] : named(name, code), statics, cx);
}

function emitClassBody(
  node: ClassBody,
  outer: Context,
  made: Construction | undefined,
  statics: Statics | undefined,
): Code {
  const around = { ...outer, privateTwins: privateTwinsIn(node, outer), earlyNames: earlyNamesIn(node, outer, made) };
  const cx = { ...synchronous(around), keys: keptKeys(node, outer, made, statics), around, home: undefined };
  const opening = (node.start as number) + 1;
  return [
    { start: node.start as number, end: opening },
    emitStaticBlock(node, cx, made),
    emitRange({ start: opening, end: node.end as number }, node.body, (member) => {
      if (isApart(member, statics))
        return [isField(member) ? emitKeyBefore(member, cx) : '', emitStatic(member, statics, cx)];
      const code = emitMember(member, cx, made);
      if (!isTwinnedPrivate(member, cx)) return code;
      return functionPlan(cx, member)?.isSole === true ? privateTwin(member, cx) : [code, ' ', privateTwin(member, cx)];
    }),
  ];
}

function emitMember(member: Member, cx: Context, made: Construction | undefined): Code {
  if (member.type === 'ClassMethod') {
    if (made?.own !== undefined && member === made.ctor) return emitOwnConstructor(member, made, cx);
    if (cx.keys.has(member.key)) return emitFunction(member, cx);
  } else if (isField(member)) return [emitKeyBefore(member, cx), emitField(member, cx, made)];
  if (isTouched(cx, spanOf(member))) return emit(member, cx);
  return emitRange(spanOf(member), decoratorsOf(member), (decorator) => emitDecorator(decorator, cx));
}

function isField(member: Member): member is Field {
  return /^Class(Private|Accessor)?Property$/.test(member.type);
}

/**
 * A key that may suspend, evaluated as that of a method before the field, which the static block removes: TypeScript and Babel move keys of fields to
 * where awaiting is not allowed, and leave those of methods.
 */
function emitKeyBefore({ key }: Field, cx: Context): Code {
  const kept = cx.keys.get(key);
  if (kept?.evaluated !== true) return '';
  // What stands before may end without a semicolon.
  return [';[(', emitKey(key, kept.temporary, cx.around ?? cx), `, ${helper(cx, 'keyHolder')})]() {} `];
}

function hasSuspendingKey(member: Member, cx: Context): boolean {
  return hasComputedKey(member) && cx.mode !== 'sync' && maySuspend(member.key, cx);
}

function hasComputedKey(member: Member): member is Field {
  return isField(member) && 'computed' in member && member.computed === true && !isFixedKey(member);
}

function isApart(member: Member, statics: Statics | undefined): statics is Statics {
  return statics?.elements.some((element) => element === member) === true;
}

function emitField(field: Field, cx: Context, made: Construction | undefined): Code {
  const isOfInstances = made?.fields.includes(field) === true;
  const own = ownThis(cx);
  // What is in fields is written once more, unless the class initialises them in any case.
  const inner = isOfInstances && made.own !== 'fields' ? inOriginal(own) : own;
  const hint = hintOf(field, cx);
  const isGuarded = isOfInstances && made.own === 'names';
  const code = emitRange<Node>(spanOf(field), childrenOf(field), (child) => {
    if (child === field.key) {
      const kept = cx.keys.get(child);
      if (kept === undefined) return emit(child, cx);
      return kept.evaluated ? kept.temporary : emitKey(child, kept.temporary, cx);
    }
    if (child.type === 'Decorator') return emitDecorator(child, cx);
    if (child !== field.value) return emit(child, cx);
    return isGuarded ? guardedInitialiser(field, made, inner) : emit(child, inner, hint);
  });
  const isEarly = isGuarded && field.type === 'ClassPrivateProperty' && made.early.has(field.key.id.name);
  if (!isEarly || field.value) return code;
  return [spanOf(field.key), ' = ', guardedInitialiser(field, made, inner), ';'];
}

function privateTwinsIn(node: ClassBody, cx: Context): Map<string, PrivateTwin> {
  const twins = new Map(cx.privateTwins);
  const isPrivate = (member: Member) => 'key' in member && member.key.type === 'PrivateName';
  for (const { key } of node.body.filter(isPrivate) as ClassPrivateMethod[]) {
    for (const kind of ['', 'get ', 'set ']) twins.delete(kind + key.id.name);
  }
  for (const member of node.body) {
    if (!isTwinnedPrivate(member, cx)) continue;
    const { name } = member.key.id;
    const plan = functionPlan(cx, member);
    const isOnce = plan?.form === 'once';
    const isSole = plan?.isSole === true;
    const kind = member.kind === 'get' ? 'Get' : member.kind === 'set' ? 'Set' : '';
    twins.set(privateKey(member), {
      name: isSole ? name : freshName(cx.shared, isOnce ? `${name}$` : `${name}$async${kind}`),
      isSole,
      link: isOnce ? 'linkOnce' : 'link',
    });
  }
  return twins;
}

function earlyNamesIn(node: ClassBody, cx: Context, made: Construction | undefined): ReadonlySet<string> {
  const names = new Set(cx.earlyNames);
  for (const member of node.body)
    if ('key' in member && member.key.type === 'PrivateName') names.delete(member.key.id.name);
  return new Set([...names, ...(made?.early ?? [])]);
}

/** The key of a private member among the twins: a getter and a setter share their name. */
function privateKey({ kind, key }: ClassPrivateMethod): string {
  return kind === 'get' || kind === 'set' ? `${kind} ${key.id.name}` : key.id.name;
}

/**
 * The static block repeats the keys of methods and accessors: those that are computed are kept in temporaries. Also the keys of those
 * without asynchronous form, which may replace one that has it.
 */
function keptKeys(
  node: ClassBody,
  cx: Context,
  made: Construction | undefined,
  statics: Statics | undefined,
): Map<Node, KeptKey> {
  const keys = new Map(cx.keys);
  const hasTwins = node.body.some((member) => isTwinned(member, cx));
  const hasAccessors = node.body.some((member) => isTwinnedAccessor(member, cx));
  for (const member of node.body) {
    if (hasSuspendingKey(member, cx) || (isApart(member, statics) && hasComputedKey(member))) {
      keys.set((member as Field).key, { temporary: uniqueTemporary(cx), evaluated: true });
      continue;
    }
    const isRepeated =
      (hasTwins && isPlainMethod(member)) ||
      (hasAccessors && member.type === 'ClassMethod' && isAccessor(member)) ||
      (member.type === 'ClassProperty' && made && repeatsKeyOf(member, made));
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
  return member.type === 'ClassPrivateMethod' && isLinked(cx, member) && !isDecorated(member);
}

/** Private methods cannot be reached from a static block; their asynchronous form is a private method beside them. */
function privateTwin(member: ClassPrivateMethod, cx: Context): Code {
  const key = `#${cx.privateTwins.get(privateKey(member))?.name}`;
  return [member.static ? 'static ' : '', asyncMethod(member, cx, key)];
}

function emitStaticBlock(node: ClassBody, around: Context, made: Construction | undefined): Code {
  const outer = ownThis(around);
  const { decorated } = outer;
  const self = decorated === undefined ? 'this' : freshName(outer.shared, '$source');
  const links: Code[] = [];
  const streamMethods: string[] = [];
  for (const isStatic of [false, true]) {
    const target = isStatic ? self : `${self}.prototype`;
    const home = { name: freshName(outer.shared, isStatic ? '$class' : '$prototype'), isUsed: false };
    const cx = { ...outer, home };
    const members = node.body.filter((member) => 'static' in member && (member.static === true) === isStatic);
    const forms: Code[] = [];
    const calls: Code[] = [];
    const onceKeys: string[] = [];
    for (const member of members) {
      if (!isPlainMethod(member)) continue;
      if (functionPlan(cx, member)?.form === 'once') onceKeys.push(JSON.stringify(fixedName(member)));
      const key = keyCode(member, cx);
      if (isTwinned(member, cx)) {
        forms.push(asyncMethod(member, cx, key), ', ');
        const streamMethod = functionPlan(cx, member)?.streamMethod === true;
        if (streamMethod && member.key.type === 'Identifier') streamMethods.push(member.key.name);
      } else if (forms.length > 0 && mayReplace(member, node, cx)) forms.push(key, ': void 0, ');
    }
    if (forms.some((form) => form !== ', ')) {
      calls.push(` ${helper(cx, 'linkMethods')}(${target}, { `, forms, '});');
    }
    if (onceKeys.length > 0) calls.push(` ${helper(cx, 'split')}(${target}, ${onceKeys.join(', ')});`);
    const privateForms = members.flatMap((member): Code[] =>
      isTwinnedByDecorators(member, cx)
        ? [asyncMethod(member, cx, JSON.stringify(`#${member.key.id.name}`)), ', ']
        : [],
    );
    if (privateForms.length > 0 && decorated !== undefined) {
      calls.push(
        ` ${helper(cx, 'linkMethods')}(${decorated.decorations}.privates(${isStatic}), { `,
        privateForms,
        '});',
      );
    }
    for (const kind of ['get', 'set'] as const) {
      const accessors = accessorForms(members, kind, cx);
      if (accessors !== undefined) calls.push(` ${helper(cx, LINKS[kind])}(${target}, `, accessors, ');');
    }
    if (calls.length > 0) links.push(home.isUsed ? ` const ${home.name} = ${target};` : '', calls);
  }
  if (streamMethods.length > 0) {
    links.push(` ${helper(outer, 'startStreamMethods')}(${self}.prototype, ${JSON.stringify(streamMethods)});`);
  }
  if (made !== undefined) links.push(emitConstruction(made, self, outer));
  if (node.body.some((member) => isField(member) && outer.keys.get(member.key)?.evaluated === true)) {
    links.push(` delete ${self}.prototype[${helper(outer, 'keyHolder')}];`);
  }
  if (links.every((link) => link === '')) return [];
  return [' static {', decorated === undefined ? '' : ` const ${self} = ${decorated.source};`, links, ' }'];
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
