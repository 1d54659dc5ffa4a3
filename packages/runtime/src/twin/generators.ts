/**
 * Generators whose `next`, `return` and `throw` may suspend.
 *
 * The asynchronous form of a generator is a generator too. If its `next` is called, it runs synchronously. The twin of `next` tells it that it may wait
 * (`isAwaited`). To wait, it calls {@link Activation.pause} and yields: by the pause the twin tells this `yield` from those of the program. The twin awaits the
 * promise and resumes the generator with the result. See docs/decisions/0018-generators-stay-generators.md.
 */
import { types } from 'node:util';
import { isObject } from './objects.js';
import { beginFrame, box, type Callable, type Frame, linkTwin, shared, suspend, take, unbox } from './protocol.js';
import { Run } from './runs.js';
import { inCourse, nextCourse } from './schedule.js';

/** The methods by which a generator is resumed. */
export type Methods = Readonly<Record<'next' | 'return' | 'throw', Callable>>;

/** The methods of the language's own generators. */
export const native: Methods = Object.getPrototypeOf(function* () {}).prototype;

const nativeAsync: AsyncGenerator = Object.getPrototypeOf(async function* () {}).prototype;

/** One run of a generator's body. */
export class Activation extends Run {
  /** Whether the body has begun. */
  hasBegun = false;
  /** What the body waits for, until the twin takes it. */
  pending: Promise<unknown> | undefined;
  /** The frame of the call that resumes it. */
  frame: Frame = {};
  /** How often it has waited. */
  pauses = 0;
  /** The argument of the last call of `return` whose caller can wait. */
  returned: unknown;
  /**
   * Set if `return` has to be called a second time, with this value. When a delegate has waited in its `return`, the generator is resumed by `next`, which
   * takes it out of the state of returning: its body would go on.
   */
  ending: { readonly value: unknown } | undefined;
  /** Calls that came while another one was suspended, and wait for its end; undefined if none is suspended. */
  queue: (() => void)[] | undefined;

  constructor(readonly methods: Methods = native) {
    super(false);
  }

  /** `activation.resume(yield activation.pause())` is the result of the call that has suspended. */
  pause(): void {
    this.pauses++;
    this.pending = take(this.frame);
  }
  /** @throws TypeError if synchronous code resumes a generator that waits: to the program such a generator is running */
  resume(result: unknown): unknown {
    if (!this.isAwaited) throw new TypeError('Generator is already running');
    return unbox(result);
  }
}

const activations = shared.activations as WeakMap<object, Activation>;

/** Called first of all by the body of the asynchronous form of a generator. */
export function enter(): Activation {
  const activation = (shared.entering as Activation | undefined) ?? new Activation();
  shared.entering = undefined;
  activation.hasBegun = true;
  return activation;
}

/** The activation of a generator that may suspend; undefined for other objects. */
export function activationOf(generator: object): Activation | undefined {
  return activations.get(generator);
}

let isPreparing = false;

/** Called among the parameters of a generator that binds those of the source, and then yields once. The result is a key that nobody uses. */
export function prepares(): string {
  isPreparing = true;
  return '';
}

/**
 * Makes a generator object, which the asynchronous form has returned, one of the original function, and lets callers that can wait resume it.
 *
 * @param fn the generator function
 * @param impl its asynchronous form
 * @returns the object, or SUSPENDED if binding the parameters has suspended
 */
export function activate(generator: object, fn: Callable, impl: Callable): unknown {
  const isNative = types.isGeneratorObject(generator);
  const isAsynchronous = isAsync(generator, impl);
  // Functions that build tools have made of async generators make objects of other kinds, and keep their prototype.
  if (impl.prototype !== fn.prototype && (isNative || !isAsynchronous)) {
    impl.prototype = fn.prototype;
    const prototype: unknown = fn.prototype;
    if (isObject(prototype)) Object.setPrototypeOf(generator, prototype);
    else if (isNative) Object.setPrototypeOf(generator, isAsynchronous ? nativeAsync : native);
  }
  if (isAsynchronous) {
    const binds = isPreparing;
    isPreparing = false;
    return binds ? suspend(preparedAsync(generator as AsyncGenerator)) : generator;
  }
  if (isNative) activations.set(generator, new Activation());
  else {
    // Build tools lower generators to objects with methods of their own.
    const { next, return: end, throw: raise } = generator as Methods;
    activations.set(generator, new Activation({ next, return: end, throw: raise }));
    linkMethods([next, end, raise]);
  }
  if (!isPreparing) return generator;
  isPreparing = false;
  return prepared(activations.get(generator) as Activation, generator);
}

