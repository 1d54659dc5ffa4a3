// biome-ignore-all lint/suspicious/noTemplateCurlyInString: sources are edited as text
/**
 * Rules of rewriting and of the helpers that compiled code calls, each with an edit of the sources that breaks it. `pnpm mutations`
 * requires that a program shows each of them; see docs/testing.md.
 */

/** A text that stands once in a file, and what stands there where the rule is broken; several times two for edits that go together. */
type Edit = readonly [from: string, to: string, ...more: string[]];

type Rules = Readonly<Record<string, Edit>>;

const CALLS: Rules = {
  'what a suspended call resolves to is unboxed': [
    "${helper(cx, 'unbox')}(await ${helper(cx, 'take')}())",
    "(await ${helper(cx, 'take')}())",
  ],
  'a suspended call is waited for': [
    "=== ${suspended} ? ${helper(cx, 'unbox')}(await ${helper(cx, 'take')}()) : ${result})`",
    ', ${suspended}, ${result})`',
  ],
  'a result is not awaited where nothing suspended': [': ${result})`, at },', ': await ${result})`, at },'],
  'a call that may suspend is written so': ['if (suspends) return awaited(node, call, positionOf(callee), cx);', ''],
  'the twin of a function is looked up where the call may suspend': [
    "suspends ? 'callee' : 'registrar'",
    "'registrar'",
  ],
  'the twin of a function is not looked up where the call may not suspend': [
    "suspends ? 'callee' : 'registrar'",
    "'callee'",
  ],
  'a sequence that is called stays one argument': [
    '          emitArgument(callee, cx),\n          `, ${JSON',
    '          emit(callee, cx),\n          `, ${JSON',
  ],
  'a function that is missing is named': [
    '`, ${JSON.stringify(calleeText(callee))})(`,\n          args.code,',
    '`, "f")(`,\n          args.code,',
  ],
  'a method that is missing is named': ['const text = JSON.stringify(calleeText(callee));', 'const text = \'"f"\';'],
  'super() and super.m() are called as they stand': [
    "if (callee.type === 'Super') return emitPlainCall(node, cx);",
    '',
  ],
  'a method keeps its receiver': ['    receiver.self,\n', "    'undefined',\n"],
  'the twin of a method is looked up where the call may suspend': [
    "suspends ? 'method' : 'methodRegistrar'",
    "'methodRegistrar'",
  ],
  'the twin of a method is not looked up where the call may not suspend': [
    "suspends ? 'method' : 'methodRegistrar'",
    "'method'",
  ],
  'a method with a `call` of its own is called like any other': [
    "suspends ? 'method' : 'methodRegistrar'",
    "suspends ? 'callee' : 'registrar'",
  ],
  'the receiver of a chain is kept': [
    "if (callee.type === 'OptionalMemberExpression') return emitReference(callee, cx);",
    "if (callee.type === 'OptionalMemberExpression') return { ...emitReference(callee, cx), self: 'undefined' };",
  ],
  '`super` is no receiver': [
    "object.type === 'ThisExpression' || object.type === 'Super'",
    "object.type === 'ThisExpression'",
  ],
  'a receiver outlives a key that calls': [
    "cx.mode !== 'sync' && !(callee.computed && isTouched(cx, spanOf(property)))",
    "cx.mode !== 'sync'",
  ],
  'a receiver is evaluated once': [
    "return { code: [`(${self} = `, emitArgument(object, cx), ')', access], self };",
    "return { code: [`(${self} = `, emitArgument(object, cx), ', ', emitArgument(object, cx), ')', access], self };",
  ],
  'a receiver that is a sequence stays whole': [
    "return { code: [`(${self} = `, emitArgument(object, cx), ')', access], self };",
    "return { code: [`(${self} = `, emit(object, cx), ')', access], self };",
  ],
  'a private method that is called has its twin': [
    "property.type === 'PrivateName' ? linkedPrivate(property, emitArgument(object, cx), cx) : undefined;\n    if",
    'undefined as ReturnType<typeof linkedPrivate>;\n    if',
  ],
  'a private method is linked to its own twin': ['`).#${name}, ${self}.#${twin})`', '`).#${name}, ${self}.#${name})`'],
  'the object of a private method is evaluated once': [
    '`, object, `).#${name}, ${self}.#${twin})`',
    '`, object, `).#${name}, `, object, `.#${twin})`',
  ],
  'a key that is a sequence stays one argument': [
    'const key = callee.computed ? emitArgument(property, cx)',
    'const key = callee.computed ? emit(property, cx)',
  ],
  'arguments are rewritten, too': [
    'node.arguments, (child) => emit(child, cx));\n}\n\nfunction typeArgumentsEnd',
    'node.arguments, (child) => spanOf(child));\n}\n\nfunction typeArgumentsEnd',
  ],
  'type arguments are no arguments': [
    '(node.typeParameters?.end ?? typeArgumentsEnd(node) ?? node.callee.end)',
    '(node.callee.end)',
  ],
  'a constructor that is missing is named': ['`, ${JSON.stringify(calleeText(node.callee))})`];', '\', "f")\'];'],
  'a class that is a sequence stays one argument': [
    'const callee = [emitArgument(node.callee, cx),',
    'const callee = [emit(node.callee, cx),',
  ],
  '`new` is of what the lookup finds': [
    "`(${helper(cx, 'constructorRegistrar')}(`, callee, ')(', args]",
    "`${helper(cx, 'constructorRegistrar')}(`, callee, '(', args]",
  ],
  'making an object may suspend': [
    "if (suspends) return awaited(node, [{ text: `${helper(cx, 'creator')}(`, at }, callee, '(', args], at, cx);",
    '',
  ],
  'a value in a template that is a sequence stays one argument': [
    "[', ', emitArgument(value, cx)]",
    "[', ', emit(value, cx)]",
  ],
  'both forms of a function give a tag the same strings': [
    'if (!isCalled && !cx.shared.implied.has(node)) return emitChildren(node, cx);',
    'if (!isCalled) return emitChildren(node, cx);',
  ],
  'every evaluation of a template gives a tag the same strings': [
    'if (!cx.shared.implied.has(node)) return strings;',
    'return strings;',
  ],
  'two templates have two objects of strings': [
    'const name = templates.get(node) ??',
    'const name = [...templates.values()][0] ??',
  ],
  'the strings of a template are cut at its values': ["i === 0 ? [] : ['$', '{0}']", 'true ? [] : []'],
  'a tag that is a method keeps its receiver': [
    "return ['(', emitRange(tag,",
    "return ['((0, ', emitRange(tag,",
    "(child) => emit(child, cx)), '(', args.code, ')'];",
    "(child) => emit(child, cx)), ')(', args.code, ')'];",
  ],
};

