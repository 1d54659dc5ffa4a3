/** Twins of AsyncLocalStorage and AsyncResource methods that call a function in a context of their own. */
import { AsyncLocalStorage, AsyncResource } from 'node:async_hooks';
import { type Callable, linkRoot, linkTwin, twinOf } from '../twin/protocol.js';

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
  for (const [owner, name] of [
    [AsyncResource, 'bind'],
    [AsyncResource.prototype, 'bind'],
    [AsyncLocalStorage, 'bind'],
  ] as const) {
    const bind = (owner as unknown as Record<string, Callable>)[name] as Callable;
    linkMaker(bind, (made, self, args) => {
      const twin = twinOf(args[0]);
      if (twin !== undefined) linkTwin(made, Reflect.apply(bind, self, args.with(0, twin)) as Callable);
    });
  }
  linkMaker(AsyncLocalStorage.snapshot as Callable, (made) => {
    linkTwin(made, function (this: unknown, ...args: unknown[]): unknown {
      return Reflect.apply(made, this, args.length === 0 ? args : args.with(0, twinOf(args[0]) ?? args[0]));
    });
  });
}

/** Lets what `original` makes have a twin, in asynchronous code and in code that stays synchronous. */
function linkMaker(original: Callable, link: (made: Callable, self: unknown, args: unknown[]) => void): void {
  const make = function (this: unknown, ...args: unknown[]): unknown {
    const made = Reflect.apply(original, this, args) as Callable;
    link(made, this, args);
    return made;
  };
  linkTwin(original, make);
  linkRoot(original, function (this: unknown, ...args: unknown[]): unknown {
    return Reflect.apply(make, this, args);
  });
}
