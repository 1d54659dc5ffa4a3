/**
 * Generators whose `next`, `return` and `throw` may suspend.
 *
 * The asynchronous form of a generator is a generator too. Who calls its `next` synchronously runs it synchronously; the twin of `next`
 * lets it know that it may wait: it then yields to say that it waits for something, which the twin tells from the program's own
 * `yield` by {@link Activation.pause}, awaits, and resumes it with. See docs/decisions/0018-generators-stay-generators.md.
 */
import { types } from 'node:util';
import { isObject } from './objects.js';
import { beginFrame, box, type Callable, type Frame, linkTwin, shared, suspend, take, unbox } from './protocol.js';
import { Run } from './runs.js';
import { inCourse, nextCourse } from './schedule.js';

/** The methods by which a generator is resumed. */
export type Methods = Readonly<Record<'next' | 'return' | 'throw', Callable>>;

/** Those of the language. */
export const native: Methods = Object.getPrototypeOf(function* () {}).prototype;

const nativeAsync: AsyncGenerator = Object.getPrototypeOf(async function* () {}).prototype;

/** One run of a generator's body. */
export class Activation extends Run {
  /** Whether the body has begun. */
  hasBegun = false;
  /** What the body waits for. */
  pending: Promise<unknown> | undefined;
  /** The call that resumes it. */
  frame: Frame = {};
  /** How often it has waited. */
  pauses = 0;
  /** What `return` has last been called with by someone who can wait. */
  returned: unknown;
  /**
   * What `return` is to be called with once more: the language takes the end of a delegation that has waited for the answer to a `next`,
   * after which the body would go on.
   */
  ending: { readonly value: unknown } | undefined;
  /** Calls that wait for the end of one that has suspended; undefined while none has. */
  queue: (() => void)[] | undefined;

  constructor(readonly methods: Methods = native) {
    super(false);
  }

  /** `activation.resume(yield activation.pause())` is the result of the call that has suspended. */
  pause(): void {
    this.pauses++;
    this.pending = take(this.frame);
  }
  /** @throws TypeError where synchronous code resumes a generator that waits for something: it is running, as far as anybody can tell */
  resume(result: unknown): unknown {
    if (!this.isAwaited) throw new TypeError('Generator is already running');
    return unbox(result);
  }
}

const activations = shared.activations as WeakMap<object, Activation>;

/** The first thing that the asynchronous form of a generator does when it is run. */
export function enter(): Activation {
  const activation = (shared.entering as Activation | undefined) ?? new Activation();
  shared.entering = undefined;
  activation.hasBegun = true;
  return activation;
}

/** That of an object which is a generator that may suspend. */
export function activationOf(generator: object): Activation | undefined {
  return activations.get(generator);
}

let isPreparing = false;

/** Evaluated among the parameters of a generator that binds those of the source first, and then yields. Its result means nothing. */
export function prepares(): string {
  isPreparing = true;
  return '';
}

/**
 * Lets the object that the asynchronous form of a generator has made be resumed by those who can wait. It is an object of the original.
 *
 * @param fn the generator function
 * @param impl its asynchronous form
 * @returns the object, or that binding the parameters has suspended
 */
export function activate(generator: object, fn: Callable, impl: Callable): unknown {
  const isNative = types.isGeneratorObject(generator);
  const isAsynchronous = isAsync(generator, impl);
  // What build tools have lowered makes objects of other kinds, unless it is given a prototype.
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

/** Whether it is an async generator, or what a build tool has lowered one to. */
function isAsync(generator: object, impl: Callable): boolean {
  return types.isGeneratorFunction(impl) ? types.isAsyncFunction(impl) : Symbol.asyncIterator in generator;
}

/** {@link prepared} of an async generator, whose body waits by itself. */
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

/** `generator.next(value)` and the like, by someone who can wait; `method` is the one that the program would call. */
export function resume(generator: object, method: Callable, value: unknown): unknown {
  const activation = activations.get(generator);
  return activation === undefined ? method.call(generator, value) : resumeActive(activation, generator, method, value);
}

/** {@link resume} of a generator that may suspend. */
export function resumeActive(activation: Activation, generator: object, method: Callable, value: unknown): unknown {
  // Its own body gets the language's error.
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
  // A body that has begun would leave it to the next generator that begins.
  if (!activation.hasBegun) shared.entering = activation;
  try {
    return method.call(generator, value);
  } finally {
    activation.isAwaited = false;
    shared.entering = undefined;
  }
}

/** Runs the body, which waits, to the next point at which it yields or ends. */
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

/** Runs the body once those have ended that came before. */
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
