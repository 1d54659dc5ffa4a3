// biome-ignore-all lint/suspicious/noTemplateCurlyInString: sources are edited as text
/** Rules of functions that are written once. */
import type { Rules } from './rules.js';

export const ONCE: Rules = {
  'a method of a stream is written twice': ['      !known.streamMethod &&\n', ''],
  'a function that uses `arguments.callee` is written twice': ['      !known.isCallee &&\n', ''],
  'a section is written twice': ['      !sections.has(node) &&\n', ''],
  'a function that is declared by no list of statements is written twice': [
    'declared.has(node) && Boolean(node.id)',
    'Boolean(node.id)',
  ],
  'a function without a name is written twice': ['declared.has(node) && Boolean(node.id)', 'declared.has(node)'],
  'a private method that somebody takes is written twice': [
    "(node.type !== 'ClassPrivateMethod' || !mayBeTaken(node.key.id.name)) &&\n",
    '',
  ],
  'a private method may be called by what is evaluated': ['hasEval || taken.has(name)', 'taken.has(name)'],
  'a private method that somebody takes is known': ['else taken.add(name);', ''],
  'a private method keeps an original for calls that stay': [
    '|| unsure.has(node.key.id.name)) continue;',
    ') continue;',
  ],
  'a private method keeps an original for functions that are written twice': [
    "within.every((node) => formOf(node) === 'once');",
    'within.length > 0;',
  ],
  'a private method keeps an original for fields': ['isFunction(node) || isInitialiser(node) ?', 'isFunction(node) ?'],
  'a generator is written twice': ['    node.generator === true ||\n', ''],
  'a function that makes classes with static elements is written twice': ['    makesClassesWithStatics(node) ||\n', ''],
  'a function that uses `arguments` is written twice': ["node.name === 'arguments' && !isArrow", "node.name === ''"],
  'a function that uses `new.target` is written twice': ["node.meta.name === 'new'", "node.meta.name === ''"],
  'a method that reads a property of `super` is written twice': [
    "(isMember(node) && node.object.type === 'Super' && !isCallee(node, parent))",
    'isMember(parent) && node === parent',
  ],
  'a function expression with a name is written twice': ['return !node.id;', 'return true;'],
  'a method with `super` of an object literal is written twice': [
    "return node.kind === 'method' && !usesSuper(node);",
    "return node.kind === 'method';",
  ],
  'a method with a key that is computed is written twice': [
    'name === undefined || method.computed',
    'name === undefined',
  ],
  'a method whose place another one takes is written twice': [
    'return isFixedKey(other) && nameOf(other) !== name;',
    'return isFixedKey(other);',
  ],
  'a method whose place a computed key may take is written twice': [
    'return isFixedKey(other) && nameOf(other) !== name;',
    'return nameOf(other) !== name;',
  ],
  'a method of a class with decorators is written twice': [
    "node.kind === 'method' && !isDecoratedClass(parent, grandparent) && isReplaceable",
    "node.kind === 'method' && isReplaceable",
  ],
  'a function that declares a name twice is written twice': ['    !fitsInBlock(node) ||\n', ''],
  'a function that declares the name of a parameter is written twice': ["meeting(node) !== 'apart'", 'node === parent'],
  'a body that a parameter would hide from does not tell what it comes to': [
    "(!isBound || ['apart', 'blocked'].includes(meeting(node)))",
    'isBound !== undefined',
  ],
  'a function that waits before it returns waits itself': ['return !waits;', 'return true;'],
  'a function that makes what is silent for a turn waits itself': [' && !plan.made.has(key)', ''],
  'a function that may return something else waits itself': ['if (mayRevoke(node)) return false;\n', ''],
  'what a function returns in a `try` may be revoked': ["node.type === 'TryStatement' || ", ''],
};

export const CALL_HELPERS: Rules = {
  'parameters may call functions': ['    shared.calling = outer;\n', '    shared.calling = undefined;\n'],
  'what has been waited for is unboxed': ['this.it = unbox(result);', 'this.it = result;'],
  'what a call has returned is kept': ['    this.it = result;\n', ''],
  'a function that has waited is waited for': ['    this.p = take(this);\n', '    take(this);\n'],
  'what a function returns without waiting is known at once': ['    this.returned = value;\n', ''],
  'what a function returns after waiting is boxed': ['return box(value);', 'return value;'],
  'what a call has returned may be returned': ['return this.box(this.it);', 'return this.box(undefined);'],
  'what is thrown without waiting is thrown at once': ['if (call.e !== NONE) throw call.e;', ''],
  'undefined may be thrown': ['if (call.e !== NONE)', 'if (call.e !== NONE && call.e !== undefined)'],
  'what does not tell what it has come to is waited for': [
    '  if (call.isTold) return ended(call, returned, course);\n',
    '  if (call !== undefined) return ended(call, returned, course);\n',
  ],
  'a body that cannot tell is waited for': ['return new Call(true, true, SETTLED);', 'return new Call(true, true);'],
};

