/** Decorators: they are called where their class is defined, with what they decorate, and may replace it. */
import type { Decorator } from '@babel/types';
import { decoratorsOf } from '../syntax/decorators.js';
import { spanOf } from '../syntax/nodes.js';
import { value } from './expressions.js';
import { addCall, type Extraction, flow, from, join, load, type Place, vertex } from './extraction.js';
import type { Vertex } from './facts.js';
import { memberPath } from './names.js';

export interface Decorated {
  /** The decorators, outermost first, with what they evaluate to. */
  readonly decorators: readonly { readonly node: Decorator; readonly vertex: Vertex }[];
  readonly at: Place;
}

/** The decorators of a class, member or parameter. */
export function visitDecorators(x: Extraction, node: object, outer: Place): Decorated {
  const at = { ...outer, barrier: outer.barrier ?? 'decorator' };
  const decorators = decoratorsOf(node).map((decorator) => ({
    node: decorator,
    vertex: value(x, decorator.expression, at),
  }));
  return { decorators, at };
}

/**
 * Calls the decorators of a method: those of the standard get the function, those of TypeScript's older kind a property descriptor.
 *
 * @param self what holds the method, under `key`
 */
export function decorateMethod(
  x: Extraction,
  decorated: Decorated,
  method: Vertex,
  self: Vertex,
  key: string | undefined,
): void {
  if (decorated.decorators.length === 0) return;
  // Each decorator gets what those further in have made of the method.
  const made = join(x, [method]);
  // The name under which a property descriptor has it.
  const held = { name: 'value', value: made };
  x.facts.stores.push(
    { object: undefined, property: held.name, value: made },
    { object: self, property: key, value: made },
  );
  const descriptor = from(x, { kind: 'object', index: x.facts.objects.push([held]) - 1 });
  for (const result of callDecorators(x, decorated, [join(x, [made, self]), vertex(x), descriptor])) {
    for (const replacement of [result, load(x, result, held.name)]) flow(x, replacement, made);
  }
  flow(x, load(x, descriptor, held.name), made);
}

/** The functions of an accessor; undefined where there is none, or where only decorators make it. */
export interface AccessorFunctions {
  readonly get: Vertex | undefined;
  readonly set: Vertex | undefined;
}

/**
 * Calls the decorators of an accessor: those of the standard get its function, those of the older kind a property descriptor with getter and
 * setter. What they return is defined in its place.
 *
 * @param own the decorated function; undefined for `accessor x`, of which decorators get both
 * @param self what holds the accessor, under `key`
 */
export function decorateAccessor(
  x: Extraction,
  decorated: Decorated,
  functions: AccessorFunctions,
  own: 'get' | 'set' | undefined,
  self: Vertex,
  key: string | undefined,
): void {
  if (decorated.decorators.length === 0) return;
  const joined = (fn: Vertex | undefined) => join(x, fn === undefined ? [] : [fn]);
  const made = { get: joined(functions.get), set: joined(functions.set) };
  const held = (['get', 'set'] as const).map((name) => ({ name, value: made[name] }));
  const descriptor = from(x, { kind: 'object', index: x.facts.objects.push(held) - 1 });
  // What a decorator writes to the descriptor, of which is known only that it is written to such a property.
  const changed = from(x, { kind: 'object', index: x.facts.objects.push([]) - 1 });
  const target = join(x, [own === undefined ? descriptor : made[own], self]);
  for (const result of callDecorators(x, decorated, [target, vertex(x), descriptor])) {
    if (own !== undefined) flow(x, result, made[own]);
    else x.facts.replacements.push(load(x, result, 'init'));
    for (const name of ['get', 'set'] as const) flow(x, load(x, result, name), made[name]);
  }
  for (const defined of [descriptor, changed]) define(x, decorated, [self, vertex(x), defined], key);
}

/** A property is defined anew, with a descriptor. */
function define(x: Extraction, { decorators, at }: Decorated, args: readonly Vertex[], key: string | undefined): void {
  const [last] = decorators;
  if (last === undefined) return;
  const callee = from(x, { kind: 'external', path: 'Object.defineProperty' });
  addCall(x, {
    ...{ span: spanOf(last.node), caller: at.fn, callee, args },
    ...{ secondKey: key, isImplicit: true, barrier: at.barrier },
  });
}

/** Calls the decorators of another element, or of a parameter. */
export function decorate(x: Extraction, decorated: Decorated, { self }: Place): void {
  x.facts.replacements.push(...callDecorators(x, decorated, [self ?? vertex(x), vertex(x), vertex(x)]));
}

/**
 * Calls the decorators of a class.
 *
 * @returns the class, or what its decorators make of it
 */
export function decorateClass(x: Extraction, decorated: Decorated, cls: Vertex): Vertex {
  if (decorated.decorators.length === 0) return cls;
  const made = join(x, [cls]);
  for (const result of callDecorators(x, decorated, [made, vertex(x)])) flow(x, result, made);
  return made;
}

function callDecorators(x: Extraction, { decorators, at }: Decorated, args: readonly Vertex[]): Vertex[] {
  return decorators.map((decorator) => {
    const call = addCall(x, {
      ...{ span: spanOf(decorator.node), caller: at.fn, callee: decorator.vertex, args },
      ...{ calleeName: nameOfDecorator(decorator.node), isImplicit: true, barrier: at.barrier },
    });
    return call.result;
  });
}

/** `Get` of `@Get('/')`. */
function nameOfDecorator({ expression }: Decorator): string | undefined {
  return memberPath(expression.type === 'CallExpression' ? expression.callee : expression)?.at(-1);
}