const CHAINS: Rules = {
  'parentheses end a chain': ['if (node !== top && endsChain(node)) return { base: node, links };', ''],
  'a chain ends at null and at undefined': ['`) == null ? ${otherwise} : `', '`) === null ? ${otherwise} : `'],
  'a chain ends at null, too': ['`) == null ? ${otherwise} : `', '`) === undefined ? ${otherwise} : `'],
  'a chain that ends early is undefined': [
    "walkChain(top, cx, keepsSelf, 'undefined')",
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
    "if (base.type === 'Super' && i === 0) self = 'this';",
    'if (cx === undefined) return;',
  ],
  'a private method in a chain has its twin': [
    "isRead && link.property.type === 'PrivateName' ? linkedPrivate(link.property, current, cx) : undefined;",
    'undefined as ReturnType<typeof linkedPrivate>;',
  ],
  'a private method in a chain that is called as it stands stays': [
    'const isRead = isReceiver || !isCall(next);',
    'const isRead = true;',
  ],
  'the base of a chain keeps its parentheses': [
    "return isParenthesized(base) ? ['(', code, ')'] : code;",
    'return code;',
  ],
  'a key in a chain keeps its brackets': [
    "return link.computed ? ['[', emitArgument(link.property, cx), ']'] : ['.', spanOf(link.property)];",
    "return ['.', spanOf(link.property)];",
  ],
  'a method in a chain keeps its receiver': ['.call(${self}`, separator, args]', '.call(undefined`, separator, args]'],
  'a call in a chain is looked up by what it is': [
    "(['callee', 'method'] as const) : (['registrar', 'methodRegistrar'] as const)",
    "(['registrar', 'methodRegistrar'] as const) : (['registrar', 'methodRegistrar'] as const)",
  ],
  'a call in a chain that may not suspend has no twin looked up': [
    "(['callee', 'method'] as const) : (['registrar', 'methodRegistrar'] as const)",
    "(['callee', 'method'] as const) : (['callee', 'method'] as const)",
  ],
  'a function in a chain that is missing is named': [
    'const text = JSON.stringify(calleeText(link.callee));',
    'const text = \'"f"\';',
  ],
  'a call in a chain waits': ['if (suspends) return awaited(link, call, link.start as number, cx);', ''],
  'only what is planned in a chain is rewritten': [
    "plan.registers || (plan.suspends && cx.mode !== 'sync')",
    'plan.registers || plan.suspends',
  ],
};

