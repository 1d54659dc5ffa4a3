/** Root adapters and twins of packages, and of a module of Node's that is loaded only where a program uses it. */
import { applyLibpq } from '../pg/libpq.js';
import { applyPgNative } from '../pg/pgNative.js';
import { applyConnect, applyExpress } from './express.js';
import { applyFastify } from './fastify.js';
import { applyKoa, applyKoaRouter } from './koa.js';
import { applyTest } from './nodeTest.js';

const PACKS: Readonly<Record<string, (exports: unknown) => void>> = {
  express: applyExpress,
  connect: applyConnect,
  koa: applyKoa,
  '@koa/router': applyKoaRouter,
  'koa-router': applyKoaRouter,
  fastify: applyFastify,
  libpq: applyLibpq,
  'pg-native': applyPgNative,
  'node:test': applyTest,
};

/** Names of the packages and modules that {@link pack} knows. */
export const PACK_NAMES: readonly string[] = Object.keys(PACKS);

const applied = new WeakSet<object>();

/**
 * Links the root adapters and twins of the package `name`. Compiled modules call it after importing a package; names that are not known and
 * further calls do nothing.
 *
 * @param exports what the package exports: its function or class, or a namespace object with it as `default`
 */
export function pack(name: string, exports: unknown): void {
  if (!Object.hasOwn(PACKS, name)) return;
  if ((typeof exports !== 'object' && typeof exports !== 'function') || exports === null || applied.has(exports))
    return;
  applied.add(exports);
  PACKS[name]?.(exports);
}
