/** Reads and writes of places, and which of them clash. */
import type { Node } from '@babel/types';
import { changes, changesPart, type ModuleModel } from './model.js';
import { ELEMENTS, type Path } from './paths.js';

/** A read or write, where it stands. */
export interface Touch {
  readonly path: Path;
  readonly writes: boolean;
  readonly module: ModuleModel;
  readonly node: Node;
}

/** Whether it matters in which order two of them come. */
export function clash(one: Touch, other: Touch): boolean {
  if (one.writes && (changes(one.path, other.path) || (!other.writes && changesPart(one.path, other.path))))
    return true;
  return other.writes && (changes(other.path, one.path) || (!one.writes && changesPart(other.path, one.path)));
}

/** An element that each call has for itself, as far as is known. */
export function isElementOfOne({ steps }: Path): boolean {
  return steps.some((step) => step.startsWith('[') && step !== ELEMENTS);
}
