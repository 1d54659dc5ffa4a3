/** Telling constructors from other functions. */
import type { Callable, Constructor } from './protocol.js';

const known = new WeakSet<object>();

/** Whether `new` can be applied to `value`. */
export function isConstructor(value: unknown): value is Callable {
  if (typeof value !== 'function') return false;
  if (known.has(value)) return true;
  try {
    // A Proxy with this trap has all that `new` asks for, and runs nothing of what it stands for.
    new new Proxy(value as unknown as Constructor, { construct: () => ({}) })();
    known.add(value);
    return true;
  } catch {
    return false;
  }
}

/** Whether a constructor is written as a class, and not as the function that a build tool has made of one for engines without classes. */
export function isClass(ctor: Constructor): boolean {
  return /^class\b/.test(Function.prototype.toString.call(ctor));
}
