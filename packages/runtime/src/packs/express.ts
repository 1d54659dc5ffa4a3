/** Root adapters of Express 4 and 5, and of Connect. */
import { started, uncaughtCallback } from '../node/roots/wrap.js';
import { type Callable, unbox } from '../twin/protocol.js';
import { bag, linkNames, mainExport } from './exports.js';
import { METHODS } from './methods.js';

/**
 * `value` where a router takes handlers. A rejection goes to `next`, with the same value as the throw that it stands for: Express passes what
 * is thrown to `next`, even undefined, which then counts as no error.
 *
 * @param awaitsResult whether the router looks at promises that handlers return (Express 5)
 */
function handler(value: unknown, awaitsResult: boolean): unknown {
  const arity = typeof value === 'function' ? value.length : 0;
  // (err, req, res, next), (req, res, next), and for parameters (req, res, next, value, name), which may declare fewer or more.
  const nextAt = arity === 4 ? 3 : 2;
  return started(value, (pending, args) => {
    const next = args[nextAt] as Callable;
    const finished = pending.then(unbox, (error) => next(error));
    return awaitsResult ? finished : undefined;
  });
}
