/**
 * Parameters with calls that may suspend: an asynchronous form takes plain parameters, and binds those of the source in its body, one
 * after the other, because `await` is not allowed among parameters.
 *
 * The names of the body and those of the parameters are in scopes of their own. Where they meet, the body is put into a block, or a function.
 *
 * A generator binds its parameters before a first `yield` that is not the program's: the runtime runs it so far where it is called.
 */
import type { ArrayPattern, Decorator, Expression, Identifier, Node, ObjectPattern } from '@babel/types';
import { hasInertParameters, isSuperCall } from '../syntax/classElements.js';
import { decoratorsOf } from '../syntax/decorators.js';
import { isOpenBody } from '../syntax/lists.js';
import { childrenOf, type FunctionNode, isPattern, spanOf } from '../syntax/nodes.js';
import { visitOwn } from '../syntax/ownNodes.js';
import { meeting, sharedNames } from '../syntax/parameters.js';
import { scanTo } from '../syntax/scan.js';
import { declareApart } from './apart.js';
import type { Code } from './code.js';
import { type Context, freshName, helper, maySuspend, synchronous } from './context.js';
import { emit, emitArgument, emitRange } from './emit.js';
import { declarators, isWrittenOut, type Source, take } from './patterns.js';

export interface BoundParameters {
  /** The plain parameters, between the parentheses. */
  readonly list: Code;
  /** The statement that binds the parameters of the source. */
  readonly bindings: Code;
  /** What stands before and behind the statements of the body, whose names may not be in the way of the parameters. */
  readonly around: readonly [before: string, behind: string];
}

type Parameter = Exclude<FunctionNode['params'][number], { type: 'TSParameterProperty' }>;

/**
 * @param outer the context around the function, to which decorators belong
 * @param inner that of the function's body
 * @returns undefined if no parameter has a call that may suspend, or that may fail where the text stands once
 */
export function bindParameters(node: FunctionNode, outer: Context, inner: Context): BoundParameters | undefined {
  const isBound =
    inner.mode === 'once'
      ? !hasInertParameters(node)
      : node.params.some((param) => maySuspend(param, inner) || initialisesFields(param, inner));
  if (!isBound) return undefined;
  // Parameters that are properties too are set by the code around.
  const params = node.params.map((param) => (param.type === 'TSParameterProperty' ? param.parameter : param));
  const base = freshName(inner.shared, '$p');
  const bound = params.filter((param) => !isThis(param));
  const isGenerator = node.generator === true;
  const nameOf = (param: Parameter): string => {
    const position = bound.indexOf(param);
    return isGenerator && param.type === 'RestElement' ? `[...arguments].slice(${position})` : `${base}${position + 1}`;
  };
  const list = params.flatMap((param, i): Code[] => {
    if (isGenerator && param.type === 'RestElement') return [];
    // Elsewhere the form stands outside the class, where parameters have no decorators.
    const decorators = inner.mode === 'async' ? decoratorsOf(param) : [];
    const code = isThis(param) ? spanOf(param) : plainParameter(param, nameOf(param), inner, decorators, outer);
    return [i === 0 ? code : [', ', code]];
  });
  // Unlike `arguments` of simple parameters, that of others has a life of its own.
  const isSimple = bound.every((param) => param.type !== 'AssignmentPattern' && param.type !== 'RestElement');
  // Parameters are what is evaluated by the call of a generator.
  if (isGenerator) list.push(list.length === 0 ? '' : ', ', `...{ [${helper(inner, 'prepares')}()]: ${base} }`);
  else if (isSimple && inner.mode !== 'once') list.push(`, ...${base}`);
  return {
    list,
    bindings: [bindingsOf(node, bound, nameOf, inner), isGenerator ? ' yield;' : ''],
    around: aroundBody(node),
  };
}

function aroundBody(node: FunctionNode): BoundParameters['around'] {
  switch (meeting(node)) {
    case 'blocked':
      return [' {', '} '];
    case 'hidden': {
      const names = sharedNames(node).join(', ');
      return [` return await (async (${names}) => {`, `})(${names}); `];
    }
    default:
      return ['', ''];
  }
}

function bindingsOf(
  node: FunctionNode,
  params: readonly Parameter[],
  nameOf: (param: Parameter) => string,
  cx: Context,
): Code {
  if (!isOpenBody(node)) {
    const bindings = params.map((param, i) => [i === 0 ? '' : ', ', binding(param, nameOf(param), cx)]);
    return [' let ', bindings, ';'];
  }
  return params.map((param) => {
    const target = targetOf(param);
    return isPattern(target) && isWrittenOut(target, cx)
      ? [
          ' ',
          declareApart(
            'let ',
            (inner) => take(target, { ...sourceOf(param, target, nameOf(param), inner), declares: true }, inner),
            param,
            cx,
          ),
        ]
      : [' let ', binding(param, nameOf(param), cx), ';'];
  });
}