const CLASSES: Rules = {
  'methods are linked before static members run': [
    '    emitStaticBlock(node, cx),\n    emitRange({ start: opening, end: node.end as number }',
    '    emitRange({ start: opening, end: (node.end as number) - 1 }',
    "      return isTwinnedPrivate(member, cx) ? [code, ' ', privateTwin(member, cx)] : code;\n    }),",
    "      return isTwinnedPrivate(member, cx) ? [code, ' ', privateTwin(member, cx)] : code;\n    }), emitStaticBlock(node, cx), '}',",
  ],
  'keys of methods that have no twin are kept, too': [
    "member.type === 'ClassMethod' && cx.keys.has(member.key) ? emitFunction(member, cx) : emit(member, cx)",
    'emit(member, cx)',
  ],
  'a private method has its twin beside it': [
    "isTwinnedPrivate(member, cx) ? [code, ' ', privateTwin(member, cx)] : code",
    'code',
  ],
  'a private name hides that of an outer class': ['    else twins.delete(name);\n', ''],
  'the twin of a private method has a name that is free': ['freshName(cx.shared, `${name}$async`)', '`${name}$async`'],
  'computed keys of methods are evaluated once': [
    'if (!isPlainMethod(member) || isFixedKey(member)) continue;',
    'continue;',
  ],
  'computed keys are evaluated in their place': ['evaluated: false', 'evaluated: true'],
  'static methods are linked where they are': ["isStatic ? 'this' : 'this.prototype'", "'this.prototype'"],
  'methods are linked where they are': ["isStatic ? 'this' : 'this.prototype'", "'this'"],
  'static and other methods are apart': [
    'if (!isPlainMethod(member) || (member.static === true) !== isStatic) continue;',
    'if (!isPlainMethod(member)) continue;',
  ],
  'a method that replaces another one has not its twin': ["forms.push(key, ': undefined, ')", 'forms.push()'],
  'a method with a computed key may replace another one': ['name === undefined || twinned.some', 'twinned.some'],
  'a method may be replaced by one with a computed key': [
    '[name, undefined].includes(fixedName(other))',
    'name === fixedName(other)',
  ],
  'a computed key is no name': ['computed ? undefined : key.name', 'key.name'],
  'the twin of a static private method is static': ["member.static ? 'static ' : ''", "''"],
  'streams start the twins of their methods': ['if (streamMethods.length > 0) {', 'if (streamMethods.length > 9) {'],
};

