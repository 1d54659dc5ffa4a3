/** Properties that are defined by descriptors: `Object.defineProperty(o, 'x', { get })`, and by `__defineGetter__`. */
import type { FunctionFact, ModuleFacts } from '../facts/facts.js';
import type { Graph } from './graph.js';
import type { Numbering } from './numbering.js';
import type { Properties } from './properties.js';
import type { Arrival, Token } from './tokens.js';

export interface Definition {
  /** The place of the object whose property it is. */
  readonly target: number;
  /** Undefined: not known. */
  readonly key: string | undefined;
  readonly get: readonly number[];
  readonly set: readonly number[];
}

export interface Definitions {
  /** A property of what `target` holds is defined as what `descriptor` holds says. */
  define(target: number, key: string | undefined, descriptor: number): void;
  /** Properties are defined by an object whose members are descriptors. */
  defineAll(target: number, descriptors: number): void;
  /** An accessor is defined without a descriptor. */
  defineAccessor(target: number, key: string | undefined, kind: 'get' | 'set', fn: number): void;
  /** All definitions, with the functions that they make accessors. */
  all(): readonly Definition[];
}

interface Pending {
  readonly target: number;
  readonly key: string | undefined;
  readonly get: number;
  readonly set: number;
}

/** @param each calls `seen` for every single token that a place holds */
export function definitionsIn(
  modules: readonly ModuleFacts[],
  { objectBase, vertexBase, functionAt, objectAt }: Numbering,
  { place, add, edge, vertex, at }: Graph<Token>,
  properties: Properties,
  each: (v: number, seen: (token: Token) => void) => void,
): Definitions {
  const found = new Map<string, Pending>();

  modules.forEach((facts, module) => {
    facts.objects.forEach((members, i) => {
      const obj = (objectBase[module] as number) + i;
      for (const { name, value } of members) {
        const held = (vertexBase[module] as number) + value;
        if (name === 'get' || name === 'set' || name === 'value') edge(held, place(`described ${name} ${obj}`));
      }
    });
  });

  function pending(target: number, key: string | undefined, source: string): Pending | undefined {
    const id = `${target} ${key ?? '*'} ${source}`;
    if (found.has(id)) return undefined;
    const made = { target, key, get: vertex(), set: vertex() };
    found.set(id, made);
    each(made.get, (token) => {
      if (token.kind === 'function')
        hold(
          placeOf(token.fn, ({ result }) => result),
          key,
        );
    });
    each(made.set, (token) => {
      if (token.kind !== 'function' || key === undefined) return;
      const param = placeOf(token.fn, ({ params }) => params[0]);
      if (param !== undefined) edge(properties.assigned(key), param);
    });
    return made;
  }
  function placeOf(fn: number, choose: (fact: FunctionFact) => number | undefined): number | undefined {
    const { module, fact } = functionAt(fn);
    const local = choose(fact);
    return local === undefined ? undefined : (vertexBase[module] as number) + local;
  }
  /**
   * A property holds what `value` holds. Where the key is not known, any property may be meant, of which only functions of the
   * program are taken note: values of Node, of which most programs define some, would arrive everywhere.
   */
  function hold(value: number | undefined, key: string | undefined): void {
    if (value === undefined) return;
    if (key !== undefined) edge(value, properties.assigned(key));
    else
      each(value, (held) => {
        if (held.kind === 'function') add(properties.defined, held);
      });
  }
  function define(target: number, key: string | undefined, descriptor: number): void {
    const made = pending(target, key, `by ${descriptor}`);
    if (made === undefined) return;
    each(descriptor, (token) => {
      if (token.kind !== 'object') return;
      hold(place(`described value ${token.obj}`), key);
      const members = objectAt(token.obj)?.members.map(({ name }) => name) ?? [];
      const isWritten = ['get', 'set', 'value'].some((name) => members.includes(name));
      for (const kind of ['get', 'set'] as const) {
        edge(isWritten ? place(`described ${kind} ${token.obj}`) : properties.assigned(kind), made[kind]);
      }
    });
  }

  return {
    define,
    defineAll(target, descriptors) {
      each(descriptors, (token) => {
        if (token.kind !== 'object') return;
        const object = objectAt(token.obj);
        for (const { name, value } of object?.members ?? []) {
          define(target, name === '' ? undefined : name, (vertexBase[object?.module as number] as number) + value);
        }
      });
    },
    defineAccessor(target, key, kind, fn) {
      const made = pending(target, key, `${kind} ${fn}`);
      if (made !== undefined) edge(fn, made[kind]);
    },
    all: () =>
      [...found.values()].map(({ target, key, get, set }) => ({
        ...{ target, key },
        get: functionsAmong(at(get)),
        set: functionsAmong(at(set)),
      })),
  };
}

function functionsAmong(values: readonly Arrival[]): number[] {
  return values.flatMap((token) => (token.kind === 'function' ? [token.fn] : []));
}