/** Whether a parameter calls `super(...)`, behind which fields are initialised that may suspend. */
function initialisesFields(param: Node, { made }: Context): boolean {
  let calls = false;
  visitOwn(param, param, (node) => {
    calls ||= isSuperCall(node);
  });
  return calls && made?.fields?.suspends === true;
}

/** `this`, of TypeScript. */
export function isThis(param: Node): boolean {
  return param.type === 'Identifier' && param.name === 'this';
}

/**
 * The parameter `name` in the place of one of the source: with its decorators and type, and a default where it has one, which sets the
 * function's `length`.
 */
function plainParameter(
  param: Parameter,
  name: string,
  inner: Context,
  decorators: readonly Decorator[],
  outer: Context,
): Code {
  const target = targetOf(param);
  return [
    decorators.map((decorator) => [emit(decorator, synchronous(outer)), ' ']),
    param.type === 'RestElement' ? '...' : '',
    { text: name, at: target.start as number },
    { start: endOfTarget(target, inner), end: (param.type === 'RestElement' ? param : target).end as number },
    param.type === 'AssignmentPattern' ? ' = void 0' : '',
  ];
}

function binding(param: Parameter, name: string, cx: Context): Code {
  const target = targetOf(param);
  const right = rightOf(param);
  if (right !== undefined && target.type === 'Identifier') {
    // A pattern gives a function its name, as a parameter does.
    const named = emitArgument(right, cx, { name: target.name });
    return ['{ 0: ', emitTarget(target, cx), ' = ', named, ` } = [${name}]`];
  }
  const source = sourceOf(param, target, name, cx);
  if (isPattern(target) && isWrittenOut(target, cx)) return declarators(target, source, cx);
  return [emitTarget(target, cx), ' = ', source.code];
}

function rightOf(param: Parameter): Expression | undefined {
  return param.type === 'AssignmentPattern' ? param.right : undefined;
}

/** What a parameter is given by the plain one called `name`, or its default. */
function sourceOf(param: Parameter, target: Target, name: string, cx: Context): Source {
  const given = target.type !== 'Identifier' && param.type !== 'RestElement' ? checked(param, target, name, cx) : name;
  const right = rightOf(param);
  const text = target.type === 'ObjectPattern' ? right && UNPRINTED : undefined;
  const code: Code = right === undefined ? given : [`${name} === void 0 ? `, emitArgument(right, cx), ' : ', given];
  return { code, text };
}

/** The default of a parameter, as V8 prints it. */
const UNPRINTED = '(intermediate value)'.repeat(3);

/** The value of a parameter that is a pattern. What V8 says of one to which the pattern cannot be applied depends on the text of the parameter. */
function checked(param: Parameter, target: Target, name: string, cx: Context): Code {
  const check = helper(cx, target.type === 'ArrayPattern' ? 'iterable' : 'coercible');
  // It is never evaluated, but `super` may not stand in it.
  const text = cx.made?.inClass === true ? emit(param, synchronous(cx)) : spanOf(param);
  return [`${check}(${name}, (`, text, ') => {})'];
}

type Target = Identifier | ObjectPattern | ArrayPattern;

function targetOf(param: Parameter): Target {
  switch (param.type) {
    case 'AssignmentPattern':
      return param.left as Target;
    case 'RestElement':
      return param.argument as Target;
    default:
      return param as Target;
  }
}

/** What is bound, without its type. */
function emitTarget(target: Target, cx: Context): Code {
  const end = endOfTarget(target, cx);
  return emitRange({ start: target.start as number, end }, childrenOf(target), (child) => emit(child, cx));
}

/** Where the type of a parameter would begin, or the mark that it is optional. */
function endOfTarget(target: Target, cx: Context): number {
  const { text } = cx.shared.module;
  if (target.type === 'Identifier') {
    const name = /(?:[\p{ID_Continue}$\u200c\u200d]|\\u(?:\{[\da-f]+\}|[\da-f]{4}))+/iuy;
    name.lastIndex = target.start as number;
    name.test(text);
    return name.lastIndex;
  }
  const [last, closing] =
    target.type === 'ObjectPattern' ? [target.properties.at(-1), '}'] : [target.elements.findLast(Boolean), ']'];
  return scanTo(text, (last?.end ?? (target.start as number) + 1) as number, closing) + 1;
}
