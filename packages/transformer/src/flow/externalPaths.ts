/**
 * Names for values that come from outside the program: `fs.readFileSync`, `express().get`. Only what the catalogue speaks of is told
 * apart; all else is one value, because names that could grow freely (`x = x[k]`) would have no end.
 */
import { blockingAt, isBlockingObject, objectMadeBy } from '../catalogue/blocking.js';
import { REGEXP, SNAPSHOT, SNAPSHOT_MAKER } from '../catalogue/builtins.js';
import { catalogueSegments, makesServer, nodeSegments, receiverReturnedBy, spawns } from '../catalogue/paths.js';
import { emitterMadeBy } from '../catalogue/subclasses.js';

/** Results of Node's own functions, whatever they are: none holds a function of the program that was not assigned to it. */
export const NODE_RESULT = 'node()';
/** What comes from uncompiled packages and unknown globals, which may be or hold functions of the program. */
export const FOREIGN = 'foreign()';

/** It returns the server on which it is called: of Node's objects, only servers have it. */
const LISTEN = 'net.Server.prototype.listen';

/** The `emit` of an emitter, where it is not called at once: `this.emit.bind(this, 'connection')`. */
export const EMIT = 'events.EventEmitter.prototype.emit';

/** A collection of the language, which calls nothing that it is given to keep. */
const COLLECTION = 'Map()';

/** What comes from project code that is not at hand; like the paths of its modules it begins with a dot. */
export const APART = './';

const NODE_ROOTS: ReadonlySet<string> = new Set([
  ...[
    'fs',
    'path',
    'child_process',
    'crypto',
    'zlib',
    'http',
    'https',
    'http2',
    'net',
    'tls',
    'dgram',
    'dns',
    'os',
    'url',
  ],
  ...[
    'stream',
    'timers',
    'events',
    'readline',
    'readline/promises',
    'util',
    'worker_threads',
    'v8',
    'vm',
    'wasi',
    'async_hooks',
    'perf_hooks',
  ],
  'node:sqlite',
  ...['Math', 'Date', 'Buffer', 'process', 'console', 'performance', 'Number', 'String', 'Atomics'],
]);

/** Packages and globals which have functions that take handlers or block, or whose results do: their paths stay exact. */
const FACTORIES: ReadonlySet<string> = new Set([
  ...['express', 'koa', 'connect', 'fastify', '@koa/router', 'koa-router'],
  ...['it', 'test', 'fit', 'specify', 'vitest', 'mocha', '@jest/globals', 'node:test'],
  ...['libpq', 'pg-native', '@unblock/runtime', '@unblock/runtime/pg'],
]);

/** Builtins of the language, whose members the compiler knows. */
const LANGUAGE =
  /^(globalThis|global|Object|Array|JSON|String|Boolean|Symbol|BigInt|Reflect|Proxy|Promise|RegExp|Function|Iterator|Intl|(Weak)?(Map|Set|Ref)|\w*Error|\w*Array|URL|URLSearchParams|Headers|EventTarget|structuredClone)$/;

/** Functions that load the module that their first argument names. */
const LOADERS: ReadonlySet<string> = new Set([
  ...['require', 'module.require', 'process.mainModule.require', 'process.getBuiltinModule'],
]);
const MAKES_LOADER = 'module.createRequire';

/** Steps of a path that are told apart, `express.Router().route().get`. */
const MAX_STEPS = 6;

/** @param roots further functions that the user's configuration names, as paths */
export function externalPaths(roots: readonly string[]) {
  const named = new Set(roots.map(rootOf));

  function memberPath(path: string, property: string): string {
    if (path === '') return property;
    if (path === NODE_RESULT && property === 'listen') return LISTEN;
    if (path === NODE_RESULT || path === FOREIGN || path === COLLECTION || path === REGEXP) return path;
    if (path.startsWith('.')) return APART;
    const member = `${path}.${property}`;
    if (LOADERS.has(member) || member === MAKES_LOADER) return member;
    if (blockingAt(member) !== undefined || spawns(member)) return member;
    // What is taken from a collection may be such an object as well as a member of one.
    if (property === '*' && isBlockingObject(path)) return path;
    const root = rootOf(path);
    const steps = stepsOf(path);
    // None of their functions calls what it is given, or iterates it.
    if (root === 'console' || root === 'Math') return `${root}.*`;
    const isWithin = (names: ReadonlySet<string>) => steps < MAX_STEPS && (names.has(property) || property === '*');
    if (NODE_ROOTS.has(root)) return isWithin(nodeSegments) ? `${path}.${property}` : NODE_RESULT;
    const isKnown = isWithin(catalogueSegments);
    // What compilers of ES modules call the whole of a CommonJS package.
    if (FACTORIES.has(path) && property === 'default') return path;
    if (FACTORIES.has(root)) return isKnown ? `${path}.${property}` : FOREIGN;
    if (LANGUAGE.test(root)) return isKnown ? `${path}.${property}` : steps === 1 ? `${root}.*` : FOREIGN;
    return named.has(root) && steps < MAX_STEPS ? `${path}.${property}` : FOREIGN;
  }

  /** @param given how many arguments the function is given, where that is known */
  function resultPath(path: string, given = 0): string {
    if (path.startsWith('.')) return APART;
    if (path === MAKES_LOADER) return 'require';
    if (path === SNAPSHOT_MAKER) return SNAPSHOT;
    if (path === LISTEN || makesServer(path) || spawns(path)) return NODE_RESULT;
    if (path === COLLECTION || /^(Weak)?(Map|Set)$/.test(path)) return COLLECTION;
    if (path === 'RegExp') return REGEXP;
    // Strings, and arrays of these.
    if (path === REGEXP) return NODE_RESULT;
    const root = rootOf(path);
    if (FACTORIES.has(root)) {
      const made = receiverReturnedBy(path, given) ?? objectMadeBy(path);
      return made ?? (stepsOf(path) < MAX_STEPS ? `${path}()` : NODE_RESULT);
    }
    return NODE_ROOTS.has(root) ? (emitterMadeBy(path) ?? objectMadeBy(path) ?? NODE_RESULT) : FOREIGN;
  }

  return { memberPath, resultPath };
}

/** Whether a path says nothing of a value. */
export function saysNothing(path: string): boolean {
  return [FOREIGN, APART, NODE_RESULT, COLLECTION].includes(path);
}

/** Whether a path names a function that is called as `require` is. */
export function isLoader(path: string): boolean {
  return LOADERS.has(path);
}

/** Whether a path names what a package exports as a whole, or a global that is none of Node's. */
export function isPackage(path: string): boolean {
  if (path === '' || saysNothing(path) || path.startsWith('.')) return false;
  const root = rootOf(path);
  return path === root && !NODE_ROOTS.has(root) && !FACTORIES.has(root) && !LANGUAGE.test(root);
}

/** Whether the members of a module are told apart by their paths: those of Node, and of packages that the catalogue speaks of. */
export function hasPaths(module: string): boolean {
  return NODE_ROOTS.has(module) || FACTORIES.has(module);
}

/** Whether a path names a value of Node itself. */
export function isOfNode(path: string): boolean {
  return path === NODE_RESULT || NODE_ROOTS.has(rootOf(path));
}

function rootOf(path: string): string {
  if (path === NODE_RESULT) return path;
  const end = path.search(/[.(]/);
  return end === -1 ? path : path.slice(0, end);
}

function stepsOf(path: string): number {
  let steps = 1;
  for (const character of path) if (character === '.' || character === '(') steps++;
  return steps;
}
