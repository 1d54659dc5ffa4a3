/** Program-wide ids: what a module numbers from zero goes on where the module before has ended. */
import type { ClassFact, FunctionFact, ModuleFacts } from '../facts/facts.js';

export interface Numbering {
  /** The ids of what a module numbers by itself. */
  functionOf(module: number, fn: number): number;
  classOf(module: number, cls: number): number;
  objectOf(module: number, obj: number): number;
  vertexOf(module: number, vertex: number): number;
  /** How many vertices and object literals all modules have. */
  readonly vertices: number;
  readonly objects: number;
  functionAt(fn: number): { readonly module: number; readonly fact: FunctionFact };
  /** An object literal; undefined for objects that builtins make. */
  objectAt(obj: number): { readonly module: number; readonly members: ModuleFacts['objects'][number] } | undefined;
  classAt(cls: number): { readonly module: number; readonly fact: ClassFact };
}

export function numberingOf(modules: readonly ModuleFacts[]): Numbering {
  const functionBase = prefixSums(modules.map((facts) => facts.functions.length));
  const classBase = prefixSums(modules.map((facts) => facts.classes.length));
  const objectCounts = modules.map((facts) => facts.objects.length);
  const objectBase = prefixSums(objectCounts);
  const objects = total(objectCounts);
  const vertexCounts = modules.map((facts) => facts.vertices);
  const vertexBase = prefixSums(vertexCounts);
  return {
    functionOf: (module, fn) => (functionBase[module] as number) + fn,
    classOf: (module, cls) => (classBase[module] as number) + cls,
    objectOf: (module, obj) => (objectBase[module] as number) + obj,
    vertexOf: (module, vertex) => (vertexBase[module] as number) + vertex,
    vertices: total(vertexCounts),
    objects,
    functionAt(fn) {
      const module = lastAtMost(functionBase, fn);
      return { module, fact: modules[module]?.functions[fn - (functionBase[module] as number)] as FunctionFact };
    },
    objectAt(obj) {
      if (obj >= objects) return undefined;
      const module = lastAtMost(objectBase, obj);
      return { module, members: modules[module]?.objects[obj - (objectBase[module] as number)] ?? [] };
    },
    classAt(cls) {
      const module = lastAtMost(classBase, cls);
      return { module, fact: modules[module]?.classes[cls - (classBase[module] as number)] as ClassFact };
    },
  };
}

function total(counts: readonly number[]): number {
  return counts.reduce((sum, count) => sum + count, 0);
}

function prefixSums(counts: readonly number[]): number[] {
  let sum = 0;
  return counts.map((count) => {
    const base = sum;
    sum += count;
    return base;
  });
}

/** The index of the last base that is not above `id`; equal bases belong to modules without entries. */
function lastAtMost(bases: readonly number[], id: number): number {
  let low = 0;
  let high = bases.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((bases[middle] as number) <= id) low = middle;
    else high = middle - 1;
  }
  return low;
}
