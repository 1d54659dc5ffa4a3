// biome-ignore-all lint/suspicious/noTemplateCurlyInString: sources are edited as text
/** Rules of object patterns that are written out. */
import type { Rules } from './rules.js';

export const PATTERNS: Rules = {
  'a pattern whose properties may suspend is written out': ['if (isAccessed(part, cx)) return true;\n', ''],
  'a pattern that stays tells of its source as the program has it': [
    "unwrap(init).type === 'AwaitExpression' || !isPrintedOtherwise(init, cx)",
    'pattern !== undefined',
  ],
  'a pattern whose rest goes to a property is written out': [
    "part.type === 'RestElement' ? { target: part.argument } :",
    "part.type === 'RestElement' ? { target: part } :",
  ],
  'a pattern that assigns to properties is written out': [
    'return isAccessedMember(target, cx) || isWrittenOut(target, cx);',
    'return isWrittenOut(target, cx);',
  ],
  'a pattern with one that is written out is, too': [
    'return isAccessedMember(target, cx) || isWrittenOut(target, cx);',
    'return isAccessedMember(target, cx);',
  ],
  'an array pattern that may suspend is written out': [
    "if (pattern.type === 'ArrayPattern' && isAwaited(pattern, cx)) return true;",
    '',
  ],
  'what is assigned to an array pattern is not printed': [
    "pattern.type === 'ArrayPattern' ? { code } : { code, text: calleeText(right) }",
    '{ code, text: calleeText(right) }',
  ],
  'what an array pattern is declared with is printed otherwise': [
    '? initText(init) : calleeText(init)',
    '? calleeText(init) : calleeText(init)',
  ],
  'what is caught is not printed where it is iterated': ["param.type === 'ArrayPattern' ? { code: caught } :", ''],
  'an array pattern makes its iterator': [
    'kept === undefined ? code : [`${kept} = `, code]',
    "kept === undefined ? '[]' : [`${kept} = `, code]",
  ],
  'an array pattern tells what it cannot iterate': ["text === undefined ? '' : `, ${JSON.stringify(text)}`", "''"],
  'an item may be passed over': ['suspended(`${name}.skip()`, at, cx)', 'suspended(`${name}.item()`, at, cx)'],
  'the rest of an array pattern is an array': [
    'suspended(`${name}.rest()`, position, cx)',
    'suspended(`${name}.item()`, position, cx)',
  ],
  'an item has a default': ['fallback === undefined ? item : withFallback(item, fallback, target, cx)', 'item'],
  'a default of an item is printed': [
    'fallback && textOf(fallback, target), declares }, cx)',
    'undefined, declares }, cx)',
  ],
  'a default that is called is printed so': ["target.type === 'ArrayPattern' ? iterableText(fallback) :", ''],
  'an array pattern ends its iterator': [
    'return [...steps, { target: undefined, value: suspended(`${name}.close()`, at, cx) }];',
    'return steps;',
  ],
  'only what is declared is taken at once': [
    'source.declares === true && isTakenAtOnce(target, cx.shared.module.ast.program)',
    'isTakenAtOnce(target, cx.shared.module.ast.program)',
  ],
  'an assignment of a pattern is what is assigned': ["[step, ', ']), source, ')']", "[step, ', ']), 'undefined)']"],
  'what is assigned to a pattern may be a sequence': [
    'const code = emitArgument(right, cx);',
    'const code = emit(right, cx);',
  ],
  'what is assigned to a pattern is printed': ['{ code } : { code, text: calleeText(right) }', '{ code } : { code }'],
  'declared patterns are written out': [
    'if (isWrittenOut(id, cx)) return declarators(id, given(id, init, cx), cx);\n',
    '',
  ],
  'what a pattern is declared with may be a sequence': [
    '{ code: emitArgument(init, cx), text,',
    '{ code: emit(init, cx), text,',
  ],
  'what a pattern is declared with is printed': [
    '{ code: emitArgument(init, cx), text,',
    '{ code: emitArgument(init, cx),',
  ],
  'patterns in the heads of loops are written out': [
    'return isWrittenOut(targetOf(left), cx) || isAccessedMember(targetOf(left), cx);',
    'return isAccessedMember(targetOf(left), cx);',
  ],
  'properties in the heads of loops are written': [
    'return isWrittenOut(targetOf(left), cx) || isAccessedMember(targetOf(left), cx);',
    'return isWrittenOut(targetOf(left), cx);',
  ],
  'an item that cannot be destructured is printed': [
    "takeItem(left, item, '.for', cx)",
    "takeItem(left, item, '', cx)",
  ],
  'patterns of catch clauses are written out': [
    'if (!param || !isPattern(param) || !isWrittenOut(param, outer)) return undefined;',
    'if (!param || !isPattern(param) || outer !== undefined) return undefined;',
  ],
  'what is caught and cannot be destructured is printed': ["text: '.catch'", "text: ''"],
  'what a catch clause declares is of that clause': ["['let ', bound,", "['var ', bound,"],
  'a property takes an item': ['isAccessed(target, cx) ? emitWrite(target, item, cx) : undefined', 'undefined'],
  'what the head of a loop declares is of that turn': ['[`${left.kind} `, declarators', "['var ', declarators"],
  'an item that cannot be assigned is not printed': [
    'writeOut(target, { code: item }, cx)',
    'writeOut(target, { code: item, text }, cx)',
  ],
  'a declared pattern may assign to properties first': [
    'if (target === undefined) before.push',
    'if (target === undefined && cx === undefined) before.push',
  ],
  'a declared pattern may bind nothing': ['  if (before.length > 0) {', '  if (before.length < 0) {'],
  'what a declared pattern does before it binds is done once': ['      before = [];\n', ''],
  'null is told where a pattern begins': [
    'value: [`${source} = `, checked(pattern, given, cx)]',
    'value: [`${source} = `, given.code]',
  ],
  'the rest of a pattern leaves out what has been taken': ['if (hasRest) keys.push(key);', ''],
  'the rest of a pattern waits for getters': ['suspended(rest, property.start as number, cx)', 'rest'],
  'a key of a pattern is converted once': [
    "[`${key} = ${helper(cx, 'propertyKey')}(`, emitArgument(property.key as Expression, cx), ')']",
    "[`${key} = (`, emitArgument(property.key as Expression, cx), ')']",
  ],
  'a key of a pattern may be a sequence': [
    'emitArgument(property.key as Expression, cx)',
    'emit(property.key as Expression, cx)',
  ],
  'a pattern has defaults': ['fallback === undefined ? read : withFallback(read, fallback, target, cx)', 'read'],
  'a property that a pattern reads may suspend': [
    'if (!isAccessed(property, cx)) return',
    'if (cx !== undefined) return',
  ],
  'a default of a pattern is for undefined only': ['`) === undefined ? (`', '`) == null ? (`'],
  'a default of a pattern may be a sequence': [
    '`) === undefined ? (`, isNamed ? named(name, code) : code, `) : ${held}`',
    '`) === undefined ? `, isNamed ? named(name, code) : code, ` : ${held}`',
  ],
  'a default of a pattern names a function': ['isNamed ? named(name, code) : code', 'code'],
  'a default of a pattern names the twin of a function': ['emit(fallback, cx, name)', 'emit(fallback, cx)'],
  'a pattern in a pattern is written out': [
    "  if (isPattern(target) && (target.type === 'ObjectPattern' || isWrittenOut(target, cx)))\n    return writeOut(target, source, cx);\n",
    '',
  ],
  'a pattern assigns to properties that may suspend': ['? emitWrite(target, code, cx)', '? emit(target, cx)'],
  'a pattern assigns to `super.name`': [
    'emitSuperMember(target, cx) ?? emitChildren(target, cx)',
    'emitChildren(target, cx)',
  ],
  'a target may be a pattern of an iterable': [
    "target.type === 'Identifier' ? spanOf(target) : emit(target, cx)",
    'spanOf(target)',
  ],
  'the first property of null is printed': [
    "first?.type === 'ObjectProperty' && !first.computed ? nameOf(first) : undefined",
    'undefined',
  ],
  'a computed key of null is not printed': [
    "first?.type === 'ObjectProperty' && !first.computed ? nameOf(first) : undefined",
    "first?.type === 'ObjectProperty' ? nameOf(first) : undefined",
  ],
  'a default of null is not printed unless it is destructured': [
    "fallback === undefined ? text : target.type === 'ObjectPattern' ? calleeText(fallback) : undefined",
    'text',
  ],
  'a default that is destructured is printed in place of null': [
    "target.type === 'ObjectPattern' ? calleeText(fallback) : undefined",
    'undefined',
  ],
  'a default that is an iterable is not printed in place of null': [
    "target.type === 'ObjectPattern' ? calleeText(fallback) : undefined",
    'calleeText(fallback)',
  ],
  'a property that goes to another one fails as it is read': [
    'if (printed === undefined || isMember(target)) return code;',
    'if (printed === undefined) return code;',
  ],
  'a pattern in a pattern that reads nothing is printed by its property': [
    "if (text === undefined && within !== undefined && first?.type !== 'RestElement') {",
    'if (cx === undefined && within !== undefined) {',
  ],
  'a rest of null is not printed by its property': [
    "within !== undefined && first?.type !== 'RestElement'",
    'within !== undefined',
  ],
  'a computed key of a pattern is no name': ['computed ? undefined : key.name', 'key.name'],
  'a number may be the key of a pattern': ["|| key.type === 'NumericLiteral' ? String", '? String'],
};
