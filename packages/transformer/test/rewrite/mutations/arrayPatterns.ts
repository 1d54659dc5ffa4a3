// biome-ignore-all lint/suspicious/noTemplateCurlyInString: sources are edited as text
/** Rules of array patterns that are closed where something fails. */
import type { Rules } from './rules.js';

export const ARRAY_PATTERNS: Rules = {
  'what fails among patterns is told': ['{ ${name}.fail(${error}); } finally', '{ } finally'],
  'patterns that are open are ended': ['    suspended(`${name}.end()`, node.start as number, cx),\n', ''],
  'patterns are asked by who runs the generator': ["(${runOf(cx) ?? ''})`", '()`'],
  'patterns in the body of a loop have a place': [
    "[{ text: '{', at: spanOf(body).start }, guarded(code, body, cx), '}']",
    'code',
  ],
};

/** Rules of statements that may not be put into a block together. */
export const APART: Rules = {
  'a statement with patterns has a block of its own': [
    "return cx.patterns.isUsed ? [{ text: '{', at: statement.start as number }, guarded(code, statement, cx), '}'] : code;",
    'return code;',
  ],
  'patterns of a statement are its own': ['const cx = together(outer);', 'const cx = outer;'],
  'patterns of a declaration stay open between names': ['`; ${name}.keep(); `', '`; `'],
  'names are declared one after the other': [
    '    code.push(head, target, ` = ${held}; `);\n      before = [];',
    '    code.push(head, target, ` = ${held}; `);',
  ],
  'patterns of a declaration are closed': [
    "if (before.length > 0) code.push(tried([' ', before], name, node, cx));",
    '',
  ],
  'what a declaration is initialised with may have patterns': [
    '/^(VariableDeclarator|',
    '/^(AssignmentExpression|VariableDeclarator|',
  ],
  'a declaration without patterns stays': [
    "return [{ text: head, at: declarator.start as number }, code, '; '];",
    "return '';",
  ],
};

/** Rules of patterns whose names are seen before all are bound. */
export const SEEN_PATTERNS: Rules = {
  'variables are there before their declaration': ["if (kind === 'variable' || ", 'if ('],
  'functions that are declared are there before': [
    "(inner.type === 'FunctionDeclaration' || isExport(inner))",
    'isExport(inner)',
  ],
  'functions that are made before see names': [
    '(inner.start as number) < (pattern.end as number)',
    'pattern === inner',
  ],
};

/** Rules of the helper by which these patterns take their items. */
export const DESTRUCTURING: Rules = {
  'patterns that are kept are open until they are closed': ['      this.#isKept = false;\n', ''],
  'the rest is taken by who runs the generator, also after the first item': [
    '    iteration.isWaitedFor = this.#isAwaited;\n',
    '',
  ],
  'patterns are ended by who runs the generator': ['      iteration.isWaitedFor = isAwaited;\n', ''],
  'a pattern waits for its iterator': ['if (opened === SUSPENDED)\n', 'if (opened === SUSPENDED && take())\n'],
  'a pattern waits for its items': [
    'if (found === SUSPENDED) return suspend(take().then((isItem) => box(isItem ? iteration.value : undefined)));',
    'if (found === SUSPENDED) take();',
  ],
  'an item that is waited for is not flattened': [
    'box(isItem ? iteration.value : undefined)',
    'isItem ? iteration.value : undefined',
  ],
  'there is nothing behind the last item': ['return found ? iteration.value : undefined;', 'return iteration.value;'],
  'there is nothing behind the last item that is waited for': [
    'isItem ? iteration.value : undefined',
    'iteration.value',
  ],
  'an item that is passed over is not read': ['step(false)', 'step(true)'],
  'a pattern ends once': ['    this.#patterns.pop();\n    return iteration.end();', '    return iteration.end();'],
  'patterns end from the innermost on': [
    'let iteration = this.#patterns.pop(); iteration',
    'let iteration = this.#patterns.shift(); iteration',
  ],
  'what fails goes before what iterators throw in their ends': ['iteration.fail(this.#failure.error);', ''],
  'an iterator may throw in its end': ['        this.#failure = { error };\n      }', '      }'],
  'what fails is thrown where patterns are open': [
    'if (this.#failure !== undefined) throw this.#failure.error;\n    return undefined;\n  }\n\n  get #isAwaited',
    'return undefined;\n  }\n\n  get #isAwaited',
  ],
  'what fails is thrown where no pattern is open': [
    'if (this.#patterns.length > 0) return run(this.#close(this.#isAwaited));\n    if (this.#failure !== undefined) throw this.#failure.error;',
    'if (this.#patterns.length > 0) return run(this.#close(this.#isAwaited));',
  ],
};
