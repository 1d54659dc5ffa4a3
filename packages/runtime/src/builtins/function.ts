/** Twins of the functions that call a function they are given: `call`, `apply`, `bind`, `Reflect.apply`. */
import { type Callable, linkRoot, linkTwin, twinOf } from '../twin/protocol.js';

export function installFunction(): void {
  const { call, apply, bind } = Function.prototype as unknown as Record<'call' | 'apply' | 'bind', Callable>;
  linkTwin(call, function (this: unknown, ...args: unknown[]): unknown {
    const twin = twinOf(this);
    return twin === undefined ? Reflect.apply(call, this, args) : Reflect.apply(twin, args[0], args.slice(1));
  });
  linkTwin(apply, function (this: unknown, ...args: unknown[]): unknown {
    const twin = twinOf(this);
    return Reflect.apply(apply, twin ?? this, args);
  });
  const bindLinked = function (this: unknown, ...args: unknown[]): unknown {
    const bound = Reflect.apply(bind, this, args) as Callable;
    const twin = twinOf(this);
    return twin === undefined ? bound : linkTwin(bound, Reflect.apply(bind, twin, args) as Callable);
  };
  linkTwin(bind, bindLinked);
  linkRoot(bind, function (this: unknown, ...args: unknown[]): unknown {
    return Reflect.apply(bindLinked, this, args);
  });
  const reflectApply = Reflect.apply as Callable;
  linkTwin(reflectApply, (...args: unknown[]): unknown => {
    const twin = twinOf(args[0]);
    return reflectApply(reflectApply, undefined, twin === undefined ? args : [twin, ...args.slice(1)]);
  });
}
