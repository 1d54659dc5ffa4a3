/** Decisions of the colouring phase, which rewriting carries out. */

/**
 * - `twin`: the function keeps its original and gets an asynchronous form linked to it.
 * - `inPlace`: an `async` function (not a generator) whose own calls are rewritten.
 * Functions that stay as they are have no plan.
 */
export type FunctionForm = 'twin' | 'inPlace';

export interface FunctionPlan {
  readonly form: FunctionForm;
  /** A method that Node's streams call, and that signals its end by a callback: streams start its asynchronous form. */
  readonly streamMethod: boolean;
  /** It may be asked for as `arguments.callee`, which its asynchronous form sets. */
  readonly isCallee: boolean;
}

/** The runtime's helper that an expression is put into. */
export type Wrapper = CallbackForm | 'unshared';

/**
 * How a callback is handed to code that has no root adapter; the name of the runtime's helper.
 * - `asyncCallback`: it returns a promise where it suspends.
 * - `testBody`: likewise, unless it takes the callback by which tests say that they are done.
 */
export type CallbackForm = 'asyncCallback' | 'testBody';

/** Keyed by the span of the call, `new` or tagged template expression. */
export interface CallPlan {
  /** In an asynchronous form the callee may suspend: it is looked up, and a suspension awaited. */
  readonly suspends: boolean;
  /** An argument may have a twin: where the call stays synchronous, the callee's root adapter is looked up. */
  readonly registers: boolean;
}

/**
 * A function nested in this many originals is not given an asynchronous form there: every level would double the text. In the
 * asynchronous forms of its enclosing functions it has one however deep it lies.
 */
export const MAX_ORIGINALS = 2;
