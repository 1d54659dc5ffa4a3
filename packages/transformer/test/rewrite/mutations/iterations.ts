// biome-ignore-all lint/suspicious/noTemplateCurlyInString: sources are edited as text
/** Rules of loops, spread, array patterns and `yield*`. */
import type { Rules } from './rules.js';

export const ITERATIONS: Rules = {
  'a loop waits for its items': [': emitLoop(node, labels, cx);\n', ': [labels, emitPlainLoop(node, cx)];\n'],
  'a loop with labels waits for its items': [
    "if (body.type === 'ForOfStatement') return emitForOf(body, cx, labels);\n",
    "if (body.type === 'ForOfStatement' && !body.await) return emitChildren(node, cx);\n",
  ],
  '`for await` waits for what is not asynchronous': [
    'node.await ? emitForAwait(node, labels, cx)',
    'node.await ? [labels, emitPlainLoop(node, cx)]',
  ],
  '`for await` stays': ['node.await ? emitForAwait(node, labels, cx)', 'node.await ? emitLoop(node, labels, cx)'],
  '`for await` keeps its labels': [
    'iterated.before === undefined ? [labels, loop]',
    'iterated.before === undefined ? [loop]',
  ],
  '`for await` keeps its labels behind what it iterates': [
    "['{ ', iterated.before, labels, loop",
    "['{ ', iterated.before, loop",
  ],
  'what a loop iterates may keep its variables': ['if (names.length === 0) return', 'if (names.length >= 0) return'],
  'variables that closures keep are never initialised': ['; break ${label}; let', '; let'],
  'a loop that does not wait keeps its variables from what it iterates': [
    'if (entangledNames(node).length > 0) return emitLoop(node, labels, cx);\n',
    '',
  ],
  'a loop over keys keeps its variables from what it iterates': [
    '{ before, right } = emitIterated(node, emitIn, cx)',
    '{ before = undefined, right } = { right: emitIn(node.right, cx) }',
  ],
  'a loop that does not wait waits for what it disposes of': [
    '!isTakenApart(node, cx) && !disposing([node.left], cx).disposes',
    '!isTakenApart(node, cx)',
  ],
  'a loop disposes of its items': [
    'return disposed(guarded(statements, left, cx), [left], left, cx);',
    'return guarded(statements, left, cx);',
  ],
  '`for await` ends where waiting tells that it does': [
    "`{ if (${item} === ${helper(cx, 'ENDED')}) break; `",
    "`{ if (!${helper(cx, 'ENDED')}) break; `",
  ],
  '`for await` may iterate a sequence': [
    'const iterated = emitIterated(node, emitArgument, outer);',
    'const iterated = emitIterated(node, emit, outer);',
  ],
  '`for await` tells what it cannot iterate': ['${JSON.stringify(printed)})`', '"")`'],
  'labels stay with their loop': ["    labels,\n    'for (; ',", "    'for (; ',"],
  'a loop lets its iterator know of an early end': ["    ask(`${iteration}.end()`),\n    '; } }',", "    '} }',"],
  'a loop throws what its body throws': [
    '`} } catch (${error}) { ${iteration}.fail(${error}); } finally { `',
    '`} } catch (${error}) { } finally { `',
  ],
  'a loop may assign to what is there': ["isDeclaration ? '' : '('", "''", "${isDeclaration ? '' : ')'}", ''],
  'a loop may take a sequence': [
    '{ before, right } = emitIterated(node, emitArgument, outer)',
    '{ before, right } = emitIterated(node, emit, outer)',
  ],
  'what is no iterable is printed': ["const text = calleeText(node, undefined, '');", "const text = '';"],
  'calls in what is no iterable are printed without parentheses': [
    "const text = calleeText(node, undefined, '');",
    'const text = calleeText(node);',
  ],
  'what is no iterable and called is printed so': [
    "const text = calleeText(node, undefined, '');\n  return isResultOfCall(node)",
    "const text = calleeText(node, undefined, '');\n  return node.type === 'Super'",
  ],
  'a spread argument waits': [
    "if (isOnly) return spread(node, 'collectArguments',",
    "if (cx !== undefined) return emitChildren(node, cx);\n  if (isOnly) return spread(node, 'collectArguments',",
  ],
  'a spread element waits': [
    "return spread(node, 'collect',",
    "if (cx !== undefined) return emitChildren(node, cx);\n  return spread(node, 'collect',",
  ],
  'what is spread stays spread': ["return ['...', awaited(", 'return [awaited('],
  'the last spread argument is printed': [
    "'collectArguments', calleeText(node.argument), cx)",
    "'collectArguments', undefined, cx)",
  ],
  'other spread arguments are not printed': [
    "return spread(node, 'collectArguments', undefined, cx);",
    "return spread(node, 'collectArguments', calleeText(node.argument), cx);",
  ],
  'an array pattern takes no more items than it binds': [
    "'Infinity' : String(elements.length)",
    "'Infinity' : 'Infinity'",
  ],
  'the rest of an array pattern takes all items': [
    "'Infinity' : String(elements.length)",
    'String(elements.length) : String(elements.length)',
  ],
  '`yield*` waits': [
    'if (!node.delegate || !argument || !isAwaited(node, cx)) return emitPlainYield(node, cx);',
    'return emitChildren(node, cx);',
  ],
  '`yield*` of an async generator waits': [
    "if (cx.mode !== 'generator') {",
    "if (cx.mode !== 'generator') return emitChildren(node, cx);\n  {",
  ],
  'what an async generator delegates to may be a sequence': [
    "[`${helper(cx, name)}(`, emitArgument(argument, cx), ')']",
    "[`${helper(cx, name)}(`, emit(argument, cx), ')']",
  ],
  'a helper in a generator knows who runs it': ['if (run !== undefined) return `, ${printed}, ${run})`;', ''],
  'patterns in the body of a loop that does not wait are its own': [
    'child === node.body ? emitLoopBody(node.body, cx) : emit(child, cx)',
    'emit(child, cx)',
  ],
  'what a declaration destructures is printed': ['node.type)) return iterableText(node);', "node.type)) return '';"],
  'what a declaration calls is printed if it is a name': [
    "return node.callee.type === 'Identifier' ? node : firstCall(node.callee);",
    'return node;',
  ],
  'a declaration that begins with a call says what is called': ['return firstCall(node.object);', 'return undefined;'],
  'an operation that begins with a call says what is called': ['return firstCall(node.left);', 'return undefined;'],
  'parentheses are no beginning of a call': ['  if (isParenthesized(node)) return undefined;\n  switch', '  switch'],
  'heads of loops may suspend': [
    'if (!isTakenApart(node, cx) && !disposing([node.left], cx).disposes) return',
    'if (!disposing([node.left], cx).disposes) return',
  ],
  'heads of loops that wait may suspend': ["takeItem(node.left, item, '.for', cx) ??", ''],
  'what is spread into an object may suspend': ['if (isAccessed(node, cx)) return emitCopy(node, cx);\n', ''],
  'what is spread among other arguments is printed as what has been called': [
    'if (called === undefined) return',
    'if (called !== null) return',
  ],
  'what an awaiting loop cannot iterate is printed': [
    'if (!isPrintedOtherwise(right, cx)) return emit(right, cx);',
    'if (cx !== undefined) return emit(right, cx);',
  ],
  'an async generator delegates to what V8 takes for a call': ['if (isPlain) return', 'if (node) return'],
  'what is a value and no result is described': [
    "helper(cx, isDescribed ? 'delegateTo' : 'delegate')",
    "helper(cx, isDescribed ? 'delegate' : 'delegate')",
  ],
  'an assignment in the head of a loop fails as one': ['`${iteration}.item`', '`${iteration}.value`'],
};
