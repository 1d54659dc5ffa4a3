/** From the paths of flow analysis (`express().get`, `http.createServer().on`) to rows of the catalogue. */
import { ROOTS, type RootRow } from './roots.js';

const BY_PATH: ReadonlyMap<string, RootRow> = new Map(
  ROOTS.map((row) => [row.module === 'global' ? row.path : `${row.module.replace(/^node:/, '')}.${row.path}`, row]),
);

/** Values that factories make, and the objects on which the catalogue lists their methods. */
const MADE_BY: readonly (readonly [RegExp, string])[] = [
  [/^express\(\)\./, 'express.application.'],
  [/^express\.Router\(\)\./, 'express.Router.'],
  [/^express(\.Router)?\(\)\.route\(\)\.(?:\w+\(\)\.)*/, 'express.Route.prototype.'],
  [/^koa\(\)\./, 'koa.prototype.'],
  [/^connect\(\)\./, 'connect.Server.'],
  [/^fastify(\.fastify)?\(\)\./, 'fastify.FastifyInstance.'],
  [/^((?:@koa\/|koa-)router)\(\)\./, '$1.prototype.'],
];

/** The root that a path names, if it is one. */
export function rootAt(path: string): RootRow | undefined {
  const direct = BY_PATH.get(path);
  if (direct !== undefined) return direct;
  for (const [pattern, owner] of [...MADE_BY].reverse()) {
    if (pattern.test(path)) return BY_PATH.get(path.replace(pattern, owner));
  }
  return undefined;
}

const LISTENER_METHODS = ['on', 'once', 'addListener', 'prependListener', 'prependOnceListener', 'addEventListener'];

/** Whether a method of this name registers an event listener, where the receiver is not known to be anything else. */
export function isListenerMethod(name: string): boolean {
  return LISTENER_METHODS.includes(name);
}

const ROOT_METHODS: ReadonlySet<string> = new Set(['then', 'catch', 'finally', ...LISTENER_METHODS]);

/** Whether a method of this name starts its callbacks, where the receiver is not known to be anything else. */
export function isRootMethod(name: string): boolean {
  return ROOT_METHODS.has(name);
}

/** What people call a root: `express application.get`, `setTimeout`. */
export function rootName(row: RootRow): string {
  return row.module === 'global' ? row.path : `${row.module} ${row.path}`;
}
