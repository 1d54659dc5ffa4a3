/** `new` in asynchronous code: by the link of a class, or by the twin of a function that is not a class. */

import { isConstructor } from './constructors.js';
import { isObject } from './objects.js';
import {
  box,
  type Callable,
  type Constructor,
  constructionOf,
  SUSPENDED,
  shared,
  suspend,
  take,
  twinOf,
  unbox,
} from './protocol.js';

/** What does the work of `Reflect.construct(C, args, target)`: returns the object or {@link SUSPENDED}. */
export type Construct = (target: Callable, args: readonly unknown[]) => unknown;

/** The function by which asynchronous code constructs with `ctor`; undefined for the language's own `new`. */
export function constructs(ctor: unknown): Construct | undefined {
  if (shared.isLoading) return undefined;
  return (constructionOf(ctor) as Construct | undefined) ?? plainConstruct(ctor);
}

/** Functions that are not classes are constructed by their twins, with the new object as `this`. */
function plainConstruct(fn: unknown): Construct | undefined {
  const twin = twinOf(fn);
  if (twin === undefined || !isPlainConstructor(fn as Callable) || makesErrors(fn as Callable)) return undefined;
  return (target, args) => {
    const self = allocate(target);
    return constructed(self, Reflect.apply(twin, self, args));
  };
}

/** What `new` makes of an object whose constructor has returned `result`, or has suspended. */
export function constructed(self: object, result: unknown): unknown {
  if (result === SUSPENDED) return suspend(resultOr(self, take()));
  return isObject(result) ? result : self;
}

async function resultOr(self: object, pending: Promise<unknown>): Promise<unknown> {
  const result = unbox(await pending);
  return box(isObject(result) ? result : self);
}

/**
 * Whether a function with a twin can be constructed, and is neither a class nor a bound function nor one of the platform. The latter three have no `prototype`, or
 * one that cannot be replaced.
 */
function isPlainConstructor(fn: Callable): boolean {
  return Object.getOwnPropertyDescriptor(fn, 'prototype')?.writable === true && isConstructor(fn);
}

/** Whether `ctor` makes errors. The stack of an error leaves out the frames down to its own constructor, and is empty if that was never called. */
export function makesErrors(ctor: Callable | Constructor): boolean {
  return Object.prototype.isPrototypeOf.call(Error.prototype, ctor.prototype);
}

/** OrdinaryCreateFromConstructor */
export function allocate(target: Callable): object {
  return Reflect.construct(Object, [], target);
}
