/** Telling constructors from other functions. */
import type { Callable, Constructor } from './protocol.js';

const known = new WeakSet<object>();

/** Whether `new` can be applied to `value`. */
export function isConstructor(value: unknown): value is Callable {
  if (typeof value !== 'function') return false;
  if (known.has(value)) return true;
  try {
    // `new` of a Proxy fails unless its target is a constructor. The trap runs instead of the target's code.
    new new Proxy(value as unknown as Constructor, { construct: () => ({}) })();
    known.add(value);
    return true;
  } catch {
    return false;
  }
}

/** Whether a constructor is a class, and not a function that a build tool has made of a class for engines without classes. */
export function isClass(ctor: Constructor): boolean {
  return /^class\b/.test(Function.prototype.toString.call(ctor));
}
