// biome-ignore-all lint/suspicious/noTemplateCurlyInString: sources are edited as text
/** Rules of functions. */
import type { Rules } from './rules.js';

export const FUNCTIONS: Rules = {
  'functions are linked to their twins': [
    'return linkCall(node, cx, () => [named(hint, original), asyncForm(node, cx, hint)]);',
    'asyncForm(node, cx, hint); return named(hint, original);',
  ],
  'a function expression has its own name in its twin': [
    "if (node.type === 'FunctionExpression' && node.id) return linkedToItself(original, node, node.id.name, cx);",
    '',
  ],
  'an anonymous function keeps the name from its place': ['[named(hint, original), asyncForm', '[original, asyncForm'],
  'a function that is exported as default keeps its name': [
    "    return form === 'twin' && node.type === 'FunctionDeclaration' && !node.id ? nameDefault(node, cx) : original;",
    '    return original;',
  ],
  'an arrow function declares the variables of its expression': [
    "if (body.type !== 'BlockStatement' && inner.temporaries.size > 0)",
    'if (cx === undefined)',
  ],
  'the original of a function does not await': [
    "enter(ownThis(cx, node), isStarted ? 'async' : 'sync')",
    "enter(ownThis(cx, node), isStarted ? 'async' : cx.mode)",
  ],
  'the parameters of an async generator stay where its call has no asynchronous form': [
    'isApart ? undefined : bindParameters(node, cx, inner)',
    'bindParameters(node, cx, inner)',
  ],
  'an async generator waits by itself': [
    "  if (node.generator === true && node.async === true) return { ...enter(cx, 'async'), twins: cx.twins + 1 };\n",
    '',
  ],
  'a key that has been evaluated is not evaluated again': ['if (kept?.evaluated === true) return kept.temporary;', ''],
  'a key that is used again is kept': ['if (kept !== undefined) return emitKey(child, kept.temporary, around);', ''],
  'keys of methods await': ["if ('key' in node && child === node.key) return emit(child, around);", ''],
  'keys of methods of classes await': ['const around = cx.around ?? cx;', 'const around = cx;'],
  'a key that is an object is converted once': [
    "[`${temporary} = ${helper(cx, 'propertyKey')}(`, emitArgument(key, cx), ')']",
    "[`${temporary} = (`, emitArgument(key, cx), ')']",
  ],
  'an async function returns what it returned': [
    "const inner = enter(ownThis(cx, node), 'async');",
    "const inner = enter(ownThis(cx, node), 'twin');",
  ],
  'the twin of an arrow function is an arrow function': [
    'const head = isArrow ? prefix : `',
    'const head = `',
    "const arrow = node.type === 'ArrowFunctionExpression' ? ' => ' : ' ';",
    "const arrow = ' ';",
  ],
  'the twin of a function is no arrow function': [
    "const head = isArrow ? prefix : `${prefix}function${node.generator === true ? '*' : ''} ${name ?? ''}`;",
    'const head = node.generator === true ? `${prefix}function* ` : prefix;',
    "const arrow = node.type === 'ArrowFunctionExpression' ? ' => ' : ' ';",
    "const arrow = node.generator === true || 'key' in node ? ' ' : ' => ';",
  ],
  'what the twin of a function returns is boxed': ["'generator' : 'twin');", "'generator' : 'async');"],
  'a function under a computed key has its name': [
    "if ('key' in hint) return ['{ [', hint.key, ']: ', expression, ' }[', hint.key, ']'];",
    "if ('key' in hint) return expression;",
  ],
  'a function may be named __proto__': [
    "if (name === '__proto__') return ['{ [\"__proto__\"]: ', expression, ' }[\"__proto__\"]'];",
    '',
  ],
  'a function may have a name that is no identifier': [
    'if (/^[A-Za-z_$][\\w$]*$/.test(name))',
    'if (name !== undefined)',
  ],
  'a parameter without parentheses gets some': [
    "if (node.type === 'ArrowFunctionExpression' && first && isBareParameter(node, cx)) {",
    'if (cx === undefined) {',
  ],
  'the arrow of a return type is not that of the function': [
    'const before = node.returnType ?? node.params.at(-1)',
    'const before = node.params.at(-1)',
  ],
  'a computed key may hold parentheses': [
    "node.computed ? scanTo(cx.shared.module.text, end, ']') : end",
    'node.computed ? (node.start as number) : end',
  ],
  'directives come first': [
    '      { start: body.start as number, end: opening },\n      lastDirective',
    "      '{',\n      declarations,\n      { start: (body.start as number) + 1, end: opening },\n      lastDirective",
    '      declarations,\n      guarded(',
    '      guarded(',
  ],
  'a directive ends before what is written behind it': [
    "lastDirective && cx.shared.module.text[opening - 1] !== ';' ? ';' : '',",
    "'',",
  ],
  'declared functions are linked before the body runs': [
    "      emitLinks(body, inner),\n      before?.(inner) ?? '',",
    "      before?.(inner) ?? '',",
    '        return change === undefined ? emitted : change(statement, emitted, inner);\n      }),',
    '        return change === undefined ? emitted : change(statement, emitted, inner);\n      }), emitLinks(body, inner),',
  ],
  'the expression of an arrow function is boxed': [
    'const result = emitResult(body, cx);',
    'const result = emit(body, cx);',
  ],
  'variables are declared': ['cx.temporaries.size > 0 ? ` ${declaredTemporaries(cx)}` :', 'cx === undefined ? ` ` :'],
  'variables are those of one call': [
    '? ` ${declaredTemporaries(cx)}` :',
    "? ` ${[...cx.temporaries].map((name) => `globalThis.${name} = 0`).join(', ')};` :",
  ],
  'a body that cannot stand in a block does not tell what it comes to': [
    'if (!canTell(node, isBound)) {',
    'if (false) {',
  ],
  'what a body throws is told': ['${own}.e = e; if (${own}.p) throw e;', 'throw e;'],
  'what a body throws behind a suspension rejects': ['if (${own}.p) throw e; }`', '}`'],
  'what a `finally` may take back is told again': ['isTold(cx) && mayRevoke(node) ?', "cx.mode === 'tail' ?"],
  'computed keys of object literals are evaluated once': [
    'if (isFixedKey(node)) return linkedMethod(node, keyCode(node, outer), outer);',
    'return linkedMethod(node, keyCode(node, outer), outer);',
  ],
  'methods of object literals stay methods': [
    "['{ ', emitOriginal(node, cx), ' }', read]",
    "['function ', emitParameters(node, cx, undefined), emitBody(node, enter(cx, 'sync'))]",
  ],
  'a method may be named __proto__': ['return isPrototype ? \'["__proto__"]\' : spanOf(key);', 'return spanOf(key);'],
  'assigning to the own name of a function fails in its twin': [
    'if (!isCallee && !assigns(node, name)) return',
    'if (!isCallee) return',
  ],
  '`arguments.callee` is the original': ["(isCallee === true ? ` arguments.callee = ${originalName(cx)};` : '')", "''"],
  'an async function binds its parameters': [
    'if (bound !== undefined) return emitWithBound(node, cx, bound, inner);',
    '',
  ],
  'the twin of a generator is a generator': ["function${node.generator === true ? '*' : ''} ", 'function '],
  'the twin of a method that is a generator is a generator': [
    "? '' : 'async '}${node.generator === true ? '*' : ''}`;",
    "? '' : 'async '}`;",
  ],
  'the twin of a generator is `async` where the generator is': [
    'return node.generator === true ? node.async !== true :',
    'return node.generator === true ? true :',
  ],
  'a generator waits by yielding': ["node.generator === true ? 'generator' : 'twin'", "'twin'"],
  'a function that is constructed knows its `new.target`': ['if (!isTargeted) return form;', 'return form;'],
  'what stands before a body stands there': ["      before?.(inner) ?? '',\n", ''],
  'bound parameters are bound in the body': ['      bindings,\n      bound?.around[0]', '      bound?.around[0]'],
  'patterns of a body are closed where it fails': ['      guarded(statements, body, cx),\n', '      statements,\n'],
  'patterns of an expression are closed where it fails': [
    'declarations, guarded(statements, body, cx)',
    'declarations, statements',
  ],
  'bound parameters of an expression are bound': ["[bindings, ' return ',", "[' return ',"],
  'a generator knows who runs it': ["` const ${runOf(cx)} = ${helper(cx, 'enter')}();`", "''"],
  'accessors are no methods': ["node.kind !== 'method' || isLinked", 'isLinked'],
  'methods with `super` are not linked in their place': [
    ' || isLinkedWithObject(node, outer))\n    return emitOriginal',
    ')\n    return emitOriginal',
  ],
  'a directive ends before what comes in its line': [
    "text[(directive.end as number) - 1] === ';' ? ' ' : '; ',",
    "' ',",
  ],
  'the original of a function that is written once keeps its directives': [
    "return ['() { ', directivesOf(body, cx), `return",
    "return ['() { ', `return",
  ],
  'the original of a function that is written once hands on its receiver': [
    '(${form}, this, arguments); }`',
    '(${form}, undefined, arguments); }`',
  ],
  'a function expression that is written once can be called with `new`': ["'onceFunction' : 'once'", "'once' : 'once'"],
  'a function named `yield` has its form in no arrow function': [
    "if (!isCallee && name === 'yield')",
    "if (!isCallee && name === 'no name')",
  ],
};
