/** What `using` and `await using` declare, where disposing of it may suspend (ECMA-262, DisposeResources). */
import { settled } from './iteration.js';
import { isObject } from './objects.js';
import { type Callable, twinToCall } from './protocol.js';
import type { Run } from './runs.js';
import { run, type Steps } from './steps.js';
import { notCallable } from './thrower.js';

const { dispose, asyncDispose } = Symbol as { readonly dispose?: symbol; readonly asyncDispose?: symbol };

/** Something to dispose of. */
interface Resource {
  readonly value: unknown;
  /** Undefined for `await using` of what is none: only the wait remains. */
  readonly method: Callable | undefined;
  /** Whether it is waited for: by the promise that its method returns, or, where that is the one for `using`, by one without a value. */
  readonly waits: 'no' | 'for its result' | 'for nothing';
}

/**
 * What the statements of a block declare:
 *
 *     const d = disposals();
 *     try { const x = d.use(open()); ... } catch (error) { d.fail(error); } finally { <await> d.end(); }
 *
 * With `await using`, the language's own waits stay where they are, and take the turns that they took:
 *
 *     finally { while (<await> d.step()) try { await d.value; } catch (error) { d.fail(error); } }
 */
class Disposals {
  /** What is to be awaited after a {@link step}. */
  value: unknown;
  /** Those that are left, the last one first to go. */
  readonly #resources: Resource[] = [];
  #failure: { readonly error: unknown } | undefined;
  /** Whether something that is none has to be waited for, unless something else has been. */
  #owesWait = false;
  #hasWaited = false;
  readonly #run: Run | undefined;

  constructor(run: Run | undefined) {
    this.#run = run;
  }

  /**
   * `using x = value`
   *
   * @returns value
   * @throws TypeError if it cannot be disposed of
   */
  use<T>(value: T): T {
    if (value === null || value === undefined) return value;
    this.#resources.push({ value, method: requiredMethod(value, dispose), waits: 'no' });
    return value;
  }

  /** `await using x = value` */
  useAsync<T>(value: T): T {
    if (value === null || value === undefined) {
      this.#resources.push({ value, method: undefined, waits: 'for nothing' });
      return value;
    }
    const own = methodOf(checkedObject(value), asyncDispose);
    const method = own ?? requiredMethod(value, dispose);
    this.#resources.push({ value, method, waits: own === undefined ? 'for nothing' : 'for its result' });
    return value;
  }

  /** Notes that the block, or a wait for what it has disposed of, has thrown `error`. */
  fail(error: unknown): void {
    this.#failure = { error: this.#failure === undefined ? error : suppressed(error, this.#failure.error) };
  }

  /** Has to be called however a block with `using` ends. May suspend. */
  end(): unknown {
    return this.#resources.length === 0 ? this.#ended() : run(this.#steps());
  }

  /** The same for one with `await using`: true if {@link value} is to be awaited, after which there is another step. May suspend. */
  step(): unknown {
    return run(this.#steps());
  }

  *#steps(): Steps<boolean> {
    // Asked once: while the generator around waits in one of the steps, nobody runs it.
    const isAwaited = this.#run === undefined || this.#run.isAwaited;
    for (let resource = this.#resources.pop(); resource !== undefined; resource = this.#resources.pop()) {
      const { value, method, waits } = resource;
      if (method === undefined) {
        this.#owesWait = true;
        continue;
      }
      if (waits === 'no' && this.#paysWait()) {
        this.#resources.push(resource);
        return true;
      }
      try {
        const result = yield* settled(Reflect.apply(isAwaited ? (twinToCall(method) ?? method) : method, value, []));
        if (waits === 'no') continue;
        this.value = waits === 'for nothing' ? undefined : result;
      } catch (error) {
        if (waits !== 'for nothing') {
          this.fail(error);
          continue;
        }
        this.value = Promise.reject(error);
      }
      this.#hasWaited = true;
      return true;
    }
    if (this.#paysWait()) return true;
    this.#ended();
    return false;
  }

  /** Whether the wait is due for what is none. */
  #paysWait(): boolean {
    const isDue = this.#owesWait && !this.#hasWaited;
    this.#owesWait = false;
    if (isDue) this.value = undefined;
    return isDue;
  }

  #ended(): void {
    if (this.#failure !== undefined) throw this.#failure.error;
  }
}

function checkedObject(value: unknown): object {
  if (isObject(value)) return value;
  throw new TypeError('An object is expected with `using` declarations');
}

function methodOf(value: object, key: symbol | undefined): Callable | undefined {
  const method = (value as Record<symbol, unknown>)[key as symbol];
  if (method === undefined || method === null) return undefined;
  if (typeof method !== 'function') throw notCallable(String(key));
  return method as Callable;
}

function requiredMethod(value: unknown, key: symbol | undefined): Callable {
  const method = methodOf(checkedObject(value), key);
  if (method === undefined) throw notCallable(String(key));
  return method;
}

type SuppressedErrorConstructor = new (error: unknown, suppressed: unknown, message: string) => Error;

/** The error of a disposal behind another error. Before Node 24, what TypeScript makes of it where it writes `using` otherwise. */
function suppressed(error: unknown, before: unknown): Error {
  const { SuppressedError } = globalThis as { SuppressedError?: SuppressedErrorConstructor };
  if (SuppressedError !== undefined)
    return new SuppressedError(error, before, 'An error was suppressed during disposal');
  const made = new Error('An error was suppressed during disposal.');
  return Object.assign(made, { name: 'SuppressedError', error, suppressed: before });
}

/** @param run the run of the body that contains the block, if callers that cannot wait may run it, too */
export function disposals(run?: Run): Disposals {
  return new Disposals(run);
}
