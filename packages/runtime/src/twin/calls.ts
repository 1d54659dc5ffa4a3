/**
 * Calls of asynchronous forms that are `async` functions. Such a function runs to its end at once where nothing suspends; what it has come to by then
 * it leaves in its {@link Call}, so that who has called it gets that at once as well, as from the original.
 *
 * See docs/decisions/0032-forms-run-to-their-first-suspension.md.
 */
import { box, type Callable, type Frame, SUSPENDED, shared, suspend, take, takeOutermost, unbox } from './protocol.js';
import { Run } from './runs.js';
import { type Course, delayed, isDelayed } from './schedule.js';

const NONE: unknown = Symbol('none');
/** Has been waited for as far as a body can tell, so that it rejects where it fails. */
const SETTLED: Promise<unknown> = Promise.resolve();

/**
 * One call of a form, which has it as `$`.
 *
 * One is made for each call: its fields are set by the constructor and nowhere else, which V8 does fastest.
 */
export class Call extends Run implements Frame {
  /**
   * Its body runs, and tells it what it comes to. Not so with what returns a promise in any case: a function that is linked by hand, a body that cannot
   * tell, one whose parameters have failed. Nor with generators.
   */
  declare isTold: boolean;
  /** What has been returned to it last. */
  declare it: unknown;
  /** What it waits for, or has waited for last: if there is something, whoever made it has gone on since. */
  declare p: Promise<unknown> | undefined;
  /** What it has returned. */
  declare returned: unknown;
  /**
   * What it has thrown. The body ends with `catch (e) { $.e = e; if ($.p) throw e; }`: without a call, because errors of a full stack have to get there,
   * too; and without a rejection for which nobody waits.
   */
  declare e: unknown;
  /** As of any other frame. */
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
 * The call for which a form is called next. It stays in the register until the body takes it; what was there before has to come back behind it, since
 * parameters call functions, too: `const outer = shared.calling; const call = making(); try { impl(...) } finally { shared.calling = outer; }`.
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

/** {@link begin} of a body that cannot tell what it comes to: its caller waits for the promise. */
export function apart(): Call {
  shared.calling = undefined;
  return new Call(true, true, SETTLED);
}

/** What a body has returned or thrown without waiting. */
export function outcome(call: Call): unknown {
  if (call.e !== NONE) throw call.e;
  return call.returned;
}

/** What a call by someone who can wait comes to, when its body has returned or waits. */
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

/** Calls `impl`: an asynchronous form, but for that of a generator, or a function that returns nothing and suspends nothing. */
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
