// biome-ignore-all lint/suspicious/noTemplateCurlyInString: sources are edited as text
/** Rules of constructors and fields. */
import type { Rules } from './rules.js';

export const CONSTRUCTORS: Rules = {
  'a class may be declared before `super(...)`': [
    "if (statement.type === 'ClassDeclaration' && statement.id)",
    "if (statement.type === 'ClassDeclaration' && !statement.id)",
  ],
  '`super.name` that is written to is a place': [
    'if (cx.made.written.has(node)) return',
    'if (cx === undefined) return',
  ],
  'classes are linked to their constructions': [
    "if (functionPlan(cx, ctor ?? body)?.form !== 'twin') return undefined;",
    'return undefined;',
  ],
  'fields that may suspend are initialised apart': ['value && maySuspend(value, cx)', 'value && cx === undefined'],
  'a class installs its private names': [
    "hasOwnElements(body) ? (suspending.size > 0 || isSplit ? 'names' : 'fields') : undefined",
    'undefined',
  ],
  'a class that has to wait only installs names': [
    "suspending.size > 0 || isSplit ? 'names' : 'fields'",
    "isSplit ? 'names' : 'fields'",
  ],
  'keys are kept where fields are defined apart': [
    "return own !== 'fields' && fields.includes(field as Field);",
    'return false;',
  ],
  'a class knows that it extends another': ["if (isDerived) parts.push('derived: true');", ''],
  'a class gets its private names': ['if (own !== undefined) parts.push(`own: "${own}"`);', ''],
  'a class knows how many parameters it has': ['parts.push(`parameters: ${ctor.params.length}`);', ';'],
  'fields come before parameters where they do': ['parts.push(`fieldsFirst: ${fieldsFirst(made)}`);', ';'],
  'parameters that are properties are set where they are given': [
    "made.isSplit ? `; ${fields.call.replace('.fields(', '.properties(')};` : ';'",
    "';'",
  ],
  'a class whose properties are set apart only installs names': [
    "(suspending.size > 0 || isSplit ? 'names' : 'fields')",
    "(suspending.size > 0 ? 'names' : 'fields')",
  ],
  'keys of fields are told': [
    "if (own === 'names') parts.push(['keys: [', keysOf(made, cx).map((key) => [key, ', ']), ']']);",
    '',
  ],
  'fields are initialised': ['if (apart !== undefined) parts.push(apart.method);', ''],
  'fields that may suspend are waited for, before the constructor': [
    'fields.suspends ? suspended(fields.call, ctor.start as number, inner) : fields.call',
    'fields.call',
  ],
  'fields are initialised before the constructor': [
    "if (made.isDerived || fields === undefined) return '';",
    "return '';",
  ],
  'a constructor has the name of its class': ["named({ name: `new ${made.name ?? ''}`.trim() }, form)", 'form'],
  '`super()` may suspend': ["suspends ? 'super' : 'superNow'", "'superNow'"],
  '`super()` is waited for': [
    "const bound = suspends && cx.mode !== 'sync' ? awaited(node, call, at, cx) : call;",
    'const bound = call;',
  ],
  '`super()` initialises fields': ['if (fields === undefined) return bound;', 'return bound;'],
  'fields that may suspend are waited for, after `super()`': [
    "fields.suspends && cx.mode !== 'sync' ? suspended(fields.call, at, cx) : fields.call;",
    'fields.call;',
  ],
  '`delete super.name` fails': ["operator !== 'delete' || cx.made", "operator === 'delete' || cx.made"],
  '`super()` is the object': ['initialised, `, ${newName(cx)}.self)`];', "initialised, ')'];"],
  '`new.target` is that of the construction': [
    "if (node.type === 'MetaProperty' && node.meta.name === 'new') return `${newName(cx)}.target`;",
    '',
  ],
  '`this` is that of the construction': ["node.type === 'ThisExpression' && cx.made.inClass ?", 'cx === undefined ?'],
  '`return` of a class that extends another is checked': [
    'if (cx.made?.isDerived !== true) return undefined;',
    'return undefined;',
  ],
  'a returned sequence stays whole': [
    "argument ? emitArgument(argument, cx) : '', '));']",
    "argument ? emit(argument, cx) : '', '));']",
  ],
  'a receiver is the object in the making': ["return cx.made?.inClass === true ? self(cx) : 'this';", "return 'this';"],
  '`super.name` is that of the construction': [
    "return [`${newName(cx)}.get(`, superKey(node, cx), ')'];",
    'return undefined;',
  ],
  'a missing `super.name()` is named': [
    'superKey(node, cx), `, ${JSON.stringify(text)})`',
    'superKey(node, cx), `, "f")`',
  ],
  'fields between others that wait are initialised in order': [
    '      finishRun();\n      const initial',
    '      const initial',
  ],
  'fields after others that wait are initialised': [
    '    finishRun();\n    if (!made.isSplit)',
    '    if (!made.isSplit)',
  ],
  'keys of fields are those of the class': ['keys.set(key, { ...kept, temporary });', ''],
  'a field with `super` is initialised apart': ["usesSuper ||= type === 'Super';", ';'],
  'a private field is initialised apart': [
    "if (field.type === 'ClassPrivateProperty' || suspending.has(field)) return true;",
    'if (suspending.has(field)) return true;',
  ],
  'a private field has its value': [
    "if (value !== undefined) statements.push(' this.', spanOf(field.key), ' = ', value, ';');",
    '',
  ],
  'a private field without value has had its turn': [
    "initial ?? (made.early.has(field.key.id.name) ? 'void 0' : undefined)",
    'initial',
  ],
  'private fields have no value until their turn': [
    'isEarly ? `${names}.early` :',
    'isEarly && early.size > 99 ? `${names}.early` :',
  ],
  'private fields with a plain value have none until their turn': [
    'if (value && !isEarly && isInert(value))',
    'if (value && isInert(value))',
  ],
  'a computed key of a field is evaluated once': [
    '(cx.keys.get(key)?.temporary ?? spanOf(key))\n      :',
    'spanOf(key)\n      :',
  ],
  'a function in a field has its name': [
    '(valueFor(field) ?? emit(child, inner, hintOf(field, cx)))',
    '(valueFor(field) ?? emit(child, inner))',
  ],
  'a function in a field that is initialised apart has its name': [
    'isAnonymousFunction(node) && !isLinked(cx, node) ? named(hint, code) : code',
    'code',
  ],
  'the value of a field may be a sequence': [
    'const code = emitArgument(value, cx, hint);',
    'const code = emit(value, cx, hint);',
  ],
  'what a class only has to name is not evaluated': [
    "    `${names}.on ? ${isEarly ? `${names}.early` : 'void 0'} : `,\n",
    '',
  ],
  'a constructor that only initialises fields does nothing else': [
    'if (!isDerived) return emitOriginal(ctor, cx, { head, opening: () => ` if (${asks}) return;` });',
    'if (!isDerived) return emitOriginal(ctor, cx, { head });',
  ],
  'a constructor that only initialises fields calls `super()`': [
    'if (call === undefined) return emitOriginal(ctor, cx, { head, opening: () => ` if (${asks}) { super(); return; }` });',
    'if (call === undefined) return emitOriginal(ctor, cx, { head });',
  ],
  'a constructor that only initialises fields returns behind `super()`': [
    '[guardedSuper(call, only, inner), ` if (${only}) return;`]',
    'guardedSuper(call, only, inner)',
  ],
  'arguments of `super()` are not evaluated for fields': [
    'return isInert(argument as Expression) ? code : [`${only} ? void 0 : `, code];',
    'return code;',
  ],
  'spread arguments of `super()` are not evaluated for fields': [
    "return [`...(${only} ? [] : `, emitArgument(argument.argument, cx), ')'];",
    "return ['...(', emitArgument(argument.argument, cx), ')'];",
  ],
  'statements before `super()` are not run for fields': [
    'if (at < position) return leftOut(statement, code, only, inner);',
    'if (at < position) return code;',
  ],
  'declarations before `super()` stay declarations': [
    "if (statement.type !== 'VariableDeclaration') return [`if (!${only}) { `, code, ' }'];",
    "return [`if (!${only}) { `, code, ' }'];",
  ],
  'parameters that are properties are set': [
    "finishRun(parameters, names.map((name) => `, ${name}`).join(''));",
    'finishRun();',
  ],
  'parameters that are properties are defined before fields that wait': [
    'statements.push(` if (${order} !== 2) ${creation}`);',
    '',
  ],
  'parameters that are properties are set behind fields that wait': [
    'if (!made.isSplit) statements.push(defineProperties);',
    'if (!made.isSplit);',
  ],
  'parameters that are properties have no value before fields that wait': ['`, ${order} && ${name}`', '`, ${name}`'],
  'declared functions before `super()` stay declared': [
    "if (statement.type === 'FunctionDeclaration') return code;\n",
    '',
  ],
  'functions before `super()` have their names': [
    'isAnonymousFunction(unwrap(init)) ? named(hint, emit(init, cx)) : emitArgument(init, cx)',
    'emitArgument(init, cx)',
  ],
  'what is destructured before `super()` is anything': [
    "`${only} ? ${helper(cx, 'anything')} : `",
    '`${only} ? void 0 : `',
  ],
  'the arguments of `super()` may be sequences': [
    'const code = emitArgument(argument, cx);\n      return isInert',
    'const code = emit(argument, cx);\n      return isInert',
  ],
  'parameters that are no properties keep their places': [
    'properties.get(position) ?? other(position)',
    "properties.get(position) ?? ''",
  ],
  'a field with a computed key begins at its bracket': [
    "isComputed ? scanTo(cx.shared.module.text, afterDecorators(field), '[') : (key.start as number)",
    '(key.start as number)',
  ],
  'what only implicit constructors of a class wait for is waited for': [
    "if (ctor === undefined && callPlan(cx, body)?.suspends === true) note(cx, 'awaited', body);",
    '',
  ],
  '`super` asks for `this` before its key is evaluated': [
    "return ['(', self(cx), ', ', emitArgument(property, cx), ')'];",
    'return emitArgument(property, cx);',
  ],
};

