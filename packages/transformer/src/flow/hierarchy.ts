/** Which classes extend which, and what they inherit. Complete once the superclasses have been resolved. */
import type { Graph } from './graph.js';
import type { Numbering } from './numbering.js';
import type { Arrival, Token } from './tokens.js';

export interface Hierarchy {
  /** Notes that a class may extend another. */
  extend(cls: number, superClass: number): void;
  /** Methods that an access to a member may find: the own or inherited one, and those of subclasses. */
  membersNamed(cls: number, isStatic: boolean, name: string): readonly number[];
  /** The same for an access of which the name is not known. */
  membersOf(cls: number, isStatic: boolean): readonly number[];
  /** The names of fields that an access of which the name is not known may find. */
  fieldsOf(cls: number, isStatic: boolean): readonly string[];
  /** The constructor that `new` runs, own or inherited; undefined if no class in the program declares one. */
  constructorOf(cls: number): number | undefined;
  /** What makes the instances of a class: its constructor, or a function that stands for the one that is not written. */
  constructionOf(cls: number): number;
  /** The class and those that it may extend. */
  lineage(cls: number): readonly number[];
  /** The classes that may extend a class. */
  descendants(cls: number): readonly number[];
  /** The paths of what a class extends that is not the program's. */
  parentsOf(cls: number): readonly string[];
  /** Whether a class extends one that is not the program's, or may do so. */
  extendsForeign(cls: number): boolean;
}

export function createHierarchy({ classAt, functionOf, vertexOf }: Numbering, { at: heldAt }: Graph<Token>): Hierarchy {
  const parents = new Map<number, Set<number>>();
  const children = new Map<number, Set<number>>();

  /** All that is reached from `cls` along `next`, `cls` first; the nearest first. */
  function reached(cls: number, next: ReadonlyMap<number, ReadonlySet<number>>): number[] {
    const found = new Set([cls]);
    for (const at of found) for (const other of next.get(at) ?? []) found.add(other);
    return [...found];
  }
  const members = new Map<number, Map<string, number[]>>();
  function own(cls: number, isStatic: boolean, name: string): readonly number[] {
    let named = members.get(cls);
    if (named === undefined) {
      named = new Map();
      members.set(cls, named);
      const { module, fact } = classAt(cls);
      for (const member of fact.members) {
        const key = keyOf(member.isStatic, member.name);
        const fns = named.get(key);
        const fn = functionOf(module, member.fn);
        if (fns === undefined) named.set(key, [fn]);
        else fns.push(fn);
      }
    }
    return named.get(keyOf(isStatic, name)) ?? [];
  }
  /** What a class is written to extend; undefined if it extends nothing. */
  function extended(cls: number): readonly Arrival[] | undefined {
    const { module, fact } = classAt(cls);
    return fact.superClass === undefined ? undefined : heldAt(vertexOf(module, fact.superClass));
  }

  return {
    extend(cls, superClass) {
      setIn(parents, cls).add(superClass);
      setIn(children, superClass).add(cls);
    },
    membersNamed(cls, isStatic, name) {
      const inherited = reached(cls, parents).map((at) => own(at, isStatic, name)[0]);
      const [, ...descendants] = reached(cls, children);
      const first = inherited.find((fn) => fn !== undefined);
      return [...(first === undefined ? [] : [first]), ...descendants.flatMap((sub) => own(sub, isStatic, name))];
    },
    membersOf: (cls, isStatic) =>
      [...new Set([...reached(cls, parents), ...reached(cls, children)])].flatMap((at) => {
        const { module, fact } = classAt(at);
        const found = fact.members.filter((member) => member.isStatic === isStatic);
        return found.map(({ fn }) => functionOf(module, fn));
      }),
    fieldsOf: (cls, isStatic) =>
      [...new Set([...reached(cls, parents), ...reached(cls, children)])].flatMap((at) =>
        classAt(at).fact.fields.flatMap((field) => (field.isStatic === isStatic ? [field.name] : [])),
      ),
    constructorOf(cls) {
      for (const at of reached(cls, parents)) {
        const { module, fact } = classAt(at);
        if (fact.constructor !== undefined) return functionOf(module, fact.constructor);
      }
      return undefined;
    },
    constructionOf(cls) {
      const { module, fact } = classAt(cls);
      return functionOf(module, fact.construction);
    },
    lineage: (cls) => reached(cls, parents),
    descendants: (cls) => reached(cls, children).slice(1),
    parentsOf: (cls) =>
      reached(cls, parents).flatMap((ancestor) =>
        (extended(ancestor) ?? []).flatMap((token) => (token.kind === 'external' ? [token.path] : [])),
      ),
    extendsForeign: (cls) =>
      reached(cls, parents).some((ancestor) => {
        const arrived = extended(ancestor);
        return arrived !== undefined && (arrived.length === 0 || arrived.some(({ kind }) => kind !== 'class'));
      }),
  };
}

function keyOf(isStatic: boolean, name: string): string {
  return `${isStatic} ${name}`;
}

function setIn(map: Map<number, Set<number>>, key: number): Set<number> {
  const set = map.get(key) ?? new Set();
  map.set(key, set);
  return set;
}
