/**
 * Promises call executors, and what `Promise.try` is given, before they return: asynchronous code waits for both, as it did, and then has
 * the promise as a value.
 */
import { box, type Callable, linkConstruction, linkTwin, SUSPENDED, suspend, take, twinOf } from '../twin/protocol.js';
import { call, run, type Steps } from '../twin/steps.js';

type Settle = (value: unknown) => void;

export function installPromise(): void {
  linkConstruction(Promise, construct);
  // Node 24 and later.
  const attempt = (Promise as { try?: Callable }).try;
  if (attempt === undefined) return;
  linkTwin(attempt, function (this: unknown, ...args: unknown[]): unknown {
    const [callback, ...given] = args;
    if (twinOf(callback) === undefined) return Reflect.apply(attempt, this, args);
    return run(attempted(attempt, this, callback as Callable, given));
  });
}

function* attempted(attempt: Callable, self: unknown, callback: Callable, args: unknown[]): Steps {
  let outcome: () => unknown;
  try {
    const value = yield* call(callback, undefined, args);
    outcome = () => value;
  } catch (error) {
    outcome = () => {
      throw error;
    };
  }
  return Reflect.apply(attempt, self, [outcome]);
}

/**
 * `new Promise(executor)`. Before the executor has finished nobody has the promise, and nobody can handle its rejection: until then it is
 * not settled.
 */
function construct(target: Callable, args: readonly unknown[]): unknown {
  const twin = twinOf(args[0]);
  // Classes that extend Promise may do anything with what their executors are given.
  if (twin === undefined || target !== (Promise as unknown)) return Reflect.construct(Promise, args, target);
  let held: (() => void)[] | undefined = [];
  const holding =
    (settle: Settle): Settle =>
    (value) => {
      if (held === undefined) settle(value);
      else held.push(() => settle(value));
    };
  const { promise, resolve, reject } = deferred();
  const finish = (): void => {
    for (const settle of held ?? []) settle();
    held = undefined;
  };
  const fail = (error: unknown): void => {
    finish();
    reject(error);
  };
  try {
    if (twin(holding(resolve), holding(reject)) === SUSPENDED) return suspend(finished(take()));
    finish();
  } catch (error) {
    fail(error);
  }
  return promise;

  async function finished(pending: Promise<unknown>): Promise<unknown> {
    await pending.then(finish, fail);
    return box(promise);
  }
}

function deferred() {
  let resolve: Settle | undefined;
  let reject: Settle | undefined;
  const promise = new Promise((...settle) => {
    [resolve, reject] = settle;
  });
  return { promise, resolve: resolve as unknown as Settle, reject: reject as unknown as Settle };
}
