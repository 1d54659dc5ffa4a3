/** Decorators: they are called where their class is defined, with what they decorate, and may replace it. */
import type { Decorator } from '@babel/types';
import { decoratorsOf } from '../syntax/decorators.js';
import { spanOf } from '../syntax/nodes.js';
import { value } from './expressions.js';
import { type Extraction, flow, from, join, load, type Place, vertex } from './extraction.js';
import type { Vertex } from './facts.js';

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
    const result = vertex(x);
    x.facts.calls.push({
      ...{ span: spanOf(decorator.node), caller: at.fn, callee: decorator.vertex, args, result, barrier: at.barrier },
      ...{ receiver: undefined, property: undefined, firstString: undefined, secondString: undefined },
      ...{ argsFromElsewhere: args.map(() => false), argSpans: args.map(() => undefined), iteration: undefined },
      ...{ construct: false, isSuper: false, isImplicit: true },
    });
    return result;
  });
}