const FUNCTIONS: Rules = {
  'functions are linked to their twins': [
    "return [`${helper(cx, 'link')}(`, named(hint, original), ', ', named(hint, asyncForm(node, cx)), ')'];",
    'asyncForm(node, cx); return named(hint, original);',
  ],
  'a function expression has its own name in its twin': [
    "if (node.type === 'FunctionExpression' && node.id) {",
    "if (node.type === 'FunctionExpression' && node.id && cx === undefined) {",
  ],
  'an anonymous function keeps the name from its place': [
    "(`, named(hint, original), ', ', named(hint, asyncForm(node, cx)), ')'];",
    "(`, original, ', ', named(hint, asyncForm(node, cx)), ')'];",
  ],
  'a function that is exported as default keeps its name': [
    "    return form === 'twin' && node.type === 'FunctionDeclaration' && !node.id ? nameDefault(node, cx) : original;",
    '    return original;',
  ],
  'an arrow function declares the variables of its expression': [
    "if (body.type !== 'BlockStatement' && inner.temporaries.size > 0)",
    'if (cx === undefined)',
  ],
  'the original of a function does not await': [
    "const entered = enter(cx, 'sync');",
    'const entered = enter(cx, cx.mode);',
  ],
  'a key that has been evaluated is not evaluated again': ['if (kept?.evaluated === true) return kept.temporary;', ''],
  'a key that is used again is kept': [
    'if (kept !== undefined) return emitKey(child, kept.temporary, synchronous(cx));',
    '',
  ],
  'parameters do not await': [
    "return emit(child, node.type === 'ObjectMethod' && child === node.key ? cx : synchronous(cx));",
    'return emit(child, cx);',
  ],
  'keys of object literals await': [
    "return emit(child, node.type === 'ObjectMethod' && child === node.key ? cx : synchronous(cx));",
    'return emit(child, synchronous(cx));',
  ],
  'a key that is an object is converted once': [
    "[`${temporary} = ${helper(cx, 'propertyKey')}(`, emitArgument(key, cx), ')']",
    "[`${temporary} = (`, emitArgument(key, cx), ')']",
  ],
  'parameters of arrow functions with a new block do not await': [
    'emitRange(head, node.params, (child) => emit(child, synchronous(cx)))',
    'emitRange(head, node.params, (child) => emit(child, cx))',
  ],
  'an async function returns what it returned': [
    "const inner = enter(cx, 'async');",
    "const inner = enter(cx, 'twin');",
  ],
  'the twin of an arrow function is an arrow function': [
    "node.type === 'ArrowFunctionExpression' ? 'async ' : 'async function '",
    "'async function '",
    "node.type === 'ArrowFunctionExpression' ? ' => ' : ' '",
    "' '",
  ],
  'the twin of a function is no arrow function': [
    "node.type === 'ArrowFunctionExpression' ? 'async ' : 'async function '",
    "'async '",
    "node.type === 'ArrowFunctionExpression' ? ' => ' : ' '",
    "' => '",
  ],
  'what the twin of a function returns is boxed': [
    "emitParameters(node, cx), arrow, emitBody(node, enter(cx, 'twin'))]",
    "emitParameters(node, cx), arrow, emitBody(node, enter(cx, 'async'))]",
  ],
  'what the twin of a method returns is boxed': [
    "    ' ',\n    emitBody(node, enter(cx, 'twin')),",
    "    ' ',\n    emitBody(node, enter(cx, 'async')),",
  ],
  'a function under a computed key has its name': [
    "if ('temporary' in hint) return [`{ [${hint.temporary}]: `, expression, ` }[${hint.temporary}]`];",
    "if ('temporary' in hint) return expression;",
  ],
  'a function may be named __proto__': [
    "if (name === '__proto__') return ['{ [\"__proto__\"]: ', expression, ' }[\"__proto__\"]'];",
    '',
  ],
  'a function may have a name that is no identifier': [
    'if (/^[A-Za-z_$][\\w$]*$/.test(name))',
    'if (name !== undefined)',
  ],
  'defaults of parameters do not await': ['const inner = synchronous(cx);', 'const inner = cx;'],
  'a parameter without parentheses gets some': [
    "if (node.type === 'ArrowFunctionExpression' && first && isBareParameter(node, cx)) {",
    'if (cx === undefined) {',
  ],
  'comments are no parentheses': ["before.replace(/\\/\\*[\\s\\S]*?\\*\\//g, ' ')", 'before'],
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
    "      '{',\n      declarations,\n      emitLinks(body, cx),\n      { start: (body.start as number) + 1, end: opening },\n      lastDirective",
    '      declarations,\n      emitLinks(body, cx),\n      emitRange({ start: opening',
    '      emitRange({ start: opening',
  ],
  'a directive ends before what is written behind it': [
    "lastDirective && cx.shared.module.text[opening - 1] !== ';' ? ';' : '',",
    "'',",
  ],
  'declared functions are linked before the body runs': [
    '      emitLinks(body, cx),\n      emitRange({ start: opening, end: body.end as number }, body.body, statementEmitter(body.body, cx)),',
    "      emitRange({ start: opening, end: (body.end as number) - 1 }, body.body, statementEmitter(body.body, cx)),\n      emitLinks(body, cx), '}',",
  ],
  'the expression of an arrow function is boxed': [
    "' return ', emitResult(body, cx), '; }'",
    "' return ', emit(body, cx), '; }'",
  ],
  'variables are declared': [
    "if (cx.temporaries.size > 0) declarations.push(` let ${[...cx.temporaries].join(', ')};`);",
    '',
  ],
  'variables are those of one call': [
    "declarations.push(` let ${[...cx.temporaries].join(', ')};`)",
    "declarations.push(` ${[...cx.temporaries].map((name) => `globalThis.${name} = 0`).join(', ')};`)",
  ],
  'computed keys of object literals are evaluated once': [
    'if (isFixedKey(node)) return linkedMethod(node, keyCode(node, outer), outer);',
    'return linkedMethod(node, keyCode(node, outer), outer);',
  ],
  'methods of object literals stay methods': [
    "    `: ${helper(cx, 'link')}({ `,\n    emitOriginal(node, cx),\n    ' }',\n    read,",
    "    `: ${helper(cx, 'link')}(function `, emitParameters(node, cx), emitBody(node, enter(cx, 'sync')),",
  ],
  'only keys of symbols may be evaluated twice': [
    "key.type === 'MemberExpression' && key.object.type === 'Identifier' && key.object.name === 'Symbol' && !key.computed",
    "key.type === 'MemberExpression'",
  ],
  'a method may be named __proto__': ['return isPrototype ? \'["__proto__"]\' : spanOf(key);', 'return spanOf(key);'],
};

