/** How twins call blocking functions that the monitor watches. */

/** Property of a function that the monitor has put in the place of another: the form of it for {@link asTwinsCall}. */
export const TWIN_FORM: unique symbol = Symbol.for('unblock.monitor.twinForm') as never;

/**
 * `fn` as twins call it: in place where that is quicker than handing it over, or with arguments that it refuses. Such calls are no news for
 * the monitor, unless one takes long.
 */
export function asTwinsCall<F extends object>(fn: F): F {
  return (fn as { readonly [TWIN_FORM]?: F })[TWIN_FORM] ?? fn;
}
