/** Linking user functions to the asynchronous forms that the compiler makes of them. */
import { making } from './calls.js';
import { originalMember } from './decorations.js';
import { box, type Callable, linkTwin, SUSPENDED, shared, takeOutermost, twinOf, unbox } from './protocol.js';
import { nextCourse } from './schedule.js';
import { resultOf } from './start.js';
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
  // Methods have no `prototype`, whose `constructor` would be a way back: see `protocol.ts`.
  const form = {
    twin(this: unknown) {
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
      return resultOf(call, result, course, fn, impl);
    },
  };
  return linkTwin(fn, form.twin);
}

/** {@link link} for a named function expression, whose own name must denote the original inside the asynchronous form too. */
export function linkSelf<F extends Callable>(fn: F, implOf: (self: F) => Callable): F {
  return link(fn, implOf(fn));
}

/** {@link link} for a function that had to be given a name to be linked by: `name` is the one it has in the source. */
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

/** What {@link linkMethods} does, for one part of each property's descriptor. */
export function linkTwins(target: object, impls: object, part: 'value' | 'get' | 'set'): void {
  let parent = Object.getPrototypeOf(target);
  Object.setPrototypeOf(impls, parent);
  for (const key of Reflect.ownKeys(impls)) {
    const fn: unknown = originalMember(target, key)?.[part];
    const impl = Object.getOwnPropertyDescriptor(impls, key)?.value as Callable | undefined;
    if (!isCallable(fn) || impl === undefined || twinOf(fn) !== undefined) continue;
    // A method, as in `link`.
    const form = {
      twin(this: unknown) {
        const now = Object.getPrototypeOf(target);
        if (now !== parent) {
          parent = now;
          Object.setPrototypeOf(impls, now);
        }
        const course = nextCourse();
        // biome-ignore lint/complexity/noArguments: as in `link`.
        if (course === 'original') return Reflect.apply(fn, this, arguments);
        const outer = shared.calling;
        const call = making();
        let result: object;
        try {
          // biome-ignore lint/complexity/noArguments: as in `link`.
          result = impl.apply(this, arguments as never);
        } finally {
          shared.calling = outer;
        }
        return resultOf(call, result, course, fn, impl);
      },
    };
    linkTwin(fn, form.twin);
  }
}

function isCallable(value: unknown): value is Callable {
  return typeof value === 'function';
}

/** What a computed key becomes: a string or symbol, converted once where compiled code uses the key several times. */
export function propertyKey(key: unknown): PropertyKey {
  return Reflect.ownKeys({ [key as PropertyKey]: 0 })[0] as PropertyKey;
}

/** The key of a method that is there for its key to be evaluated, and removed as soon as the class is made. */
export const keyHolder = Symbol('a key');

/**
 * The asynchronous counterpart of `fn` for people: a function that returns a promise of the result, or undefined where
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
