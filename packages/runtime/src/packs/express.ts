/** Root adapters of Express 4 and 5, and of Connect. */
import { throwUncaught } from '../node/roots/uncaught.js';
import { type Replace, started, uncaughtCallback } from '../node/roots/wrap.js';
import { type Callable, unbox } from '../twin/protocol.js';
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
  return (handler) =>
    started(handler, (pending, args) => {
      const next = args[nextAt((handler as Callable).length)] as Callable;
      const fail = (error: unknown): void => {
        try {
          next(error);
        } catch (thrown) {
          throwUncaught(thrown);
        }
      };
      if (awaitsResult) return pending.then(unbox, fail);
      pending.then(undefined, fail);
      return undefined;
    });
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
