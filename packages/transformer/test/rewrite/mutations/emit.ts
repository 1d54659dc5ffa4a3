// biome-ignore-all lint/suspicious/noTemplateCurlyInString: sources are edited as text
/** Rules of the walk. */
import type { Rules } from './rules.js';

export const EMIT: Rules = {
  'a sequence that is awaited is one value': ['emitArgument(argument, cx),\n    left', 'emit(argument, cx),\n    left'],
  'what is made is silent': ['return cx.shared.turns.made.has(node) ? hushed(code, cx) : code;', 'return code;'],
  'private methods that are read have their twins': ['emitPrivateRead(node, cx) ??', ''],
  'what is returned is boxed': ['return emitReturn(node, cx);', 'return emitChildren(node, cx);'],
  '`delete` of a chain is a statement about its end': [
    'return emitSuperDeleted(node, cx) ?? emitDelete(node, cx) ?? emitChildren(node, cx);',
    'return emitSuperDeleted(node, cx) ?? emitChildren(node, cx);',
  ],
  'functions that a block declares are linked': ['return emitBlock(node, cx);', 'return emitChildren(node, cx);'],
  'functions in properties have their names': ['return emitProperty(node, cx);', 'return emitChildren(node, cx);'],
  'functions in declarations have their names': ['emitNamed(node, node.id, node.init, cx);', 'emitChildren(node, cx);'],
  'functions in assignments and defaults have their names': [
    'return emitDefault(node, cx) ?? emitNamed(node, node.left, node.right, cx);',
    'return emitDefault(node, cx) ?? emitChildren(node, cx);',
  ],
  'a type does not take a name away': ['child === node.expression ? name : undefined', 'undefined'],
  'returns of what is not planned are boxed, too': ['|| (callOf(cx) !== undefined && mayReturn(node))', ''],
  'returns in a catch clause are boxed': ['/Statement$|^CatchClause$/', '/Statement$/'],
  'a sequence as an argument keeps its parentheses': [
    "return node.type === 'SequenceExpression' || node.type === 'TypeCastExpression';",
    "return node.type === 'TypeCastExpression';",
  ],
  'a destructuring assignment as an argument keeps its parentheses': [
    "if (node.type === 'AssignmentExpression') return isPattern(node.left);",
    '',
  ],
  'an assignment to a name in parentheses names nothing': [' && !isParenthesized(target)', ''],
  'an assignment that computes names nothing': [
    "target.type === 'Identifier' && !isParenthesized(target) && isNaming",
    "target.type === 'Identifier' && !isParenthesized(target)",
  ],
  'logical assignments name': ["['=', '&&=', '||=', '??=']", "['=']"],
  'functions under computed keys have their names': [
    'if (node.computed && value && losesName(value, cx)) {',
    'if (cx === undefined && value) {',
  ],
  'classes under computed keys have their names': [
    "if (value.type === 'ClassExpression') return !value.id && areStaticsApart(value, cx);",
    "if (value.type === 'ClassExpression') return false;",
  ],
  'a private field names': [
    "if (key.type === 'PrivateName') return { name: `#${key.id.name}` };",
    "if (key.type === 'PrivateName') return undefined;",
  ],
  '`__proto__: f` names nothing': [
    "key.type === 'Identifier' && key.name !== '__proto__'",
    "key.type === 'Identifier'",
  ],
  "`'__proto__': f` names nothing": [
    "key.type === 'StringLiteral' && key.value !== '__proto__'",
    "key.type === 'StringLiteral'",
  ],
  'a number names': ["if (key.type === 'NumericLiteral') return { name: String(key.value) };", ''],
  'a number in another notation names as it is printed': ['{ name: String(BigInt(key.value)) }', '{ name: key.value }'],
  'a result is boxed as it is': [
    "const code = emitArgument(call.type === 'CallExpression' ? call : value, cx);",
    "const code = emit(call.type === 'CallExpression' ? call : value, cx);",
  ],
  'a result is boxed': ["return [`${own}.${isTail ? 'tail' : 'box'}(`, code, ')'];", 'return code;'],
  'a body that returns nothing says so': [
    'if (!argument) return isTold(cx) ? `return ${own}.box();` : spanOf(node);',
    'if (!argument) return spanOf(node);',
  ],
  'a return ends': ["emitResult(argument, cx), ';'];", 'emitResult(argument, cx)];'],
  'patterns of a block are closed where it fails': ['guarded(statements, node, cx),', 'statements,'],
  'patterns beside `using` are closed before it disposes': ['isOpenBlock(node), cx)', 'false, cx)'],
  'functions that a block declares are linked before it runs': [
    '    emitLinks(node, cx),\n    emitRange({ start: opening, end: closing }, node.body, listEmitter(node.body, isOpenBlock(node), cx)),',
    '    emitRange({ start: opening, end: closing }, node.body, listEmitter(node.body, isOpenBlock(node), cx)),\n    emitLinks(node, cx),',
  ],
  'a call does not become the arguments of the line before': [
    "return ['void (', code, semicolon ? ');' : ')'];",
    'return whole;',
  ],
  'a statement without braces does not end by itself': [
    'if (CLOSED_STATEMENTS.has(before.type) && innermostEndsClosed(before)) return whole;',
    'if (CLOSED_STATEMENTS.has(before.type)) return whole;',
  ],
  'the object of a private method may be a sequence': [
    'return linkedPrivate(property.id.name, emitArgument(object, cx), cx)?.code;',
    'return linkedPrivate(property.id.name, emit(object, cx), cx)?.code;',
  ],
  '`super.name` of a construction is its own': ['return emitSuperMember(node, cx) ??', 'return'],
  '`this` and `new.target` of a construction are its own': [
    'return emitOfNew(node, cx) ?? spanOf(node);',
    'return spanOf(node);',
  ],
  'methods of object literals may be linked with them': [
    'return emitObject(node, cx);',
    'return emitChildren(node, cx);',
  ],
  'cases have their functions': ['return emitSwitch(node, cx);', 'return emitChildren(node, cx);'],
  'branches have their functions': ['return emitIf(node, cx);', 'return emitChildren(node, cx);'],
  'classes have their methods': ['return emitClass(node, cx, name);', 'return emitChildren(node, cx);'],
  'classes have their names': ['return emitClass(node, cx, name);', 'return emitClass(node, cx, undefined);'],
  'loops wait': ['return emitForOf(node, cx);', 'return emitChildren(node, cx);'],
  'loops with labels wait': ['return emitLabeled(node, cx);', 'return emitChildren(node, cx);'],
  'spread elements wait': ['return emitSpread(node, cx);', 'return emitChildren(node, cx);'],
  '`yield*` waits': ['return emitYield(node, cx);', 'return emitChildren(node, cx);'],
  '`return` of a construction is its own': ['if (constructed !== undefined) return constructed;', ''],
  'a function in a field with a computed key has its name': [
    'if (kept !== undefined) return { key: kept.temporary };',
    '',
  ],
  'functions in attributes of JSX have their names': ['child === node.value ? hint : undefined', 'undefined'],
  'a function under a computed key is so behind a type': ['const value = unwrap(wrapped);', 'const value = wrapped;'],
  'properties that are read may suspend': ['emitRead(node, cx) ?? ', ''],
  'properties that are assigned may suspend': ['emitAssignment(node, cx) ??', ''],
  'properties that count may suspend': ['emitUpdate(node, cx) ??', ''],
  'declared patterns may suspend': ['emitDeclarator(node, cx) ??', ''],
  'heads of `for-in` may suspend': ['return emitForIn(node, cx);', 'return emitChildren(node, cx);'],
  'patterns of catch clauses may suspend': ['emitCatch(node, cx) ??', ''],
};
