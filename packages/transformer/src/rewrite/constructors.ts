/**
 * Constructors and fields: the asynchronous form in which an object is made, written into the class.
 *
 * `this` in the constructor becomes `$new.self`, `super(...)` a call that may suspend, and fields are initialised by a function of
 * their own. See docs/decisions/0014-constructors-suspend.md.
 */
import type {
  CallExpression,
  Class,
  ClassBody,
  ClassMethod,
  Expression,
  MemberExpression,
  Node,
  Statement,
  UnaryExpression,
} from '@babel/types';
import {
  constructorIn,
  earlyNames,
  type Field,
  fieldsIn,
  hasInertParameters,
  hasOwnElements,
  isInert,
  isSuperMember,
  propertiesOf,
  setsPropertiesApart,
  superStatement,
  usesThis,
} from '../syntax/classElements.js';
import { spanOf, unwrap } from '../syntax/nodes.js';
import { visitOwn, visitOwnNodes } from '../syntax/ownNodes.js';
import { scanTo } from '../syntax/scan.js';
import { targetsIn } from '../syntax/targets.js';
import { guarded } from './arrayPatterns.js';
import { awaited, emitArguments, suspended } from './calls.js';
import type { Code } from './code.js';
import {
  type Context,
  callOf,
  callPlan,
  declaredTemporaries,
  enter,
  freshName,
  functionPlan,
  helper,
  isLinked,
  maySuspend,
  type New,
  note,
  ownThis,
  synchronous,
} from './context.js';
import { emit, emitArgument, emitRange, hintOf } from './emit.js';
import {
  type BodyChanges,
  emitOriginal,
  formBehindHead,
  isAnonymousFunction,
  type NameHint,
  named,
  telling,
} from './functions.js';

import { emitGiven, emitStoppable } from './stoppedParameters.js';

/** How the instances of a class are made asynchronously. */
export interface Construction {
  readonly body: ClassBody;
  readonly ctor: ClassMethod | undefined;
  readonly isDerived: boolean;
  readonly name: string | undefined;
  readonly fields: readonly Field[];
  /** Parameters that are properties too, by position. */
  readonly properties: ReadonlyMap<number, string>;
  /** Which fields may suspend. */
  readonly suspending: ReadonlySet<Field>;
  /** What only the class can do: initialise all `fields`, or install the `names` of private ones. */
  readonly own: 'fields' | 'names' | undefined;
  /** Parameters that are properties are set apart from fields. */
  readonly isSplit: boolean;
  /** Private fields that somebody could look for before their turn, if the class only installs names. */
  readonly early: ReadonlySet<string>;
}

/** How the instances of a class are made; undefined if that is left to the class. */
export function constructionOf(cls: Class, cx: Context, hint?: NameHint): Construction | undefined {
  const { body, superClass, id } = cls;
  const ctor = constructorIn(body);
  if (functionPlan(cx, ctor ?? body)?.form !== 'twin') return undefined;
  const fields = fieldsIn(body);
  const suspending = new Set(fields.filter(({ value }) => value && maySuspend(value, cx)));
  const isSplit = setsPropertiesApart(cls);
  const own = hasOwnElements(body) ? (suspending.size > 0 || isSplit ? 'names' : 'fields') : undefined;
  const name = id?.name ?? (hint !== undefined && 'name' in hint ? hint.name : undefined);
  const properties = propertiesOf(ctor);
  const early = own === 'names' ? earlyNames(cls) : new Set<string>();
  return { body, ctor, isDerived: Boolean(superClass), name, fields, properties, suspending, own, isSplit, early };
}

/** Whether a key is needed once more, where fields are defined apart from the class. */
export function repeatsKeyOf(field: Node, { fields, own }: Construction): boolean {
  return own !== 'fields' && fields.includes(field as Field);
}

/**
 * The statements that link a class to its asynchronous form, for a static block.
 *
 * @param cls the class, in the block
 */
