/**
 * Calls of asynchronous forms that are `async` functions. If nothing suspends, such a function runs to its end at once. It leaves its result or error in its
 * {@link Call}, so that the caller gets that at once, too, as from the original, and need not wait for the promise.
 *
 * See docs/decisions/0032-forms-run-to-their-first-suspension.md.
 */
import { box, type Callable, type Frame, SUSPENDED, shared, suspend, take, takeOutermost, unbox } from './protocol.js';
import { Run } from './runs.js';
import { type Course, delayed, isDelayed } from './schedule.js';

const NONE: unknown = Symbol('none');
/** A value of {@link Call.p} for bodies that always return a promise: as if they had waited already, so that errors reject it. */
const SETTLED: Promise<unknown> = Promise.resolve();

/**
 * One call of a form. The body has it as `$`.
 *
 * Since one is made for each call, all fields are set in the constructor only: that is what V8 does fastest.
 */
export class Call extends Run implements Frame {
  /**
   * True if the body has begun and will leave its result here. False for generators, and for functions that return a promise in any case: those linked by hand, bodies
   * that use {@link apart}, and calls whose parameters have thrown.
   */
  declare isTold: boolean;
  /** The result of the last call in the body. */
  declare it: unknown;
  /** The promise that it waits for, or has waited for last. If set, the caller has gone on without the result. */
  declare p: Promise<unknown> | undefined;
  /** What the body has returned. */
  declare returned: unknown;
  /**
   * What the body has thrown. It ends with `catch (e) { $.e = e; if ($.p) throw e; }`. That calls nothing, so that it works when the stack is full, and it rejects the
   * promise only if somebody waits for it.
   */
  declare e: unknown;
  /** See {@link Frame}. */
  declare turn: unknown;

  constructor(isAwaited: boolean, isTold: boolean, pending?: Promise<unknown>) {
    super(isAwaited);
    this.isTold = isTold;
    this.it = undefined;
    this.p = pending;
    this.returned = undefined;
    this.e = NONE;
    this.turn = undefined;
  }

  /** `($.is(f(x)) && $.got(await $.p), $.it)` is the result of a call that may suspend. */
  is(result: unknown): boolean {
    this.it = result;
    if (result !== SUSPENDED) return false;
    this.p = take(this);
    return true;
  }
  got(result: unknown): void {
    this.it = unbox(result);
  }
  /** `return value` in the body: `return $.box(value)`. */
  box(value: unknown): unknown {
    this.returned = value;
    return box(value);
  }
  /** `return f(x)` in the body: `return $.is(f(x)) ? await $.p : $.done()`. */
  done(): unknown {
    return this.box(this.it);
  }
}

/**
 * Makes the call for the form that is called next, and leaves it in the register `shared.calling`, from where the body takes it. Default values of parameters run before
 * the body and may call other forms, so the caller restores the register:
 * `const outer = shared.calling; const call = making(); try { impl(...) } finally { shared.calling = outer; }`.
 */
export function making(): Call {
  const call = new Call(true, false);
  shared.calling = call;
  return call;
}

/** What a body begins with: `const $ = $begin()`. */
export function begin(): Call {
  const call = shared.calling as Call | undefined;
  if (call === undefined) return apart();
  shared.calling = undefined;
  call.isTold = true;
  return call;
}

/** {@link begin} for a body that cannot leave its result in the call: its caller waits for the promise. */
export function apart(): Call {
  shared.calling = undefined;
  return new Call(true, true, SETTLED);
}

/** Returns or throws what a body has returned or thrown without waiting. */
export function outcome(call: Call): unknown {
  if (call.e !== NONE) throw call.e;
  return call.returned;
}

/** The result of a call whose caller can wait, when the body has returned or waits. */
export function ended(call: Call, returned: unknown, course: Course | undefined): unknown {
  if (isDelayed(course))
    return suspend(delayed(call.p !== undefined ? (returned as Promise<unknown>) : settled(call), course));
  return call.p !== undefined ? suspend(returned as Promise<unknown>) : outcome(call);
}

/** A promise of what the body has returned or thrown without waiting itself. */
async function settled(call: Call): Promise<unknown> {
  const result = outcome(call);
  return result === SUSPENDED ? takeOutermost() : box(result);
}

/** Calls `impl`, an asynchronous form that is not a generator, or a function that neither returns anything nor suspends. */
export function callForm(impl: Callable, self: unknown, args: readonly unknown[], course?: Course): unknown {
  const outer = shared.calling;
  const call = making();
  let returned: Promise<unknown> | undefined;
  try {
    returned = Reflect.apply(impl, self, args);
  } finally {
    shared.calling = outer;
  }
  if (call.isTold) return ended(call, returned, course);
  if (returned === undefined) return undefined;
  return suspend(isDelayed(course) ? delayed(returned, course) : returned);
}
