/**
 * Generators whose `next`, `return` and `throw` may suspend.
 *
 * The asynchronous form of a generator is a generator too. Who calls its `next` synchronously runs it synchronously; the twin of `next`
 * lets it know that it may wait: it then yields to say that it waits for something, which the twin tells from the program's own
 * `yield` by {@link Activation.pause}, awaits, and resumes it with. See docs/decisions/0018-generators-stay-generators.md.
 */
import { callee, constructorRegistrar, creator, method, methodRegistrar, registrar } from './callee.js';
import { box, type Callable, shared, suspend, take, unbox } from './protocol.js';
import { late, nextCourse } from './start.js';

/** One run of a generator's body. Compiled code has it at hand and asks it for whatever it calls. */
export class Activation {
  /** Whether the body is being run for someone who can wait. */
  isAwaited = false;
  /** What the body waits for. */
  pending: Promise<unknown> | undefined;
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

  /** `f(x)` in the body: `activation.callee(f, "f")(x)`. */
  callee(fn: unknown, text: string): Callable {
    return this.isAwaited ? callee(fn, text) : registrar(fn, text);
  }
  method(fn: unknown, text: string): Callable {
    return this.isAwaited ? method(fn, text) : methodRegistrar(fn, text);
  }
  creator(ctor: unknown, text: string): Callable {
    if (this.isAwaited) return creator(ctor, text);
    const found = constructorRegistrar(ctor, text);
    return (...args) => new found(...args);
  }
  /** `activation.resume(yield activation.pause())` is the result of the call that has suspended. */
  pause(): void {
    this.pauses++;
    this.pending = take();
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
  return activation;
}

/** Whether an object is a generator that may suspend. */
export function isSuspendable(generator: object): boolean {
  return activations.has(generator);
}

/** The twin of the generator function `fn`, of which `impl` is the asynchronous form. */
export function generatorTwin(fn: Callable, impl: Callable): Callable {
  return function (this: unknown) {
    // biome-ignore lint/complexity/noArguments: forwarding `arguments` unread is free in V8; a rest array is not.
    const args = arguments;
    if (nextCourse() === 'original') return Reflect.apply(fn, this, args);
    if (impl.prototype !== fn.prototype) impl.prototype = fn.prototype;
    const generator = impl.apply(this, args as never) as object;
    activations.set(generator, new Activation());
    return generator;
  };
}

/** `generator.next(value)` and the like, by someone who can wait; `native` is the builtin. */
export function resume(generator: object, native: Callable, args: readonly unknown[]): unknown {
  const activation = activations.get(generator);
  // Its own body gets the language's error.
  if (activation === undefined || activation.isAwaited) return Reflect.apply(native, generator, args);
  if (activation.queue !== undefined) return suspend(inTurn(activation, generator, native, args));
  const course = nextCourse();
  if (course === 'original') return Reflect.apply(native, generator, args);
  if (native === end) activation.returned = args[0];
  const result = advance(activation, generator, native, args);
  if (activation.pending === undefined) return course === 'late' ? suspend(late(Promise.resolve(box(result)))) : result;
  activation.queue = [];
  return suspend(toEnd(activation, generator).finally(() => release(activation)));
}

/** Runs the body to the next point at which it yields, waits or ends. */
function advance(activation: Activation, generator: object, native: Callable, args: readonly unknown[]): unknown {
  activation.isAwaited = true;
  shared.entering = activation;
  try {
    return Reflect.apply(native, generator, args);
  } finally {
    activation.isAwaited = false;
    shared.entering = undefined;
  }
}

/** Runs the body, which waits, to the next point at which it yields or ends. */
async function toEnd(activation: Activation, generator: object): Promise<unknown> {
  let result: unknown;
  for (;;) {
    let native = next;
    let value: unknown;
    if (activation.pending !== undefined) {
      const { pending } = activation;
      activation.pending = undefined;
      try {
        value = await pending;
      } catch (error) {
        native = raise;
        value = error;
      }
    } else if (activation.ending !== undefined) {
      native = end;
      value = activation.ending.value;
      activation.ending = undefined;
    } else return box(result);
    result = advance(activation, generator, native, [value]);
  }
}

const {
  next,
  return: end,
  throw: raise,
} = Object.getPrototypeOf(function* () {}).prototype as Record<'next' | 'return' | 'throw', Callable>;

/** Runs the body once those have ended that came before. */
async function inTurn(
  activation: Activation,
  generator: object,
  native: Callable,
  args: readonly unknown[],
): Promise<unknown> {
  await new Promise<void>((resolve) => activation.queue?.push(resolve));
  try {
    if (native === end) activation.returned = args[0];
    const result = advance(activation, generator, native, args);
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