export function emitConstruction(made: Construction, cls: string, cx: Context): Code {
  const { body, ctor, isDerived, own, fields, properties, isSplit } = made;
  note(cx, 'functions', ctor ?? body);
  if (ctor === undefined && callPlan(cx, body)?.suspends === true) note(cx, 'awaited', body);
  const parts: Code[] = [];
  if (isDerived) parts.push('derived: true');
  if (own !== undefined) parts.push(`own: "${own}"`);
  if (own !== undefined && ctor !== undefined) parts.push(`parameters: ${ctor.params.length}`);
  const given = own !== undefined && ctor !== undefined ? emitGiven(ctor, cx) : undefined;
  if (given !== undefined) parts.push(['given: () => (', given, ')']);
  if (ctor !== undefined) {
    const hasOrder = !isDerived && properties.size === 0 && (own !== undefined || fields.length > 0);
    if (isSplit || (hasOrder && !hasInertParameters(ctor))) parts.push(`fieldsFirst: ${fieldsFirst(made)}`);
    if (own !== undefined && !isDerived && usesThis(ctor.params, ctor)) parts.push('parametersUse: true');
    parts.push(emitForm(made, ctor, cx));
  }
  const apart = own !== 'fields' && (fields.length > 0 || properties.size > 0) ? emitFields(made, cx) : undefined;
  if (own === 'names') parts.push(['keys: [', keysOf(made, cx).map((key) => [key, ', ']), ']']);
  if (made.early.size > 0) parts.push(`namesFirst: ${namesFirst(made)}`);
  if (apart !== undefined) parts.push(apart.method);
  const link = [` ${helper(cx, 'linkClass')}(${cls}, { `, parts.map((part, i) => [i === 0 ? '' : ', ', part]), ' });'];
  return apart === undefined ? link : [apart.declarations, link];
}

/**
 * What tells, however the class is compiled further, whether a class without parent initialises fields before parameters. TypeScript may leave fields
 * where they are in classes that initialise none but private ones, and not in others.
 */
function fieldsFirst({ properties, fields }: Construction): string {
  const property = properties.size > 0 ? ', public own = 1' : '';
  if (initialisesPrivateOnly(fields)) {
    return `((is) => new (class { #field = (is = true); constructor(first = is${property}) { return { first }; } })().first)(false)`;
  }
  return `new (class { field = 0; first; constructor(first = "field" in this${property}) { this.first = first; } })().first`;
}

/** What tells, however the class is compiled further, whether private names are there before fields are initialised: TypeScript may move only initialisers. */
function namesFirst({ properties, fields }: Construction): string {
  const property = properties.size > 0 ? ' constructor(public own = 1) {}' : '';
  if (initialisesPrivateOnly(fields)) {
    return `((is) => { new (class { #first = (is = #last in this); #last = 0;${property} })(); return is; })(false)`;
  }
  return `new (class { field = #last in this; #last = 0;${property} })().field`;
}

function initialisesPrivateOnly(fields: readonly Field[]): boolean {
  return fields.length > 0 && fields.every(({ type, value }) => type !== 'ClassProperty' || !value);
}

function newName(cx: Context): string {
  return freshName(cx.shared, '$new');
}

function fieldsCall({ own, fields, properties, suspending }: Construction, cx: Context): New['fields'] {
  if (own === undefined && fields.length === 0 && properties.size === 0) return undefined;
  return {
    call: `${newName(cx)}.fields(${propertyList(properties, () => helper(cx, 'anything')).join(', ')})`,
    suspends: suspending.size > 0,
  };
}

/** The parameters up to the last one that is a property. */
function propertyList(properties: ReadonlyMap<number, string>, other: (position: number) => string): string[] {
  const count = Math.max(-1, ...properties.keys()) + 1;
  return Array.from({ length: count }, (_, position) => properties.get(position) ?? other(position));
}

function emitForm(made: Construction, ctor: ClassMethod, outer: Context): Code {
  const fields = fieldsCall(made, outer);
  const cx: Context = {
    ...outer,
    made: { inClass: true, isDerived: made.isDerived, fields, written: writtenMembers(ctor) },
  };
  const opening = (inner: Context): Code => {
    if (made.isDerived || fields === undefined) return '';
    const initialised = fields.suspends ? suspended(fields.call, ctor.start as number, inner) : fields.call;
    return [' ', initialised, made.isSplit ? `; ${fields.call.replace('.fields(', '.properties(')};` : ';'];
  };
  const form = [
    { text: 'async function ', at: ctor.start as number },
    formBehindHead(ctor, cx, enter(cx, 'twin'), { opening }),
  ];
  return [`construct: (${newName(outer)}) => (`, named({ name: `new ${made.name ?? ''}`.trim() }, form), ')'];
}

/** `super(...)` in the asynchronous form of a constructor. */
export function emitSuperCall(node: CallExpression, { fields }: New, cx: Context): Code {
  const at = node.start as number;
  const suspends = callPlan(cx, node)?.suspends === true;
  const call = [{ text: `${newName(cx)}.${suspends ? 'super' : 'superNow'}(`, at }, emitArguments(node, cx)];
  const bound = suspends && cx.mode !== 'sync' ? awaited(node, call, at, cx) : call;
  if (fields === undefined) return bound;
  const initialised = fields.suspends && cx.mode !== 'sync' ? suspended(fields.call, at, cx) : fields.call;
  return ['(', bound, ', ', initialised, `, ${newName(cx)}.self)`];
}

