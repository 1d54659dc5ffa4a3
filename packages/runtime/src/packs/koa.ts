/** Root adapters of Koa and its router, which await what middleware returns. */
import { asyncCallback, uncaughtCallback } from '../node/roots/wrap.js';
import { bag, linkNames, METHODS, mainExport } from './exports.js';

export function applyKoa(koa: unknown): void {
  const { prototype } = bag(mainExport(koa));
  linkNames(prototype, ['use'], [0], asyncCallback);
  linkNames(prototype, ['listen'], 'last', uncaughtCallback);
}

export function applyKoaRouter(router: unknown): void {
  const { prototype } = bag(mainExport(router) ?? bag(router).Router);
  linkNames(prototype, [...METHODS, 'del', 'use', 'param', 'register'], 'all', asyncCallback);
}