/** Runs the body to the point at which the parameters are bound. */
function prepared(activation: Activation, generator: object): unknown {
  advance(activation, generator, activation.methods.next, undefined);
  if (activation.pending === undefined) return generator;
  return suspend(toEnd(activation, generator).then(() => box(generator)));
}

/** Whether `impl` is an async generator function, or what a build tool has made of one. */
function isAsync(generator: object, impl: Callable): boolean {
  return types.isGeneratorFunction(impl) ? types.isAsyncFunction(impl) : Symbol.asyncIterator in generator;
}

/** {@link prepared} for an async generator, whose body awaits by itself. */
async function preparedAsync(generator: AsyncGenerator): Promise<unknown> {
  const { next } = types.isGeneratorObject(generator) ? nativeAsync : generator;
  await next.call(generator);
  return box(generator);
}

/** Links twins to the methods of generators. */
export function linkMethods(methods: readonly Callable[]): void {
  for (const method of methods) {
    linkTwin(method, function (this: object, value: unknown) {
      return resume(this, method, value);
    });
  }
}

/** `generator.next(value)` and the like, for a caller that can wait; `method` is what the program would call. */
export function resume(generator: object, method: Callable, value: unknown): unknown {
  const activation = activations.get(generator);
  return activation === undefined ? method.call(generator, value) : resumeActive(activation, generator, method, value);
}

/** {@link resume} for a generator that may suspend. */
export function resumeActive(activation: Activation, generator: object, method: Callable, value: unknown): unknown {
  // It is running and resumes itself: the original method throws the error of the language.
  if (activation.isAwaited) return method.call(generator, value);
  if (activation.queue !== undefined) return suspend(inTurn(activation, generator, method, value));
  const course = nextCourse();
  if (course === 'original') return method.call(generator, value);
  if (method === activation.methods.return) activation.returned = value;
  activation.frame = {};
  const result = advance(activation, generator, method, value);
  if (activation.pending === undefined) return inCourse(course, result);
  activation.queue = [];
  return suspend(toEnd(activation, generator).finally(() => release(activation)));
}

/** Runs the body to the next point at which it yields, waits or ends. */
function advance(activation: Activation, generator: object, method: Callable, value: unknown): unknown {
  activation.isAwaited = true;
  // Only a body that begins takes it. One that has begun would leave it for the next generator that begins.
  if (!activation.hasBegun) shared.entering = activation;
  try {
    return method.call(generator, value);
  } finally {
    activation.isAwaited = false;
    shared.entering = undefined;
  }
}

/** Runs a body that waits to the next point at which it yields or ends. */
async function toEnd(activation: Activation, generator: object): Promise<unknown> {
  let result: unknown;
  for (;;) {
    let method = activation.methods.next;
    let value: unknown;
    if (activation.pending !== undefined) {
      const { pending } = activation;
      activation.pending = undefined;
      try {
        value = await pending;
      } catch (error) {
        method = activation.methods.throw;
        value = error;
      }
    } else if (activation.ending !== undefined) {
      method = activation.methods.return;
      value = activation.ending.value;
      activation.ending = undefined;
    } else return box(result);
    result = advance(activation, generator, method, value);
  }
}

/** Resumes the generator after the calls that came before. */
async function inTurn(activation: Activation, generator: object, method: Callable, value: unknown): Promise<unknown> {
  const frame = beginFrame();
  await new Promise<void>((resolve) => activation.queue?.push(resolve));
  try {
    if (method === activation.methods.return) activation.returned = value;
    activation.frame = frame;
    const result = advance(activation, generator, method, value);
    return activation.pending === undefined ? box(result) : await toEnd(activation, generator);
  } finally {
    release(activation);
  }
}

function release(activation: Activation): void {
  const other = activation.queue?.shift();
  if (other === undefined) activation.queue = undefined;
  else other();
}