const EMIT: Rules = {
  'private methods that are read have their twins': [
    'return emitPrivateRead(node, cx) ?? emitChildren(node, cx);',
    'return emitChildren(node, cx);',
  ],
  'what is returned is boxed': ['return emitReturn(node, cx);', 'return emitChildren(node, cx);'],
  '`delete` of a chain is a statement about its end': [
    'return emitDelete(node, cx) ?? emitChildren(node, cx);',
    'return emitChildren(node, cx);',
  ],
  'statements of a case are apart': ['return emitCase(node, cx);', 'return emitChildren(node, cx);'],
  'a `with` statement stays as it is': ["    case 'WithStatement':\n      return spanOf(node);\n", ''],
  'functions that a block declares are linked': ['return emitBlock(node, cx);', 'return emitChildren(node, cx);'],
  'methods of classes are linked': ['return emitClassBody(node as ClassBody, cx);', 'return emitChildren(node, cx);'],
  'what a class extends may await': ['child === node.superClass ? cx : synchronous(cx)', 'synchronous(cx)'],
  'the body of a class does not await': ['child === node.superClass ? cx : synchronous(cx)', 'cx'],
  'functions in properties have their names': ['return emitProperty(node, cx);', 'return emitChildren(node, cx);'],
  'functions in declarations have their names': [
    'return emitNamed(node, node.id, node.init, cx);',
    'return emitChildren(node, cx);',
  ],
  'functions in assignments and defaults have their names': [
    'return emitNamed(node, node.left, node.right, cx);',
    'return emitChildren(node, cx);',
  ],
  'a function that is exported as default is named so': [
    "child === node.declaration ? { name: 'default' } : undefined",
    'undefined',
  ],
  'a type does not take a name away': ['child === node.expression ? name : undefined', 'undefined'],
  'returns of what is not planned are boxed, too': ["|| (cx.mode === 'twin' && mayReturn(node))", ''],
  'returns in a case are boxed': ['/Statement$|^SwitchCase$|^CatchClause$/', '/Statement$|^CatchClause$/'],
  'returns in a catch clause are boxed': ['/Statement$|^SwitchCase$|^CatchClause$/', '/Statement$|^SwitchCase$/'],
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
  'initialisers of fields do not await': [
    "const inner = node.type === 'ObjectProperty' ? cx : synchronous(cx);",
    'const inner = cx;',
  ],
  'values of object literals await': [
    "const inner = node.type === 'ObjectProperty' ? cx : synchronous(cx);",
    'const inner = synchronous(cx);',
  ],
  'functions under computed keys have their names': [
    "if (node.type === 'ObjectProperty' && computed && value && isAnonymousTwin(value, cx)) {",
    'if (cx === undefined && value) {',
  ],
  'a computed key is no name of a function': [
    '  else if (!computed) {\n    // `__proto__',
    '  else {\n    // `__proto__',
  ],
  'a private field names': [
    "if (key.type === 'PrivateName') hint = { name: `#${key.id.name}` };",
    "if (key.type === 'PrivateName') hint = undefined;",
  ],
  '`__proto__: f` names nothing': [
    "key.type === 'Identifier' && key.name !== '__proto__'",
    "key.type === 'Identifier'",
  ],
  "`'__proto__': f` names nothing": [
    "key.type === 'StringLiteral' && key.value !== '__proto__'",
    "key.type === 'StringLiteral'",
  ],
  'a number names': [
    "else if (key.type === 'NumericLiteral') hint = { name: String(key.value) };",
    "else if (key.type === 'NumericLiteral') hint = undefined;",
  ],
  'a number in another notation names as it is printed': [
    'hint = { name: String(BigInt(key.value)) }',
    'hint = { name: key.value }',
  ],
  'only what is surely primitive is not boxed': [
    "return node.type === 'BinaryExpression';",
    'return /^(Binary|Logical|Sequence|Conditional|Assignment)Expression$/.test(node.type);',
  ],
  'a result is boxed as it is': [
    "return [`${helper(cx, 'box')}(`, emitArgument(value, cx), ')'];",
    "return [`${helper(cx, 'box')}(`, emit(value, cx), ')'];",
  ],
  'a result is boxed': [
    "return [`${helper(cx, 'box')}(`, emitArgument(value, cx), ')'];",
    'return emitArgument(value, cx);',
  ],
  'a return ends': ["emitResult(argument, cx), ';'];", 'emitResult(argument, cx)];'],
  'functions that a block declares are linked before it runs': [
    '    emitLinks(node, cx),\n    emitRange({ start: opening, end: node.end as number }, node.body, statementEmitter(node.body, cx)),',
    "    emitRange({ start: opening, end: (node.end as number) - 1 }, node.body, statementEmitter(node.body, cx)),\n    emitLinks(node, cx), '}',",
  ],
  'a call does not become the arguments of the line before': [
    "return ['void (', emit(statement.expression, cx), semicolon ? ');' : ')'];",
    'return code;',
  ],
  'a statement without braces does not end by itself': [
    'if (CLOSED_STATEMENTS.has(before.type) && innermostEndsClosed(before)) return code;',
    'if (CLOSED_STATEMENTS.has(before.type)) return code;',
  ],
  'the last of several declarations of a name counts': [
    'for (const [name, declaration] of effective) {',
    'for (const [name, declaration] of declarations.map((one) => [one.id?.name, one] as const)) {',
  ],
  'the object of a private method may be a sequence': [
    'return linkedPrivate(property, emitArgument(object, cx), cx)?.code;',
    'return linkedPrivate(property, emit(object, cx), cx)?.code;',
  ],
};