/** `this` and `new.target` in the asynchronous form of what `new` calls; undefined where they stay. */
export function emitOfNew(node: Node, cx: Context): Code | undefined {
  if (cx.made === undefined) return undefined;
  if (node.type === 'MetaProperty' && node.meta.name === 'new') return `${newName(cx)}.target`;
  return node.type === 'ThisExpression' && cx.made.inClass ? { text: self(cx), at: node.start as number } : undefined;
}

/** `return` in the asynchronous form of a constructor; undefined for everything else. */
export function emitConstructorReturn(argument: Expression | null | undefined, cx: Context): Code | undefined {
  if (cx.made?.isDerived !== true) return undefined;
  return [`return ${callOf(cx)}.box(${newName(cx)}.returned(`, argument ? emitArgument(argument, cx) : '', '));'];
}

function self(cx: Context): string {
  return `${newName(cx)}.self`;
}

/** What `this` is called. */
export function thisName(cx: Context): string {
  return cx.made?.inClass === true ? self(cx) : 'this';
}

/** `super.name` in the asynchronous form of a constructor, read or written to; undefined for everything else. */
export function emitSuperMember(node: Node, cx: Context): Code | undefined {
  if (cx.made?.inClass !== true || !isSuperMember(node)) return undefined;
  if (cx.made.written.has(node)) return [`${newName(cx)}.place(`, superKey(node, cx), ').value'];
  return [`${newName(cx)}.get(`, superKey(node, cx), ')'];
}

/** `delete super.name`, which fails; undefined for everything else. */
export function emitSuperDeleted({ operator, argument }: UnaryExpression, cx: Context): Code | undefined {
  const member = unwrap(argument);
  if (operator !== 'delete' || cx.made?.inClass !== true || !isSuperMember(member)) return undefined;
  return [`${newName(cx)}.deleted(`, member.computed ? emitArgument(member.property, cx) : '', ')'];
}

/** `super.name` that cannot suspend, where it is called. */
export function emitSuperMethod(node: Node, text: string, cx: Context): Code | undefined {
  if (cx.made?.inClass !== true || !isSuperMember(node)) return undefined;
  return [`${newName(cx)}.method(`, superKey(node, cx), `, ${JSON.stringify(text)})`];
}

/** `super.name` in a constructor that is written to. */
function writtenMembers(ctor: ClassMethod): ReadonlySet<Node> {
  const written = new Set<Node>();
  visitOwnNodes(ctor, (node) => {
    for (const place of targetsIn(node)) {
      const target = place && unwrap(place);
      if (target && isSuperMember(target)) written.add(target);
    }
  });
  return written;
}

/** `super` asks for `this` before its key is evaluated. */
function superKey({ property, computed }: MemberExpression, cx: Context): Code {
  if (!computed) return JSON.stringify((property as { name: string }).name);
  return ['(', self(cx), ', ', emitArgument(property, cx), ')'];
}

interface FieldsCode {
  readonly declarations: Code;
  readonly method: Code;
}

