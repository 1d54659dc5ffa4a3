/** What is known of a function for those who call it. */
import type { Node } from '@babel/types';
import type { Binding } from './bindings.js';
import { type FunctionModel, isSameRoot } from './model.js';
import type { Path } from './paths.js';

/** A write, and the function and place where it stands. */
export interface WriteAt {
  readonly path: Path;
  readonly fn: FunctionModel;
  readonly node: Node;
  /** What is written depends on the arguments of the call. */
  readonly fromArguments: boolean;
  /** Variables of functions around it on which it depends. */
  readonly captured: readonly Binding[];
  /** The function may be suspended afterwards. */
  readonly thenSuspends: boolean;
}

/** A read, and the function and place where it stands. */
export interface ReadAt {
  readonly path: Path;
  readonly fn: FunctionModel;
  readonly node: Node;
}

export interface Summary {
  /** Places on which it depends what the function returns. */
  readonly returned: readonly Path[];
  /** Before the function can be suspended. */
  readonly early: readonly WriteAt[];
  /** After it may have been suspended, unless the function has decided by shared state itself. */
  readonly late: readonly WriteAt[];
  /** Of places to which the function does not write. */
  readonly readsEarly: readonly ReadAt[];
  readonly readsLate: readonly ReadAt[];
}

export const EMPTY: Summary = { returned: [], early: [], late: [], readsEarly: [], readsLate: [] };

/** More places say too little. */
const FEW_PLACES = 24;

/** The first items with paths of their own. */
export function firstOf<T>(items: readonly T[], pathOf: (item: T) => Path): T[] {
  const kept: T[] = [];
  for (const item of items) {
    if (kept.length === FEW_PLACES) break;
    if (!kept.some((other) => isSamePath(pathOf(other), pathOf(item)))) kept.push(item);
  }
  return kept;
}

function isSamePath(a: Path, b: Path): boolean {
  return a === b || (isSameRoot(a.root, b.root) && isSameList(a.steps, b.steps));
}

/** Whether two summaries of one function say the same. */
export function isSameSummary(a: Summary, b: Summary): boolean {
  return (
    a === b ||
    (isSameList(a.returned, b.returned, isSamePath) &&
      isSameList(a.early, b.early, isSameWrite) &&
      isSameList(a.late, b.late, isSameWrite) &&
      isSameList(a.readsEarly, b.readsEarly, isSameRead) &&
      isSameList(a.readsLate, b.readsLate, isSameRead))
  );
}

function isSameRead(a: ReadAt, b: ReadAt): boolean {
  return isSamePath(a.path, b.path) && a.fn === b.fn && a.node === b.node;
}

function isSameWrite(a: WriteAt, b: WriteAt): boolean {
  return (
    isSamePath(a.path, b.path) &&
    a.fn === b.fn &&
    a.node === b.node &&
    a.fromArguments === b.fromArguments &&
    a.thenSuspends === b.thenSuspends &&
    isSameList(a.captured, b.captured)
  );
}

function isSameList<T>(
  a: readonly T[],
  b: readonly T[],
  isSame: (one: T, other: T) => boolean = (one, other) => one === other,
): boolean {
  return a.length === b.length && a.every((one, i) => isSame(one, b[i] as T));
}
