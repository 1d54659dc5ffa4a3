/** Twins of the methods of generators (ECMA-262, 27.5.1): they suspend where the generator's asynchronous form does. */
import { resume } from '../twin/generators.js';
import { type Callable, linkTwin } from '../twin/protocol.js';

export function installGenerators(): void {
  const { prototype } = Object.getPrototypeOf(function* () {}) as { prototype: Record<string, Callable> };
  for (const name of ['next', 'return', 'throw']) {
    const native = prototype[name] as Callable;
    linkTwin(native, function (this: object, ...args: unknown[]) {
      return resume(this, native, args);
    });
  }
}
