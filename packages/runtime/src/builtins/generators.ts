/** Twins of the methods of generators (ECMA-262, 27.5.1): they suspend where the generator's asynchronous form does. */
import { linkMethods, native } from '../twin/generators.js';
import { awaitable } from '../twin/iteration.js';
import { type Callable, linkTwin, SUSPENDED, suspend, take } from '../twin/protocol.js';

export function installGenerators(): void {
  linkMethods([native.next, native.return, native.throw]);
  linkDisposal(Object.getPrototypeOf(native));
}

/** The method by which `using` disposes of iterators, which returns nothing. Before Node 24 they have none. */
function linkDisposal(prototype: Record<symbol, Callable | undefined>): void {
  const { dispose } = Symbol as { readonly dispose?: symbol };
  const original = dispose === undefined ? undefined : prototype[dispose];
  if (original === undefined) return;
  linkTwin(original, function (this: object): unknown {
    const { return: close } = this as { return?: unknown };
    // What is none to call is left to the original, which says so.
    if (typeof close !== 'function') return Reflect.apply(original, this, []);
    const result: unknown = Reflect.apply(awaitable(close as Callable, this), this, []);
    return result === SUSPENDED ? suspend(take().then(() => undefined)) : undefined;
  });
}
