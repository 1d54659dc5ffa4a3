/** Properties that are defined by descriptors: `Object.defineProperty(o, 'x', { get })`, and by `__defineGetter__`. */
import type { FunctionFact, ModuleFacts } from '../facts/facts.js';
import type { Graph } from './graph.js';
import type { Named } from './named.js';
import type { Numbering } from './numbering.js';
import type { Properties } from './properties.js';
import { functionsAmong, type Token } from './tokens.js';

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

export function definitionsIn(
  modules: readonly ModuleFacts[],
  { objectOf, vertexOf, functionAt, objectAt }: Numbering,
  { place, add, edge, vertex, at, watchSingle }: Graph<Token>,
  properties: Properties,
  named: Named,
): Definitions {
  const found = new Map<string, Pending>();

  modules.forEach((facts, module) => {
    facts.objects.forEach((members, i) => {
      const obj = objectOf(module, i);
      for (const { name, value } of members) {
        const held = vertexOf(module, value);
        if (name === 'get' || name === 'set' || name === 'value') edge(held, place(`described ${name} ${obj}`));
      }
    });
  });

  function pending(target: number, key: string | undefined, source: string): Pending | undefined {
    const id = `${target} ${key ?? '*'} ${source}`;
    if (found.has(id)) return undefined;
    const made = { target, key, get: vertex(), set: vertex() };
    found.set(id, made);
    watchSingle(made.get, (token) => {
      if (token.kind === 'function')
        hold(
          target,
          placeOf(token.fn, ({ result }) => result),
          key,
        );
    });
    watchSingle(made.set, (token) => {
      if (token.kind !== 'function' || key === undefined) return;
      const param = placeOf(token.fn, ({ params }) => params[0]);
      if (param !== undefined) edge(properties.assigned(key), param);
    });
    return made;
  }
  function placeOf(fn: number, choose: (fact: FunctionFact) => number | undefined): number | undefined {
    const { module, fact } = functionAt(fn);
    const local = choose(fact);
    return local === undefined ? undefined : vertexOf(module, local);
  }
  /**
   * A property holds what `value` holds. Where the key is not known, any property may be meant, of which only functions of the
   * program are taken note: values of Node, of which most programs define some, would arrive everywhere.
   */
  function hold(target: number, value: number | undefined, key: string | undefined): void {
    if (value === undefined) return;
    if (key !== undefined) {
      edge(value, properties.assigned(key));
      named.store(target, key, value);
    } else
      watchSingle(value, (held) => {
        if (held.kind === 'function') add(properties.defined, held);
      });
  }
  function define(target: number, key: string | undefined, descriptor: number): void {
    const made = pending(target, key, `by ${descriptor}`);
    if (made === undefined) return;
    watchSingle(descriptor, (token) => {
      if (token.kind !== 'object') return;
      hold(target, place(`described value ${token.obj}`), key);
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
      watchSingle(descriptors, (token) => {
        if (token.kind !== 'object') return;
        const object = objectAt(token.obj);
        if (object === undefined) return;
        for (const { name, value } of object.members) {
          define(target, name === '' ? undefined : name, vertexOf(object.module, value));
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