/** Rules of parameters of which nothing is evaluated. */
export const STOPPED_PARAMETERS: Rules = {
  'computed keys are not evaluated for fields': [
    'new Map(computedKeysIn(param).map(',
    'new Map(computedKeysIn(param).slice(99).map(',
  ],
  'defaults of parameters that are properties are not evaluated for fields': [
    "property?.type === 'AssignmentPattern' && !isInert(property.right)",
    "property?.type === 'AssignmentPattern' && param === undefined",
  ],
  'a class that is the default of a parameter has its name': [
    'isAnonymousFunction(unwrap(node)) ? named({ name }, emit(node, cx)) : emitArgument(node, cx)',
    'emitArgument(node, cx)',
  ],
  'patterns that take all items are given an end': [
    '(endsItself(param) ? [`${position}: `,',
    '(param === undefined ? [`${position}: `,',
  ],
  'a pattern that takes all items is given those that others of it need': [
    "[`${helper(cx, 'few')}(`, itemsFor(pattern.elements, cx), ')']",
    "[`${helper(cx, 'few')}(`, ')']",
  ],
  'properties of a pattern are given what suits them': [
    "[`[${JSON.stringify(names.get(property))}]: `, suiting(property.value, cx), ', ']",
    "''",
  ],
  'the rest of the items may be a pattern': [
    "element.argument.type === 'ArrayPattern' ? itemsFor(element.argument.elements, cx) : ''",
    "''",
  ],
};
