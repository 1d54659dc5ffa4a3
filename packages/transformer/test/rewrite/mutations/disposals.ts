// biome-ignore-all lint/suspicious/noTemplateCurlyInString: sources are edited as text
/** Rules of declarations with `using`, and of the helper that disposes of what they declare. */
import type { Rules } from './rules.js';

export const DISPOSALS: Rules = {
  'originals leave it to the language': [
    "if (cx.mode === 'sync' || node?.type !== 'VariableDeclaration'",
    "if (node?.type !== 'VariableDeclaration'",
  ],
  "declarations among these are the runtime's": [
    "return disposes && node.type === 'VariableDeclaration' && isDisposed(node);",
    "return disposes && node.type === 'VariableDeclaration' && node.kind === 'using';",
  ],
  'functions keep the names of their variables': [
    'isAnonymousFunction(unwrap(part)) ? named({ name: id.name }, value) : value',
    'value',
  ],
  '`await using` looks for another method': ["kind === 'using' ? 'use' : 'useAsync'", "'use'"],
  'an item of a loop is held': ["' = ', held(left, item, cx)];", "' = ', item];"],
  'what fails in the block is told': ['`} ${fails} finally { `', '`} finally { `'],
  'a block is left when all is disposed of': ["    end,\n    ' } ',", "    ' } ',"],
  '`await using` waits': ["it.kind === 'await using'", "it.kind === 'using'"],
  'what fails while it waits is told': ['try { await ${name}.value; } ${fails}`', 'await ${name}.value;`'],
  'what is disposed of is asked by who runs the generator': ["(${runOf(cx) ?? ''}); try {`", '(); try {`'],
};

export const DISPOSAL_HELPERS: Rules = {
  'what is none is left out': ['    if (value === null || value === undefined) return value;\n    this', '    this'],
  'methods are read where variables are declared': [
    "method: requiredMethod(value, dispose), waits: 'no' });",
    "method: (() => requiredMethod(value, dispose).call(value)) as Callable, waits: 'no' });",
  ],
  'what is none is waited for': [
    "method: undefined, waits: 'for nothing'",
    "method: undefined, waits: 'no'",
    '        this.#owesWait = true;\n',
    '',
  ],
  'the method of its own comes first': [
    'const method = own ?? requiredMethod(value, dispose);',
    'const method = requiredMethod(value, dispose);',
  ],
  'what the method of `using` returns is not waited for': [
    "this.value = waits === 'for nothing' ? undefined : result;",
    'this.value = result;',
  ],
  'errors hold those before': ['this.#failure === undefined ? error : suppressed(error, this.#failure.error)', 'error'],
  'the last one is the first to go': [
    'for (let resource = this.#resources.pop(); resource !== undefined; resource = this.#resources.pop())',
    'for (let resource = this.#resources.shift(); resource !== undefined; resource = this.#resources.shift())',
  ],
  'the others are disposed of where one fails': [
    '          this.fail(error);\n          continue;',
    '          throw error;',
  ],
  'a block fails where something in it has': ['if (this.#failure !== undefined) throw this.#failure.error;', ''],
  'who cannot wait calls the method itself': ['Reflect.apply(isAwaited ?', 'Reflect.apply(true ?'],
  'who waits is asked before the first suspends': [
    'Reflect.apply(isAwaited ?',
    'Reflect.apply(this.#run === undefined || this.#run.isAwaited ?',
  ],
  'others are waited for': ['(twinToCall(method) ?? method)', 'method'],
  'what is no object cannot be declared': ['  if (isObject(value)) return value;\n', '  return value as object;\n'],
  'what has no method cannot be declared': [
    '  if (method === undefined) throw notCallable(String(key));\n  return method;',
    '  return method as Callable;',
  ],
};
