/** What a function does to shared state, and the basic blocks in which it does so. */
import type { Node } from '@babel/types';
import type { Binding } from './bindings.js';
import type { Path } from './paths.js';
import type { Sources } from './sources.js';

/**
 * What is written.
 * - `empty`: nothing, in place of what there was: `[]`, `null`, `0`.
 * - `literal`: another constant.
 * - `instance`: an object of a class, which is not like another one.
 * - `step`: a number, a little more or less than another one: `count++`.
 */
export type Shape = 'empty' | 'literal' | 'instance' | 'step' | 'other';

export interface Read {
  readonly kind: 'read';
  readonly id: number;
  readonly path: Path;
  /** What the place leads to is read as well. */
  readonly deep: boolean;
  readonly node: Node;
}

/** A variable is read for the object that it holds, whose members have places of their own; or a place is made use of in another way. */
export interface Take {
  readonly kind: 'take';
  readonly path: Path;
  readonly node: Node;
}

export interface Write {
  readonly kind: 'write';
  readonly path: Path;
  readonly node: Node;
  readonly value: Sources;
  readonly shape: Shape;
}

export interface Call {
  readonly kind: 'call';
  readonly id: number;
  readonly node: Node;
  readonly args: Sources;
  readonly receiver: Path | undefined;
}

export type Event =
  | Read
  | Take
  | Write
  | Call
  | { readonly kind: 'set'; readonly binding: Binding; readonly value: Sources }
  | { readonly kind: 'return'; readonly value: Sources }
  /** A suspension that is in the source. `yields`: of a generator that is not async, whose caller goes on until it wants the next value. */
  | { readonly kind: 'await'; readonly value: Sources; readonly yields: boolean };

/** A part of a condition, and whether it only asks if something is there. */
export interface Test {
  readonly value: Sources;
  readonly ofPresence: boolean;
}

export interface Block {
  readonly events: Event[];
  readonly next: Set<Block>;
  /** The condition by which control goes on. */
  tests: readonly Test[];
}

export interface ControlFlow {
  readonly entry: Block;
  readonly exit: Block;
  readonly blocks: readonly Block[];
}