const CALLEE_TEXT: Rules = {
  'a chain in parentheses is not printed': [
    'if (isParenthesized(node) && /^Optional/.test(node.type)) return UNKNOWN;',
    '',
  ],
  '`this` is printed': ["return 'this';", 'return UNKNOWN;'],
  'numbers are printed': [
    "    case 'NumericLiteral':\n      return String(node.value);",
    "    case 'NumericLiteral':\n      return UNKNOWN;",
  ],
  'strings are printed with quotes': ['return JSON.stringify(node.value);', 'return node.value;'],
  'null is printed': ["return 'null';", 'return UNKNOWN;'],
  'booleans are printed': [
    "    case 'BooleanLiteral':\n      return String(node.value);",
    "    case 'BooleanLiteral':\n      return UNKNOWN;",
  ],
  'regular expressions are printed': ['return `/${node.pattern}/${node.flags}`;', 'return UNKNOWN;'],
  'sequences are printed': ["join(' , ')", "join(', ')"],
  'operators are printed': [
    'return `(${calleeText(node.left)} ${node.operator} ${calleeText(node.right)})`;',
    'return UNKNOWN;',
  ],
  'calls are printed': ['return `${calleeText(node.callee)}(...)`;', 'return UNKNOWN;'],
  'optional members are printed': ["const dot = node.optional === true ? '?.' : '.';", "const dot = '.';"],
  'private members are printed': [
    '${object}${dot}#${node.property.id.name}',
    '${object}${dot}${node.property.id.name}',
  ],
  'computed members are printed': ['[${calleeText(node.property)}]`;', '.${calleeText(node.property)}`;'],
  'members by a string are printed like others': [
    "if (node.property.type === 'StringLiteral') return `${object}${dot}${node.property.value}`;",
    '',
  ],
};

