/** Twins of AsyncLocalStorage and AsyncResource methods that call a function in a context of their own. */
import { AsyncLocalStorage, AsyncResource } from 'node:async_hooks';
import { type Callable, linkTwin, twinOf } from '../twin/protocol.js';

/**
 * The context is that in which the twin is started; what it awaits carries it on, and the caller's own is back as soon as
 * the method returns.
 */
export function installContext(): void {
  for (const [method, position] of [
    [AsyncLocalStorage.prototype.run, 1],
    [AsyncLocalStorage.prototype.exit, 0],
    [AsyncResource.prototype.runInAsyncScope, 0],
  ] as const) {
    const original = method as Callable;
    linkTwin(original, function (this: unknown, ...args: unknown[]): unknown {
      const twin = twinOf(args[position]);
      return Reflect.apply(original, this, twin === undefined ? args : args.with(position, twin));
    });
  }
}
