/** The functions that compiled code calls in place of those in the source. */
import { types } from 'node:util';
import { constructs } from './construct.js';
import { isConstructor } from './constructors.js';
import { type Callable, type Constructor, isUnlinked, rootOf, twinToCall } from './protocol.js';
import { notCallable, thrower } from './thrower.js';

const { apply, bind, call } = Function.prototype as unknown as Record<'apply' | 'bind' | 'call', Callable>;

/**
 * `f(x)` becomes `callee(f, "f")(x)`: the twin of `f`, its root adapter, or `f` itself.
 *
 * @param text the callee as V8 prints it in "... is not a function"; not needed if it is always a function
 */
export function callee(fn: unknown, text = ''): Callable {
  return isUnlinked(fn) ? fn : linkedCallee(fn, text);
}

function linkedCallee(fn: unknown, text: string): Callable {
  if (typeof fn !== 'function') return thrower(text);
  return twinToCall(fn) ?? rootOf(fn) ?? (fn as Callable);
}

/**
 * `o.m(x)` becomes `method(o.m, "o.m").call(o, x)`. Like {@link callee}, but makes sure that `.call` is that of `Function.prototype`
 * (a function may have its own, and a Proxy may invent one).
 */
export function method(fn: unknown, text: string): Callable {
  return isUnlinked(fn) && fn.call === call ? fn : callable(linkedCallee(fn, text));
}

/**
 * `f.call.call(g)` becomes `caller(method(f.call.call, "f.call.call"), "f.call.call").call(f.call, g)`: it is `g` that may be no function, of which V8 prints
 * what has been called, or, since V8 14 (Node 26), says what it is.
 */
export function caller(fn: Callable, text: string): Callable {
  return function (this: unknown, ...args) {
    if ((this !== call && this !== apply) || typeof args[0] === 'function') return Reflect.apply(fn, this, args);
    try {
      return Reflect.apply(fn, this, args);
    } catch (error) {
      const isPrinted = error instanceof TypeError && error.message === 'Reflect.apply is not a function';
      throw isPrinted ? notCallable(text) : error;
    }
  };
}

/** `f(callback)` in code that stays synchronous: the root adapter of `f`, or `f` itself. */
export function registrar(fn: unknown, text = ''): Callable {
  if (typeof fn !== 'function') return thrower(text);
  return rootOf(fn) ?? (fn as Callable);
}

/**
 * `o.m(callback)` in code that stays synchronous, where no temporary can hold the receiver: `member(o, "m", "o.m")(callback)`.
 */
export function member(receiver: unknown, key: PropertyKey, text: string): Callable {
  const fn = registrar((receiver as Record<PropertyKey, unknown>)[key], text);
  // Bound, because functions that look for their caller in the stack would find a wrapper of ours.
  return isBoundUnseen(fn) ? Reflect.apply(bind, fn, [receiver]) : (...args) => Reflect.apply(fn, receiver, args);
}

/** Whether binding a function runs no code: it reads two properties of the function (ECMA-262, 20.2.3.2). */
function isBoundUnseen(fn: Callable): boolean {
  return !types.isProxy(fn) && isPlain(fn, 'length') && isPlain(fn, 'name');
}

function isPlain(fn: Callable, key: string): boolean {
  const property = Object.getOwnPropertyDescriptor(fn, key);
  return property !== undefined && property.get === undefined;
}

/** `o.m(callback)` where compiled code has the receiver in a variable; see {@link method}. */
export function methodRegistrar(fn: unknown, text: string): Callable {
  return callable(registrar(fn, text));
}

/**
 * `new C(callback)`: the root adapter of `C`, or `C` itself.
 *
 * @param text the callee as V8 prints it in "... is not a constructor"
 */
export function constructorRegistrar(ctor: unknown, text = '(intermediate value)'): Constructor {
  const found = (rootOf(ctor) ?? ctor) as Constructor;
  return isConstructor(found) ? found : failingConstructor(text);
}

/** `new C(callback)` becomes `creator(C, "C")(callback)` where what it calls may suspend; see {@link constructorRegistrar}. */
export function creator(ctor: unknown, text: string): Callable {
  const construct = constructs(ctor);
  if (construct !== undefined) return (...args) => construct(ctor as Callable, args);
  const found = constructorRegistrar(ctor, text);
  return (...args) => new found(...args);
}

/** Stands in for a callee that is no constructor, so that the arguments are evaluated before the TypeError is thrown. */
function failingConstructor(text: string): Constructor {
  return class {
    constructor() {
      const error = new TypeError(`${text} is not a constructor`);
      Error.captureStackTrace?.(error, new.target);
      throw error;
    }
  };
}

function callable(fn: Callable): Callable {
  let own = false;
  try {
    own = fn.call !== call;
  } catch {
    own = true;
  }
  if (!own) return fn;
  return function (this: unknown, ...args: unknown[]) {
    return Reflect.apply(fn, this, args);
  };
}
