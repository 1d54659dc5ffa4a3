/** Decisions of the colouring phase, which rewriting carries out. */

/**
 * - `twin`: the function keeps its original and gets an asynchronous form linked to it.
 * - `once`: likewise, but its text stands once, as the asynchronous form, which the original runs without waiting.
 * - `inPlace`: an `async` function or generator whose own calls are rewritten.
 * Functions that stay as they are have no plan.
 */
export type FunctionForm = 'twin' | 'once' | 'inPlace';

export interface FunctionPlan {
  readonly form: FunctionForm;
  /** A method that Node's streams call, and that signals its end by a callback: streams start its asynchronous form. */
  readonly streamMethod: boolean;
  /** Written once, it waits for nothing but what it returns. */
  readonly isTail?: boolean;
  /** Written once, it needs no original: all who call it are written once, and may suspend there. */
  readonly isSole?: boolean;
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

/** Keyed by the span of the member expression, the property of a pattern, or the spread or rest element. */
export interface AccessPlan {
  /** The code around is sloppy: a write that fails is silent. */
  readonly sloppy: boolean;
}

/** A function nested in this many originals is not given an asynchronous form there: every level would double the text. */
export const MAX_ORIGINALS = 2;

/** Nor is one that is nested in this many asynchronous forms: there its text would be written once more for each of them. */
export const MAX_TWINS = 6;

/**
 * In how many originals what stands in an original is nested. The original of a function that is made in an asynchronous form runs only where
 * that hands it to somebody who cannot wait: what it makes is not worth its text.
 *
 * @param originals those around it
 * @param twins the asynchronous forms around it
 */
export function originalsWithin(originals: number, twins: number): number {
  return twins > 0 ? Math.max(MAX_ORIGINALS, originals + 1) : originals + 1;
}
