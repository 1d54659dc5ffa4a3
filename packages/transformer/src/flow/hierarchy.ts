/** Which classes extend which, and what they inherit. Complete once the superclasses have been resolved. */
import type { Numbering } from './numbering.js';

export interface Hierarchy {
  /** Notes that a class may extend another. */
  extend(cls: number, superClass: number): void;
  /** Methods that an access to a member may find: the own or inherited one, and those of subclasses. */
  membersNamed(cls: number, isStatic: boolean, name: string): readonly number[];
  /** The same for an access of which the name is not known. */
  membersOf(cls: number, isStatic: boolean): readonly number[];
  /** The constructor that `new` runs, own or inherited; undefined if no class in the program declares one. */
  constructorOf(cls: number): number | undefined;
  /** What makes the instances of a class: its constructor, or a function that stands for the one that is not written. */
  constructionOf(cls: number): number;
  /** The class and those that it may extend. */
  lineage(cls: number): readonly number[];
  /** The classes that may extend a class. */
  descendants(cls: number): readonly number[];
}

export function createHierarchy({ classAt, functionBase }: Numbering): Hierarchy {
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
        const fn = (functionBase[module] as number) + member.fn;
        if (fns === undefined) named.set(key, [fn]);
        else fns.push(fn);
      }
    }
    return named.get(keyOf(isStatic, name)) ?? [];
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
        return found.map(({ fn }) => (functionBase[module] as number) + fn);
      }),
    constructorOf(cls) {
      for (const at of reached(cls, parents)) {
        const { module, fact } = classAt(at);
        if (fact.constructor !== undefined) return (functionBase[module] as number) + fact.constructor;
      }
      return undefined;
    },
    constructionOf(cls) {
      const { module, fact } = classAt(cls);
      return (functionBase[module] as number) + fact.construction;
    },
    lineage: (cls) => reached(cls, parents),
    descendants: (cls) => reached(cls, children).slice(1),
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
