/** Root adapters of Express 4 and 5, and of Connect. */
import { outsideScopes } from '../green/interruption.js';
import { silenceConnectionUntil } from '../node/roots/connections.js';
import { delayEmission } from '../node/roots/listenerOrder.js';
import { throwUncaught } from '../node/roots/uncaught.js';
import { dress, type Replace, uncaughtCallback } from '../node/roots/wrap.js';
import { type Callable, SUSPENDED, takeOutermost, twinOf, unbox } from '../twin/protocol.js';
import { type Continuation, continuationOf, reportSuspended } from './continuation.js';
import { bag, linkNames, METHODS, mainExport } from './exports.js';
import { engine, linkRendering } from './expressViews.js';

/**
 * Replaces handlers. A rejection goes to `next`, with the same value as the throw that it stands for: the routers pass whatever is
 * thrown to `next`, even undefined, which then counts as no error.
 *
 * @param nextAt position of `next`, by the number of parameters
 * @param awaitsResult whether the router looks at promises that handlers return (Express 5)
 */
function handlers(nextAt: (arity: number) => number, awaitsResult: boolean): Replace {
  return (value) => {
    const twin = twinOf(value);
    if (twin === undefined) return value;
    const handler = value as Callable;
    const at = nextAt(handler.length);
    return dress(function (this: unknown, ...args: unknown[]): unknown {
      const continuation = continuationOf(args[at]);
      if (continuation !== undefined) args[at] = continuation.next;
      const result = outsideScopes(twin, this, args);
      if (result !== SUSPENDED) {
        if (continuation !== undefined && continuation.started.length > 0) reportSuspended(() => endOf(continuation));
        return result;
      }
      const pending = takeOutermost();
      delayEmission(pending);
      const fail = (error: unknown): void => {
        try {
          (args[at] as Callable)(error);
        } catch (thrown) {
          throwUncaught(thrown);
        }
      };
      const settled = awaitsResult ? pending.then(unbox, fail) : pending.then(undefined, fail);
      if (continuation !== undefined) {
        const ended = () => endOf(continuation);
        // Registered behind the above: what handles the error has been started by then.
        reportSuspended(() => pending.then(ended, ended));
      }
      silenceConnectionUntil(args, pending);
      return awaitsResult ? settled : undefined;
    }, handler);
  };
}

/** Resolves when everything has ended that a handler's `next` has started. */
function endOf({ started }: Continuation): Promise<unknown> {
  return Promise.all(started);
}

/** Handlers are `(req, res, next)`, error handlers `(err, req, res, next)`: the routers tell them apart by their length. */
const afterRequest = (arity: number): number => (arity === 4 ? 3 : 2);
/** Handlers of parameters are `(req, res, next, value, name)`. */
const ofParameter = (): number => 2;

/** Links the routing methods of `express`, the package's main export or a namespace object with it. */
export function applyExpress(express: unknown): void {
  const main = bag(mainExport(express));
  // Express 4 keeps the methods of routers on the Router function; Express 5 on its prototype, and awaits handlers.
  const awaitsResult = typeof bag(bag(main.Router).prototype).use === 'function';
  const routers = [main.application, main.Router, bag(main.Router).prototype, bag(main.Route).prototype];
  for (const router of routers) {
    linkNames(router, [...METHODS, 'del', 'use'], 'all', handlers(afterRequest, awaitsResult));
    linkNames(router, ['param'], [1], handlers(ofParameter, awaitsResult));
  }
  linkNames(main.application, ['listen'], 'last', uncaughtCallback);
  linkNames(main.application, ['engine'], [1], engine);
  linkNames(main.response, ['sendFile', 'sendfile', 'download'], 'last', uncaughtCallback);
  linkRendering(main.application);
  linkRendering(main.response);
}

/** Links the methods that all apps of `connect` share. They can only be had from an app. */
export function applyConnect(connect: unknown): void {
  const app: unknown = mainExport(connect)?.();
  linkNames(app, ['use'], 'all', handlers(afterRequest, false));
  linkNames(app, ['listen'], 'last', uncaughtCallback);
}