/** The function that initialises the fields of an object which exists. */
function emitFields(made: Construction, around: Context): FieldsCode {
  const { fields, properties, suspending } = made;
  const declarations: Code[] = [];
  const outer = keepKeys(made, declarations, around);
  const cx = enter(outer, 'twin');
  const value = freshName(cx.shared, '$value');
  const statements: Code[] = [];
  let run: Field[] = [];
  let classes = 0;
  let setLater: Code = '';
  const define = (members: Code, args = ''): string => {
    const name = `${freshName(cx.shared, '$Fields')}${++classes}`;
    const base = `extends ${helper(cx, 'Adopted')}`;
    const definer = named(hintFor(made), [`class ${base} { `, members, '}']);
    declarations.push(` const ${name} = `, definer, ';');
    return `new ${name}(this${args});`;
  };
  const finishRun = (parameters = '', args = ''): void => {
    if (run.length === 0 && parameters === '') return;
    const members = run.map((field) => definition(field, outer, () => undefined));
    statements.push(' ', define([members, parameters], args));
    run = [];
  };
  const isOneRun = !made.isSplit && fields.every((field) => !isApart(field, suspending));
  const names = [...properties.values()];
  const parameters =
    names.length === 0
      ? ''
      : `constructor($object, ${names.map((name) => `public ${name}`).join(', ')}) { super($object); } `;
  if (isOneRun) {
    run = [...fields];
    finishRun(parameters, names.map((name) => `, ${name}`).join(''));
  } else {
    let defineProperties = '';
    if (names.length > 0) {
      const order = freshName(cx.shared, '$order');
      declarations.push(` const ${order} = ${propertyOrder(fields)};`);
      const early = names.map((name) => `, ${order} && ${name}`).join('');
      const creation = define(parameters, early);
      statements.push(` if (${order} !== 2) ${creation}`);
      defineProperties = ` if (${order} !== 1) ${creation.replace(early, names.map((name) => `, ${name}`).join(''))}`;
    }
    for (const field of fields) {
      if (!isApart(field, suspending)) {
        run.push(field);
        continue;
      }
      finishRun();
      const initial = field.value ? initialValue(field, field.value, cx) : undefined;
      if (field.type === 'ClassPrivateProperty') {
        const value = initial ?? (made.early.has(field.key.id.name) ? 'void 0' : undefined);
        if (value !== undefined) statements.push(' this.', spanOf(field.key), ' = ', value, ';');
      } else {
        statements.push(
          ` ${value} = `,
          initial ?? 'void 0',
          '; ',
          define(definition(field, outer, () => value)),
          ` ${value} = void 0;`,
        );
      }
    }
    finishRun();
    if (!made.isSplit) statements.push(defineProperties);
    if (made.isSplit) {
      const list = propertyList(properties, (position) => `$${position}`).join(', ');
      setLater = [`, properties(${list}) {`, defineProperties, ' }'];
    }
    declarations.unshift(` let ${value};`);
  }
  const temporaries = cx.temporaries.size === 0 ? '' : ` ${declaredTemporaries(cx)}`;
  const body = [temporaries, guarded(statements, made.body, cx)];
  const head = `fields(${propertyList(properties, (position) => `$${position}`).join(', ')})`;
  return {
    declarations,
    method: [
      ...(suspending.size > 0 ? ['async ', head, ' {', telling(body, cx), ' }'] : [head, ' {', body, ' }']),
      setLater,
    ],
  };
}

/**
 * What tells in which order parameters that are properties are set, however TypeScript is compiled further: 1, before fields are
 * initialised; undefined, defined before and set afterwards; 2, afterwards.
 */
function propertyOrder(fields: readonly Field[]): string {
  if (initialisesPrivateOnly(fields)) {
    return '((order) => { new (class { #field = (order = "own" in this ? this.own : 2); constructor(public own = 1) {} })(); return order; })()';
  }
  return 'new (class { field = "own" in this ? this.own : 2; constructor(public own = 1) {} })().field';
}

/** Temporaries of keys may hold others by the time that an object is made. */
function keepKeys({ fields }: Construction, declarations: Code[], cx: Context): Context {
  const keys = new Map(cx.keys);
  for (const { key } of fields) {
    const kept = cx.keys.get(key);
    if (kept === undefined) continue;
    const temporary = `${freshName(cx.shared, '$key')}${declarations.length + 1}`;
    declarations.push(` const ${temporary} = ${kept.temporary};`);
    keys.set(key, { ...kept, temporary });
  }
  return { ...cx, keys };
}

function hintFor({ name }: Construction): NameHint | undefined {
  return name === undefined ? undefined : { name };
}

/** Whether a field cannot be defined by a class of its own that has the initialiser as it stands. */
function isApart(field: Field, suspending: ReadonlySet<Field>): boolean {
  if (field.type === 'ClassPrivateProperty' || suspending.has(field)) return true;
  let usesSuper = false;
  if (field.value) {
    visitOwn(field.value, field, ({ type }) => {
      usesSuper ||= type === 'Super';
    });
  }
  return usesSuper;
}

/** A field as it stands, but for modifiers, or with another value. */
export function definition(field: Field, cx: Context, valueFor: (field: Field) => string | undefined): Code {
  const { key, value } = field;
  const isComputed = 'computed' in field && field.computed === true;
  const start = isComputed ? scanTo(cx.shared.module.text, afterDecorators(field), '[') : (key.start as number);
  const inner = synchronous(ownThis(cx));
  const children = value ? [key, value] : [key];
  const code = emitRange<Node>({ start, end: field.end as number }, children, (child) =>
    child === key
      ? (cx.keys.get(key)?.temporary ?? spanOf(key))
      : (valueFor(field) ?? emit(child, inner, hintOf(field, cx))),
  );
  return [code, '; '];
}

