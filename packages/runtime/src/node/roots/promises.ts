/** Adapters of the promise intrinsics. Subclasses and other libraries' promises have none, and run their callbacks in place. */
import { type Callable, linkRoot, unbox } from '../../twin/protocol.js';
import { linkPaths } from './resolve.js';
import { asyncCallback, replaceCallbacks, started } from './wrap.js';

export function installPromises(): void {
  linkRoot(Promise.prototype.then as Callable, following(Promise.prototype.then as Callable, [0, 1]));
  linkRoot(Promise.prototype.catch as Callable, following(Promise.prototype.catch as Callable, [0]));
  linkPaths(Promise, 'prototype.finally', [0], asyncCallback);
}

/**
 * An adapter of `then` or `catch`. A callback that returns the very promise that they have made for it has that fail, where the promise of a suspended callback
 * and the one made would wait for each other.
 */
function following(original: Callable, positions: readonly number[]): Callable {
  return function (this: unknown, ...args: unknown[]): unknown {
    let made: unknown;
    const resultOf = (boxed: unknown): unknown => {
      const result = unbox(boxed);
      return result === made && result instanceof Promise ? cycle() : result;
    };
    const replaced = replaceCallbacks(args, positions, (value) =>
      started(value, (pending) => pending.then(resultOf), true),
    );
    made = Reflect.apply(original, this, replaced);
    return made;
  };
}

/** A promise that V8 rejects because it has been told to follow itself. */
function cycle(): Promise<unknown> {
  const promise: Promise<unknown> = Promise.resolve().then(() => promise);
  return promise;
}
