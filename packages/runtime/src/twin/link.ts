/** Linking user functions to the asynchronous forms that the compiler makes of them. */
import { ended, making } from './calls.js';
import { originalMember } from './decorations.js';
import { activate } from './generators.js';
import { box, type Callable, linkTwin, SUSPENDED, shared, suspend, takeOutermost, twinOf, unbox } from './protocol.js';
import { delayed, isDelayed, nextCourse } from './schedule.js';
import { linkTargeted } from './targeted.js';
import { asWait } from './waits.js';

/**
 * Links `impl`, the asynchronous form of `fn`, to it as its twin: an async function that boxes what it returns, or the form of a generator.
 *
 * @returns fn
 */
export function link<F extends Callable>(fn: F, impl: Callable): F {
  if (twinOf(fn) !== undefined) return fn;
  linkTargeted(fn, impl);
  return linkTwin(fn, twinFor(fn, impl));
}

/**
 * The twin of `fn`, which calls `impl`. Directly, because stacks show a limited number of frames, and one of ours would take the place of one of the program's.
 *
 * @param prepare is called before each call
 */
function twinFor(fn: Callable, impl: Callable, prepare?: () => void): Callable {
  // A method, because it has no `prototype`, whose `constructor` would lead back to the function: see `Origin` in `protocol.ts`.
  const form = {
    twin(this: unknown) {
      if (prepare !== undefined) prepare();
      const course = nextCourse();
      // biome-ignore lint/complexity/noArguments: forwarding `arguments` unread is free in V8; a rest array is not.
      if (course === 'original') return Reflect.apply(fn, this, arguments);
      const outer = shared.calling;
      const call = making();
      let result: object;
      try {
        // biome-ignore lint/complexity/noArguments: as above.
        result = impl.apply(this, arguments as never);
      } finally {
        shared.calling = outer;
      }
      if (call.isTold) return ended(call, result as Promise<unknown>, course);
      if (!isPromise(result)) return activate(result, fn, impl);
      return suspend(isDelayed(course) ? delayed(result, course) : result);
    },
  };
  return form.twin;
}

/** Whether a form has returned a generator object, and not the promise of an async function, or of what a build tool has made of one. */
function isPromise(result: object): result is Promise<unknown> {
  return result instanceof Promise || typeof (result as { then?: unknown }).then === 'function';
}

/** {@link link} for a named function expression, whose own name must denote the original inside the asynchronous form too. */
export function linkSelf<F extends Callable>(fn: F, implOf: (self: F) => Callable): F {
  return link(fn, implOf(fn));
}

/** {@link link} for a function that the compiler has given a name to refer to it; `name` is its name in the source. */
export function linkNamed<F extends Callable>(fn: F, name: string, impl: Callable): F {
  Object.defineProperty(fn, 'name', { value: name, configurable: true });
  return link(fn, impl);
}

/**
 * Links the methods of a class, prototype or object literal to their asynchronous forms.
 *
 * @param target the object whose own methods are linked, by key
 * @param impls an object literal with the asynchronous forms; its prototype is that of `target`, also after that has changed,
 *   so that `super` in the forms means what it means in the originals. A key with undefined stands for a method without one
 * @returns target
 */
export function linkMethods<T extends object>(target: T, impls: object): T {
  linkTwins(target, impls, 'value');
  return target;
}

/** {@link linkMethods} for one part of the property descriptors: the value, getter or setter. */
export function linkTwins(target: object, impls: object, part: 'value' | 'get' | 'set'): void {
  let parent = Object.getPrototypeOf(target);
  Object.setPrototypeOf(impls, parent);
  const follow = () => {
    const now = Object.getPrototypeOf(target);
    if (now === parent) return;
    parent = now;
    Object.setPrototypeOf(impls, now);
  };
  for (const key of Reflect.ownKeys(impls)) {
    const fn: unknown = originalMember(target, key)?.[part];
    const impl = Object.getOwnPropertyDescriptor(impls, key)?.value as Callable | undefined;
    if (!isCallable(fn) || impl === undefined || twinOf(fn) !== undefined) continue;
    linkTwin(fn, twinFor(fn, impl, follow));
  }
}

function isCallable(value: unknown): value is Callable {
  return typeof value === 'function';
}

/** A computed key as a string or symbol, so that it is converted once although compiled code uses it several times. */
export function propertyKey(key: unknown): PropertyKey {
  return Reflect.ownKeys({ [key as PropertyKey]: 0 })[0] as PropertyKey;
}

/** The key of a method that only serves to evaluate its key in time. It is removed as soon as the class exists. */
export const keyHolder = Symbol('a key');

/**
 * The asynchronous counterpart of `fn` for hand-written code: a function that returns a promise of the result, or undefined where
 * `fn` has none. A thenable result is flattened, as promises do.
 */
export function twin<A extends unknown[], R>(fn: (...args: A) => R): ((...args: A) => Promise<Awaited<R>>) | undefined {
  const found = twinOf(fn);
  if (found === undefined) return undefined;
  return async function (this: unknown, ...args: A) {
    const result = Reflect.apply(found, this, args);
    return (result === SUSPENDED ? unbox(await takeOutermost()) : result) as Awaited<R>;
  } as (...args: A) => Promise<Awaited<R>>;
}

/**
 * Links `asyncFn` to `fn` as its asynchronous counterpart, by hand: compiled callers of `fn` call `asyncFn` and await it.
 *
 * @returns fn
 */
export function linkAsync<A extends unknown[], R>(
  fn: (...args: A) => R,
  asyncFn: (...args: A) => PromiseLike<R>,
): (...args: A) => R {
  return link(fn, async function (this: unknown, ...args: A) {
    return box(await asWait(Reflect.apply(asyncFn, this, args)));
  });
}
