// biome-ignore-all lint/suspicious/noTemplateCurlyInString: sources are edited as text
/** Rules of parameters that are bound in the body. */
import type { Rules } from './rules.js';

export const PARAMETERS: Rules = {
  'fields that a parameter initialises by `super()` are waited for': ['|| initialisesFields(param, inner)', ''],
  'a parameter that calls `super()` is checked all the same': [
    'cx.made?.inClass === true ? emit(param, synchronous(cx)) : spanOf(param)',
    'spanOf(param)',
  ],
  'parameters with calls that may suspend are bound in the body': [
    'if (!isBound) return undefined;',
    'return undefined;',
  ],
  '`arguments` of a function with simple parameters stays apart': [
    "if (isSimple && inner.mode !== 'once') list.push(`, ...${base}`);",
    '',
  ],
  'parameters are bound in order': ['params.map((param, i) => [', '[...params].reverse().map((param, i) => ['],
  'a generator says that its parameters are bound': ["isGenerator ? ' yield;' : ''", "''"],
  'patterns of parameters whose body may not be put into a block stay open between names': [
    'if (!isOpenBody(node)) {',
    'if (node !== undefined) {',
  ],
  'a generator tells that it has parameters to bind': [
    "`...{ [${helper(inner, 'prepares')}()]: ${base} }`",
    '`...${base}`',
  ],
  'the parameter of a generator that takes the rest does': [
    "isGenerator && param.type === 'RestElement' ? `[...arguments].slice(${position})`",
    "isGenerator && param.type === 'RestElement' ? `[...arguments]`",
  ],
  'names of the body hide those of parameters': [
    'return [` return await (async (${names}) => {`, `})(${names}); `];',
    "return [names && '', ''];",
  ],
  'names of the body that a block keeps hide those of parameters': ["return [' {', '} '];", "return ['', ''];"],
  'a parameter with a default does not count': ["param.type === 'AssignmentPattern' ? ' = void 0' : ''", "''"],
  'the rest of the parameters stays so': ["    param.type === 'RestElement' ? '...' : '',\n", ''],
  'what cannot be destructured fails': [
    "target.type !== 'Identifier' && param.type !== 'RestElement' ? checked(param, target, name, cx) : name",
    'name',
  ],
  'a default is for undefined only': ['`${name} === void 0 ? `', '`${name} == null ? `'],
  'a default names a function': ['emitArgument(right, cx, { name: target.name })', 'emitArgument(right, cx)'],
  'a default that is a sequence stays whole': [
    '`${name} === void 0 ? `, emitArgument(right, cx),',
    '`${name} === void 0 ? `, emit(right, cx),',
  ],
  'a default is evaluated if it is needed': [
    "['{ 0: ', emitTarget(target, cx), ' = ', named, ` } = [${name}]`]",
    "[emitTarget(target, cx), ' = (($0, $1) => $0 === void 0 ? $1 : $0)(', name, ', ', named, ')']",
  ],
  'a name may hold any letter': ['[\\p{ID_Continue}$\\u200c\\u200d]', '[\\w]'],
  'a pattern of an iterable is told apart': [
    "target.type === 'ArrayPattern' ? 'iterable' : 'coercible'",
    "'coercible'",
  ],
  'patterns of parameters may suspend': [
    'if (isPattern(target) && isWrittenOut(target, cx)) return declarators(target, source, cx);',
    '',
  ],
  'a default of a parameter that is a pattern is printed': [
    "target.type === 'ObjectPattern' ? right && UNPRINTED : undefined",
    'undefined',
  ],
  'a default of a parameter that is a pattern is not printed as it stands': [
    "'(intermediate value)'.repeat(3)",
    "'(intermediate value)'",
  ],
};

export const PARAMETER_CHECKS: Rules = {
  'undefined and null have no properties to destructure': [
    'if (value === undefined || value === null) fail(value as never);\n',
    '',
  ],
  'what is not iterable fails as itself': [
    'if (value === undefined || value === null || !(Symbol.iterator in Object(value))) fail(value as never);\n',
    '',
  ],
};
