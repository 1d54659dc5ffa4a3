// biome-ignore-all lint/suspicious/noTemplateCurlyInString: sources are edited as text
/** Rules of optional chains. */
import type { Rules } from './rules.js';

export const CHAINS: Rules = {
  'parentheses end a chain': ['if (node !== top && endsChain(node)) break;', ''],
  'a chain ends at null and at undefined': ['`) == null ? ${otherwise} : `', '`) === null ? ${otherwise} : `'],
  'a chain ends at null, too': ['`) == null ? ${otherwise} : `', '`) === undefined ? ${otherwise} : `'],
  'a chain that ends early is undefined': [
    "walkChain(top, cx, keepsSelf, 'void 0')",
    "walkChain(top, cx, keepsSelf, 'null')",
  ],
  '`delete` of a chain that ends early is true': [
    "walkChain(chain, cx, false, 'true')",
    "walkChain(chain, cx, false, 'undefined')",
  ],
  '`delete` of a chain deletes': ["['(', tests, 'delete ', current, ')']", "['(', tests, current, ')']"],
  'a chain in parentheses that is called keeps its receiver': [
    'const isCallee = endsChain(base) && isCall(links[0]);',
    'const isCallee = false;',
  ],
  'what a chain tests has a variable of its own': [
    'const value = uniqueTemporary(cx);',
    'const value = self ?? uniqueTemporary(cx);',
  ],
  'a receiver in a chain is kept for a call that is looked up': [
    'isCall(next) && (isPlanned(next, cx) || next.optional === true)',
    'isCall(next) && next.optional === true',
  ],
  'a receiver in a chain is kept for an optional call': [
    'isCall(next) && (isPlanned(next, cx) || next.optional === true)',
    'isCall(next) && isPlanned(next, cx)',
  ],
  'the receiver of a chain that is called is kept': ['(keepsSelf && next === undefined)', 'false'],
  'a receiver in a chain is evaluated once': [
    "current = [`(${self} = `, current, ')'];",
    "current = [`(${self} = `, current, ', ', current, ')'];",
  ],
  '`super` in a chain is no receiver': [
    "if (base.type === 'Super' && i === 0) self = thisName(cx);",
    'if (cx === undefined) self = undefined;',
  ],
  'a private method in a chain has its twin': [
    "isRead && link.property.type === 'PrivateName' ? linkedPrivate(link.property.id.name, current, cx) : undefined;",
    'undefined as ReturnType<typeof linkedPrivate>;',
  ],
  'the base of a chain keeps its parentheses': [
    "return isParenthesized(base) ? ['(', code, ')'] : code;",
    'return code;',
  ],
  'a key in a chain keeps its brackets': ["if (computed) return [object, '[', emitArgument(property, cx), ']'];", ''],
  'a private field in a chain may have no value yet': ['holderOf(property.id.name, object, cx)', 'object'],
  'a method in a chain keeps its receiver': ['.call(${self}`, separator, args]', '.call(undefined`, separator, args]'],
  'a call in a chain is looked up by what it is': [
    "? [suspends ? lookup(cx, 'callee', link) : `${helper(cx, 'registrar')}(`",
    "? [`${helper(cx, 'registrar')}(`",
  ],
  'a call in a chain that may not suspend has no twin looked up': [
    "suspends ? lookup(cx, 'callee', link) : `${helper(cx, 'registrar')}(`",
    "lookup(cx, 'callee', link)",
  ],
  'a function in a chain that is missing is named': [
    'const text = JSON.stringify(calleeText(link.callee));',
    'const text = \'"f"\';',
  ],
  'a call in a chain waits': ['if (suspends) return awaited(link, call, link.start as number, cx);', ''],
  'a method in a chain is looked up by what it is': [
    "suspends ? lookup(cx, 'method', link) : `${helper(cx, 'methodRegistrar')}(`",
    "`${helper(cx, 'methodRegistrar')}(`",
  ],
  'a method in a chain that may not suspend has no twin looked up': [
    "suspends ? lookup(cx, 'method', link) : `${helper(cx, 'methodRegistrar')}(`",
    "lookup(cx, 'method', link)",
  ],
  '`super` in a chain of a construction is its own': ['(i === 0 ? emitSuperMember(link, cx) : undefined) ??', ''],
  'a chain of a construction is rewritten': [
    "if (base.type === 'Super' && cx.made?.inClass === true) return true;",
    '',
  ],
  'a chain with properties that may suspend is rewritten': [
    "if (!('callee' in link)) return isAccessed(link, cx);",
    "if (!('callee' in link)) return false;",
  ],
  'a property in a chain may suspend': [
    'if (isAccessed(link, cx)) current = readFrom(link, current, cx);\n      else ',
    '',
  ],
  'the end of a chain that is called in parentheses is its receiver': [
    'const start = isCallee ? emitReference(unwrap(base), cx)',
    'const start = isCallee ? emitReference(unwrap(base), cx, false)',
  ],
};
