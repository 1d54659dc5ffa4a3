/** Names, keys and other things that can be read off a node. */
import type {
  CallExpression,
  ClassMethod,
  ClassPrivateMethod,
  Expression,
  MemberExpression,
  Node,
  ObjectMethod,
} from '@babel/types';
import type { RuleId } from '../report/rules.js';

export function isStrict(body: Node): boolean {
  return 'directives' in body && body.directives?.some(({ value }) => value.value === 'use strict') === true;
}

export function isExpression(node: Node): node is Expression {
  return /Expression$|Literal$|^Identifier$|^JSX|^Super$|^Import$/.test(node.type) && !/^TSExpression/.test(node.type);
}

export function nameOf(target: Node): string | undefined {
  return target.type === 'Identifier' ? target.name : undefined;
}

export function keyName(key: Node): string | undefined {
  if (key.type === 'Identifier') return key.name;
  if (key.type === 'PrivateName') return `#${key.id.name}`;
  return literalKey(key);
}

/** What a literal without gaps says. */
export function stringValue(node: Node): string | undefined {
  if (node.type === 'StringLiteral') return node.value;
  if (node.type !== 'TemplateLiteral' || node.expressions.length > 0) return undefined;
  return node.quasis[0]?.value.cooked ?? undefined;
}

/** The name under which facts know the method that makes an iterator: no string is this key. */
export const ITERATOR = '@@iterator';
/** Likewise, that for an iterator of `for await`. */
export const ASYNC_ITERATOR = '@@asyncIterator';
/** Likewise, the methods that `using` and `await using` call. */
export const DISPOSE = '@@dispose';
export const ASYNC_DISPOSE = '@@asyncDispose';

/** Likewise, the method that makes another value of an object. */
const TO_PRIMITIVE = '@@toPrimitive';
/** Likewise, the one by which Node shows an object. */
const INSPECTION = '@@inspect';

/** Likewise, what nothing but the language, or Node, calls or reads. */
export const LANGUAGE_KEYS: ReadonlySet<string> = new Set([
  INSPECTION,
  ...['@@hasInstance', '@@isConcatSpreadable', '@@match', '@@matchAll', '@@replace', '@@search', '@@species'],
  ...['@@split', '@@toStringTag', '@@unscopables'],
]);

/** Symbols by which methods are known. */
const KNOWN_SYMBOLS: ReadonlySet<string> = new Set([
  ...[ITERATOR, ASYNC_ITERATOR, DISPOSE, ASYNC_DISPOSE, TO_PRIMITIVE],
  ...LANGUAGE_KEYS,
]);

/** The name under which facts know what a module exports under names that only running tells: no identifier is this name. */
export const SOME_NAME = '[]';

/** A key as people write it. */
export function displayName(key: string | undefined): string {
  if (key === INSPECTION) return '[util.inspect.custom]';
  return key?.replace(/^@@(\w+)$/, '[Symbol.$1]').replace(/^(#.+)@\d+$/, '$1') ?? '[computed]';
}

export function literalKey(key: Node): string | undefined {
  switch (key.type) {
    case 'BigIntLiteral':
      return String(BigInt(key.value));
    case 'NumericLiteral':
      return String(key.value);
    case 'MemberExpression':
    case 'CallExpression':
      return isInspection(key) ? INSPECTION : symbolKey(key);
    default:
      return stringValue(key);
  }
}

function symbolKey(key: Node): string | undefined {
  const [root, name, ...rest] = memberPath(key) ?? [];
  const known = `@@${name}`;
  return root === 'Symbol' && rest.length === 0 && KNOWN_SYMBOLS.has(known) && known !== INSPECTION ? known : undefined;
}

/** Whether a call runs code in the scope where it stands, which it would not do by another name. */
export function isDirectEval(node: Node): boolean {
  return node.type === 'CallExpression' && node.callee.type === 'Identifier' && node.callee.name === 'eval';
}

/** Names of methods by which the language makes something else of an object. */
export const COERCIONS: ReadonlySet<string> = new Set([
  'toString',
  'toLocaleString',
  'valueOf',
  'toJSON',
  TO_PRIMITIVE,
]);

/**
 * The rule of members that nothing but the language calls, or that it may read while it does something else.
 *
 * @param key what stands in the place of the member's key
 */
export function coercion(member: ObjectMethod | ClassMethod | ClassPrivateMethod, key: Node): RuleId | undefined {
  if (member.type === 'ClassPrivateMethod') return undefined;
  const name = member.computed === true ? literalKey(key) : keyName(key);
  const isCalled = name === undefined ? memberPath(key)?.[0] === 'Symbol' : LANGUAGE_KEYS.has(name);
  return isCalled || (member.kind !== 'method' && isReadByLanguage(name)) ? 'coercion' : undefined;
}

function isReadByLanguage(name: string | undefined): boolean {
  return name !== undefined && (COERCIONS.has(name) || name === DISPOSE || name === ASYNC_DISPOSE);
}

/** `util.inspect.custom`, or the symbol that it is. */
function isInspection(key: MemberExpression | CallExpression): boolean {
  if (key.type === 'CallExpression') {
    const [name] = key.arguments;
    const isRegistered = memberPath(key.callee)?.join('.') === 'Symbol.for';
    return isRegistered && name !== undefined && stringValue(name) === 'nodejs.util.inspect.custom';
  }
  const { object } = key;
  const owner = object.type === 'MemberExpression' && !object.computed ? object.property : object;
  return !key.computed && keyName(key.property) === 'custom' && nameOf(owner) === 'inspect';
}

/** Whether a specifier is that of the module of Node that has `inspect`. */
export function isUtil(specifier: string): boolean {
  return /^(node:)?util$/.test(specifier);
}

export function memberPath(node: Node): string[] | undefined {
  if (node.type === 'Identifier') return [node.name];
  if (node.type !== 'MemberExpression' || node.computed) return undefined;
  const object = memberPath(node.object);
  const name = keyName(node.property);
  return object && name !== undefined ? [...object, name] : undefined;
}

/** Whether a property is an element of an array. */
export function isIndex(name: string): boolean {
  return /^\d+$/.test(name);
}