const TWICE: Rules = {
  'templates of functions inside functions that are written twice are written twice': [
    'walk(child, twice)',
    'walk(child, false)',
  ],
  'a private member that is assigned to is not read': ["    case 'AssignmentExpression':\n", ''],
  'a private member that a loop assigns to is not read': ["    case 'ForOfStatement':\n", ''],
  'a private member that counts is not read': ["    case 'UpdateExpression':\n", ''],
  'a private member that the rest goes to is not read': ["    case 'RestElement':\n", ''],
  'a private member in an array pattern is not read': ['return node.elements;', 'return [];'],
  'a private member in an object pattern is not read': [
    "return node.properties.map((property) => (property.type === 'RestElement' ? property : property.value));",
    'return [];',
  ],
};

const MODULES: Rules = {
  'the directives of a module come first': ['  if (first) return first.start as number;\n', '  return 0;\n'],
  'functions that a module declares are linked': [
    'const prologue: Code = [importHelpers(shared, runtime), temporaries, links, packs];',
    'const prologue: Code = [importHelpers(shared, runtime), temporaries, packs];',
  ],
  'functions that a module declares are linked before it runs': [
    'temporaries, links, packs];',
    'temporaries, packs];',
    'prologue, body], module.text',
    'prologue, body, links], module.text',
  ],
  'a module declares its variables': ["variables.length === 0 ? '' :", "true ? '' :"],
};

const CONTEXT: Rules = {
  'names of the compiler are not those of the program': ['shared.module.text.includes(name)', 'false'],
  'a variable of its own is that of one expression': ['while (cx.temporaries.has(`${base}${i}`)) i++;', ''],
  'originals do not await': ["return cx.mode === 'sync' ? cx : { ...cx, mode: 'sync' };", 'return cx;'],
};

const CALLEE: Rules = {
  'a function without a twin is called itself': [
    'return twinOf(fn) ?? rootOf(fn) ?? (fn as Callable);',
    'return (twinOf(fn) ?? rootOf(fn)) as Callable;',
  ],
  'a function with a twin has it called': [
    'return twinOf(fn) ?? rootOf(fn) ?? (fn as Callable);',
    'return rootOf(fn) ?? (fn as Callable);',
  ],
  'a function that takes callbacks has its adapter called': [
    'return twinOf(fn) ?? rootOf(fn) ?? (fn as Callable);',
    'return twinOf(fn) ?? (fn as Callable);',
  ],
  'arguments are evaluated before a call fails': [
    '  return () => {\n    throw notCallable(text);\n  };',
    '  throw notCallable(text);',
  ],
  "a method is called by Function.prototype's call": [
    'isUnlinked(fn) && fn.call === call ? fn : callable(linkedCallee(fn, text))',
    'linkedCallee(fn, text)',
  ],
  'a registering method keeps its receiver': [
    'Reflect.apply(fn, receiver, args);\n}\n\n/** `o.m(callback)` with',
    'Reflect.apply(fn, undefined, args);\n}\n\n/** `o.m(callback)` with',
  ],
  'arguments are evaluated before `new` fails': [
    'return isConstructor(found) ? found : failingConstructor(text);',
    'return isConstructor(found) ? found : (new (failingConstructor(text))() as never);',
  ],
  'making an object is not repeated to find out whether it can be made': [
    'new new Proxy(value as Constructor, { construct: () => ({}) })();',
    'new (value as Constructor)();',
  ],
  'a function with a `call` of its own is called': ['  if (!own) return fn;\n', '  return fn;\n'],
};

