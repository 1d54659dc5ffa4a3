/** Root adapters of Koa and its router, which await what middleware returns. */
import { silenceConnectionUntil } from '../node/roots/connections.js';
import { started, uncaughtCallback } from '../node/roots/wrap.js';
import { unbox } from '../twin/protocol.js';
import { bag, linkNames, METHODS, mainExport } from './exports.js';

/** Middleware is `(context, next)`, that of parameters `(value, context, next)`. */
function middleware(value: unknown): unknown {
  return started(value, (pending, args) => {
    const responses = args.map((arg) => bag(arg).res);
    silenceConnectionUntil(responses, pending);
    return pending.then(unbox);
  });
}

export function applyKoa(koa: unknown): void {
  const { prototype } = bag(mainExport(koa));
  linkNames(prototype, ['use'], [0], middleware);
  linkNames(prototype, ['listen'], 'last', uncaughtCallback);
}

export function applyKoaRouter(router: unknown): void {
  const { prototype } = bag(mainExport(router) ?? bag(router).Router);
  linkNames(prototype, [...METHODS, 'del', 'use', 'param', 'register'], 'all', middleware);
}
