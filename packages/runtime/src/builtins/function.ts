/** Twins of the functions that call a function they are given: `call`, `apply`, `bind`, `Reflect.apply`, `Reflect.construct`. */
import { constructs } from '../twin/construct.js';
import { isConstructor } from '../twin/constructors.js';
import { type Callable, type Constructor, linkConstruction, linkRoot, linkTwin, twinOf } from '../twin/protocol.js';

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
    const construct = constructs(this);
    if (construct !== undefined) {
      linkConstruction(bound as unknown as Constructor, (target: Callable, given: readonly unknown[]) =>
        construct(target === bound ? (this as Callable) : target, [...args.slice(1), ...given]),
      );
    }
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
  const reflectConstruct = Reflect.construct as Callable;
  const listOf = (...args: unknown[]) => args;
  linkTwin(reflectConstruct, (...args: unknown[]): unknown => {
    const [ctor, list, target = ctor] = args;
    const construct = constructs(ctor);
    const isWrong = (typeof list !== 'object' && typeof list !== 'function') || list === null || !isConstructor(target);
    if (construct === undefined || isWrong) return reflectApply(reflectConstruct, undefined, args);
    return construct(target, reflectApply(listOf, undefined, list));
  });
}