const LINK: Rules = {
  'a twin gets `this`': [
    'return start(fn, impl, this, arguments);\n  });\n}\n\n/** {@link link} for a named',
    'return start(fn, impl, undefined, arguments);\n  });\n}\n\n/** {@link link} for a named',
  ],
  'the name of a function is the original in its twin': [
    'return link(fn, implOf(fn));',
    'return link(fn, implOf(undefined as never));',
  ],
  'a default export keeps its name': [
    "  Object.defineProperty(fn, 'name', { value: name, configurable: true });\n",
    '',
  ],
  'a twin of a method gets `this`': [
    '// biome-ignore lint/complexity/noArguments: as in `link`.\n      return start(fn, impl, this, arguments);',
    'return start(fn, impl, undefined, arguments);',
  ],
  '`super` in a twin is that of the class': ['  Object.setPrototypeOf(impls, parent);\n', ''],
  '`super` in a twin follows the class': ['if (now !== parent) {', 'if (fn === undefined) {'],
  'the first twin of a method that is there twice does not count': [
    'impl === undefined || twinOf(fn) !== undefined) continue;',
    'impl === undefined) continue;',
  ],
  'keys are converted once': [
    'return Reflect.ownKeys({ [key as PropertyKey]: 0 })[0] as PropertyKey;',
    'return key as PropertyKey;',
  ],
};

const PROTOCOL: Rules = {
  'objects are boxed': [
    "(typeof value === 'object' && value !== null) || typeof value === 'function' ? new Box(value)",
    "typeof value === 'function' ? new Box(value)",
  ],
  'functions are boxed': [
    "(typeof value === 'object' && value !== null) || typeof value === 'function' ? new Box(value)",
    "typeof value === 'object' && value !== null ? new Box(value)",
  ],
  'boxes are opened': ['return value instanceof Box ? value.value : value;', 'return value;'],
  'a copied link does not count': [
    'to !== undefined && to !== null && to[ORIGIN] === from ? to : undefined',
    'to !== undefined && to !== null ? to : undefined',
  ],
};

const STEPS: Rules = {
  'builtins call the twins of callbacks': [
    'Reflect.apply(twinOf(fn) ?? fn, self, args)',
    'Reflect.apply(fn, self, args)',
  ],
  'builtins wait for callbacks': ['return result === SUSPENDED ? yield take() : result;', 'return result;'],
  'builtins unbox what callbacks return': ['value = unbox(await pending);', 'value = await pending;'],
  'what builtins return is boxed': ['if (step.done) return box(step.value);', 'if (step.done) return step.value;'],
  'builtins see what callbacks throw': [
    'const step = failed ? steps.throw(value) : steps.next(value);',
    'const step = steps.next(value);',
  ],
};

const TRANSFORMER = 'packages/transformer/src/rewrite';
const RUNTIME = 'packages/runtime/src/twin';

/** The rules by the file that they are in. */
export const MUTATIONS: Readonly<Record<string, Rules>> = {
  [`${TRANSFORMER}/calls.ts`]: CALLS,
  [`${TRANSFORMER}/chains.ts`]: CHAINS,
  [`${TRANSFORMER}/classes.ts`]: CLASSES,
  [`${TRANSFORMER}/functions.ts`]: FUNCTIONS,
  [`${TRANSFORMER}/emit.ts`]: EMIT,
  [`${TRANSFORMER}/calleeText.ts`]: CALLEE_TEXT,
  [`${TRANSFORMER}/twice.ts`]: TWICE,
  [`${TRANSFORMER}/rewrite.ts`]: MODULES,
  [`${TRANSFORMER}/context.ts`]: CONTEXT,
  [`${RUNTIME}/callee.ts`]: CALLEE,
  [`${RUNTIME}/link.ts`]: LINK,
  [`${RUNTIME}/protocol.ts`]: PROTOCOL,
  [`${RUNTIME}/steps.ts`]: STEPS,
};

/** The text of a file in which a rule is broken; undefined if what is to be replaced does not stand there once. */
export function broken(text: string, edit: Edit): string | undefined {
  let result = text;
  for (let i = 0; i < edit.length; i += 2) {
    const parts = result.split(edit[i] as string);
    if (parts.length !== 2) return undefined;
    result = parts.join(edit[i + 1]);
  }
  return result;
}