function afterDecorators(field: Field): number {
  return (field.decorators?.at(-1)?.end ?? field.start) as number;
}

/** The value of a field where it does not stand in the field, and so gives no name to a function. */
export function initialValue(field: Field, value: Expression, cx: Context): Code {
  const hint = hintOf(field, cx);
  const node = unwrap(value);
  const code = emitArgument(value, cx, hint);
  return isAnonymousFunction(node) && !isLinked(cx, node) ? named(hint, code) : code;
}

/** The keys of what the class defines besides private fields. */
function keysOf({ fields, properties }: Construction, cx: Context): Code[] {
  const keys = fields.flatMap((field): Code[] => {
    if (field.type === 'ClassPrivateProperty') return [];
    const { key } = field;
    if ('computed' in field && field.computed === true) return [cx.keys.get(key)?.temporary ?? spanOf(key)];
    return [key.type === 'Identifier' ? JSON.stringify(key.name) : spanOf(key)];
  });
  return [...keys, ...[...properties.values()].map((name) => JSON.stringify(name))];
}

/** A field, without its key, in a class that may have to install names only. */
export function guardedInitialiser(field: Field, { early }: Construction, cx: Context): Code {
  const { value } = field;
  const isEarly = field.type === 'ClassPrivateProperty' && early.has(field.key.id.name);
  if (value && !isEarly && isInert(value)) return emit(value, cx, hintOf(field, cx));
  const names = helper(cx, 'namesOnly');
  return [
    `${names}.on ? ${isEarly ? `${names}.early` : 'void 0'} : `,
    value ? initialValue(field, value, cx) : 'void 0',
  ];
}

/** The constructor of a class that has to do itself what only it can do: it returns where it runs for nothing else. */
export function emitOwnConstructor(ctor: ClassMethod, { isDerived }: Construction, cx: Context): Code {
  const asks = `${helper(cx, 'onlyFields')}(new.target)`;
  const inHead = synchronous(ownThis(cx, ctor));
  const head: BodyChanges['head'] = (part, emitPart) =>
    ctor.params.some((param) => param === part) ? emitStoppable(part, asks, inHead, emitPart) : undefined;
  if (!isDerived) return emitOriginal(ctor, cx, { head, opening: () => ` if (${asks}) return;` });
  const call = superStatement(ctor);
  if (call === undefined) return emitOriginal(ctor, cx, { head, opening: () => ` if (${asks}) { super(); return; }` });
  // Where TypeScript rewrites fields, it finds `super()` only as a statement of the body itself.
  const only = freshName(cx.shared, '$only');
  const { body } = ctor.body;
  const position = body.indexOf(call);
  return emitOriginal(ctor, cx, {
    head,
    opening: () => ` const ${only} = ${asks};`,
    statement(statement, code, inner) {
      const at = body.indexOf(statement);
      if (at > position) return code;
      if (at < position) return leftOut(statement, code, only, inner);
      return [guardedSuper(call, only, inner), ` if (${only}) return;`];
    },
  });
}

function guardedSuper(statement: Statement, only: string, cx: Context): Code {
  const call = unwrap((statement as Extract<Statement, { type: 'ExpressionStatement' }>).expression) as CallExpression;
  return [
    emitRange(spanOf(call), call.arguments, (argument) => {
      if (argument.type === 'SpreadElement') return [`...(${only} ? [] : `, emitArgument(argument.argument, cx), ')'];
      const code = emitArgument(argument, cx);
      return isInert(argument as Expression) ? code : [`${only} ? void 0 : `, code];
    }),
    ';',
  ];
}

/** A statement that does nothing where the constructor runs for its fields. */
function leftOut(statement: Statement, code: Code, only: string, cx: Context): Code {
  if (statement.type === 'FunctionDeclaration') return code;
  if (statement.type === 'ClassDeclaration' && statement.id)
    return ['let ', spanOf(statement.id), ` = ${only} ? ${helper(cx, 'anything')} : `, code, ';'];
  if (statement.type !== 'VariableDeclaration') return [`if (!${only}) { `, code, ' }'];
  return emitRange<Node>(
    spanOf(statement),
    statement.declarations.flatMap(({ init }) => (init ? [init] : [])),
    (init) => {
      const declared = statement.declarations.find((declaration) => declaration.init === init);
      const hint = declared?.id.type === 'Identifier' ? { name: declared.id.name } : undefined;
      const value = isAnonymousFunction(unwrap(init)) ? named(hint, emit(init, cx)) : emitArgument(init, cx);
      return [`${only} ? ${helper(cx, 'anything')} : `, value];
    },
  );
}