export const ONCE_HELPERS: Rules = {
  'a function that waits for nothing returns what it returns': [
    '    this.returned = result;\n    return result;',
    '    return result;',
  ],
  'a private method cannot wait where its caller cannot': [
    'return this.isAwaited ? invokeAwaited(impl, self, args) : now(impl, self, args);',
    'return invokeAwaited(impl, self, args);',
  ],
  'a private method waits where its caller can': [
    'return this.isAwaited ? invokeAwaited(impl, self, args) : now(impl, self, args);',
    'return now(impl, self, args);',
  ],
  'a function gets one argument': ['return impl.call(self, run, args[0]);', 'return impl.call(self, run);'],
  'a function gets two arguments': ['impl.call(self, run, args[0], args[1]);', 'impl.call(self, run, args[0]);'],
  'a function gets three arguments': [
    'impl.call(self, run, args[0], args[1], args[2]);',
    'impl.call(self, run, args[0], args[1]);',
  ],
  'a function gets all arguments': [
    'return Reflect.apply(impl, self, withRun(run, args));',
    'return Reflect.apply(impl, self, [run]);',
  ],
  'a function knows that it may wait': [
    'const run = new Once(true);\n      const { length: given } = args;',
    'const run = new Once(false);\n      const { length: given } = args;',
  ],
  'a private method knows that it may wait': [
    'const run = new Once(true);\n  return ended(run, invoke(run, impl, self, args), course);',
    'const run = new Once(false);\n  return ended(run, invoke(run, impl, self, args), course);',
  ],
  'the only text of a function has its name': [
    "if (impl.name !== fn.name) Object.defineProperty(impl, 'name', { value: fn.name, configurable: true });",
    '',
  ],
  'a function has the length of its only text': [
    "if (length !== fn.length) Object.defineProperty(fn, 'length', { value: length, configurable: true });",
    '',
  ],
  'the first argument does not count': ['const length = impl.length - 1;', 'const { length } = impl;'],
  'functions that are declared are linked each to its own': ['i + 1 < pairs.length', 'i + 3 < pairs.length'],
  'a function gets `this` from those who can wait': [
    'impl.call(this, run, args[0])\n',
    'impl.call(undefined, run, args[0])\n',
  ],
  'a method gets `this` from those who cannot wait': [
    '    [key](this: unknown) {\n      // biome-ignore lint/complexity/noArguments: as in `linked`.\n      return now(impl, this',
    '    [key](this: unknown) {\n      // biome-ignore lint/complexity/noArguments: as in `linked`.\n      return now(impl, undefined',
  ],
  'a function gets `this` from those who cannot wait': [
    '    [name]: function (this: unknown) {\n      // biome-ignore lint/complexity/noArguments: as in `linked`.\n      return now(impl, this',
    '    [name]: function (this: unknown) {\n      // biome-ignore lint/complexity/noArguments: as in `linked`.\n      return now(impl, undefined',
  ],
  'methods of classes stay in their place': [
    'Object.defineProperty(target, key, { value: linked(originalOf(impl, key), impl) });',
    'Object.defineProperty(target, key, { value: linked(originalOf(impl, key), impl), enumerable: true });',
  ],
};

export const CONSTANTS: Rules = {
  'a name to which something is assigned may be anything': ['!assigned.has(name) && !', '!'],
  'what another module exports may change': [' && !(declared.get(name) as Node[]).some(isImport)', ''],
  'parameters may change by way of `arguments`': ['/\\b(arguments|eval)\\b/.test(words) ? [] : [', '['],
  'each declaration of a name counts': [
    '(declared.get(name) as Node[]).every((node) => isFunctionAlways',
    '(declared.get(name) as Node[]).some((node) => isFunctionAlways',
  ],
  'a variable is no function before it is reached': [
    "node.kind === 'var' ? [] : node.declarations",
    'node.declarations',
  ],
  'a function in a block is none before the block': [
    'return isFunction(node) && node.body',
    "if (node.type === 'BlockStatement') return declaredFunctions(node);\n  return isFunction(node) && node.body",
  ],
  'a parameter may have the name of its function': [
    'node.id?.name === name && !node.params.flatMap(boundNames).includes(name)',
    'node.id?.name === name',
  ],
  'the variable of a catch clause has a name': ['node.param ? boundNames(node.param) : []', '[]'],
  'parameters have names': [', ...node.params.flatMap(boundNames)]', ']'],
  'a variable without a value is no function': [
    '|| !node.init) return false;\n  return isFunction(unwrap(node.init));',
    ') return false;\n  return true;',
  ],
};
