// biome-ignore-all lint/suspicious/noTemplateCurlyInString: sources are edited as text
/** Rules of calls. */
import type { Rules } from './rules.js';

export const CALLS: Rules = {
  'what a suspended call resolves to is unboxed': ["return `${helper(cx, 'unbox')}(await ", 'return `(await '],
  'a suspended call is waited for': [
    '=== ${suspended} ? ${continuation(cx)} : ${result})`',
    ', ${suspended}, ${result})`',
  ],
  'a result is not awaited where nothing suspended': [': ${result})`, at }];', ': await ${result})`, at }];'],
  'frames say who they are when they suspend': ["cx.shared.plan.tells ? `${ownFrame(cx)}, true` : '';", "'';"],
  'a call that may suspend is written so': ['if (suspends) return awaited(node, call, positionOf(callee), cx);', ''],
  'the twin of a function is looked up where the call may suspend': [
    "{ text: suspends ? lookup(cx, 'callee', node) :",
    '{ text:',
  ],
  'the twin of a function is not looked up where the call may not suspend': [
    "`${helper(cx, 'registrar')}(`, at: node.start",
    "lookup(cx, 'callee', node), at: node.start",
  ],
  'a sequence that is called stays one argument': [
    '        emitArgument(callee, cx),\n        isKnownFunction',
    '        emit(callee, cx),\n        isKnownFunction',
  ],
  'a function that is missing is named': [
    '`, ${JSON.stringify(calleeText(callee))})(`,\n        args.code,',
    '`, "f")(`,\n        args.code,',
  ],
  'a method that is missing is named': ['const text = JSON.stringify(calleeText(callee));', 'const text = \'"f"\';'],
  'a method keeps its receiver': ['    receiver.self,\n', "    'undefined',\n"],
  'the twin of a method is looked up where the call may suspend': [
    "{ text: suspends ? lookup(cx, 'method', node) :",
    '{ text:',
  ],
  'the twin of a method is not looked up where the call may not suspend': [
    "`${helper(cx, 'methodRegistrar')}(`, at }",
    "lookup(cx, 'method', node), at }",
  ],
  'a method with a `call` of its own is called like any other': [
    "suspends ? lookup(cx, 'method', node) : `${helper(cx, 'methodRegistrar')}(`",
    "suspends ? lookup(cx, 'callee', node) : `${helper(cx, 'registrar')}(`",
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
    "return { code: [`(${self} = `, holder, ')', access], self };",
    "return { code: [`(${self} = `, holder, ', ', holder, ')', access], self };",
  ],
  'a receiver that is a sequence stays whole': [
    'const held = emitArgument(object, cx);',
    'const held = emit(object, cx);',
  ],
  'a private field that is called may have no value yet': [
    "const holder = property.type === 'PrivateName' ? holderOf(property.id.name, held, cx) : held;",
    'const holder = held;',
  ],
  'a private field that is no function is called by its name': [
    'const isEarly = isEarlyOfName(callee, cx);',
    'const isEarly = false;',
  ],
  'a private method that is called has its twin': [
    "property.type === 'PrivateName' ? linkedPrivate(property.id.name, emitArgument(object, cx), cx) : undefined;\n    if",
    'undefined as ReturnType<typeof linkedPrivate>;\n    if',
  ],
  'a private method is linked to its own twin': [
    '`).#${name}, ${self}.#${twin.name})`',
    '`).#${name}, ${self}.#${name})`',
  ],
  'the object of a private method is evaluated once': [
    '`, object, `).#${name}, ${self}.#${twin.name})`',
    '`, object, `).#${name}, `, object, `.#${twin.name})`',
  ],
  'a key that is a sequence stays one argument': [
    'const key = callee.computed ? emitArgument(property, cx)',
    'const key = callee.computed ? emit(property, cx)',
  ],
  'arguments are rewritten, too': [
    'node.arguments, (child) =>\n    emitPassed(child, node, cx),',
    'node.arguments, (child) => spanOf(child),',
  ],
  'type arguments are no arguments': [
    '(node.typeParameters?.end ?? typeArgumentsEnd(node) ?? node.callee.end) as number;\n  const open',
    'node.callee.end as number;\n  const open',
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
  '`new` tells of its callee as the program has it': ['&& !isPrintedOtherwise(node.callee, cx)', ''],
  'making an object may suspend': [
    "if (suspends) return awaited(node, [{ text: lookup(cx, 'creator', node), at }, callee, '(', args], at, cx);",
    '',
  ],
  'a value in a template that is a sequence stays one argument': [
    "[', ', emitArgument(value, cx)]",
    "[', ', emit(value, cx)]",
  ],
  'both forms of a function give a tag the same strings': [
    'if (!isCalled && !cx.shared.implied.has(node) && ofSuper === undefined) return emitChildren(node, cx);',
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
    "return ['(', ofSuper ?? emitRange(tag,",
    "return ['((0, ', ofSuper ?? emitRange(tag,",
    "(child) => emit(child, cx)), '(', args.code, ')'];",
    "(child) => emit(child, cx)), ')(', args.code, ')'];",
  ],
  'a generator waits by yielding': [
    'if (run !== undefined) return `${run}.resume',
    'if (run === null) return `${run}.resume',
  ],
  'a spread argument may wait': ["return child.type === 'SpreadElement'", "return child.type === 'Super'"],
  '`super()` of a construction is its own': [
    "if (node.callee.type === 'Super' && cx.made?.inClass === true) return emitSuperCall(node, cx.made, cx);",
    '',
  ],
  '`super.m()` of a construction is called as its own': [
    "if (ofSuper !== undefined) return [ofSuper, '(', emitArguments(node, cx)];",
    '',
  ],
  'a tag `super.m` of a construction is called as its own': [
    'isCalled ? undefined : emitSuperMethod(unwrap(node.tag), calleeText(node.tag), cx)',
    'undefined as Code | undefined',
  ],
  '`new` may stand without parentheses': [
    "if (open === undefined) return ')'; // `new C`",
    "if (open === undefined) return '';",
  ],
  'what a getter returns is called as what may suspend': ['|| isAccessedMember(callee, cx)', ''],
  'the receiver of what a getter returns is kept': [
    'return { code: readFrom(callee, [`${self} = `, emitArgument(object, cx)], cx), self };',
    "return { code: readFrom(callee, emitArgument(object, cx), cx), self: 'undefined' };",
  ],
  'a private method that is written once is called by who runs it': [
    "if (twin?.link !== 'linkOnce') return undefined;",
    'if (cx !== undefined) return undefined;',
  ],
  'a private method that is written once has its receiver': [
    '`.#${twin.name}, ${self}`',
    '`.#${twin.name}, undefined`',
  ],
  'a variable that something assigns to is evaluated once': [
    "node.type === 'Identifier' && constants(shared).unassigned.has(node.name)",
    "node.type === 'Identifier'",
  ],
  'what passes a function on says what has been called': [
    'return isCaller(property) &&',
    'return false && isCaller(property) &&',
  ],
  'a private method that is constructed is not linked': [
    'if (isPrivateMember(callee)) return emitParts(callee, cx);',
    '',
  ],
  'what is constructed is no call of a helper': ["? ['(', emit(callee, cx), ')']", '? emit(callee, cx)'],
};
