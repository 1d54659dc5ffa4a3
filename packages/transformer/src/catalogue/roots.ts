import type { CallbackForm } from '../colour/plan.js';

/**
 * Registering functions whose callbacks may start asynchronous execution: static mirror of the root adapters that the
 * runtime links. A test of the runtime compares the two, both ways.
 */

/**
 * Which arguments are callbacks.
 *
 * - `last`: the last argument, where it is a function.
 * - `all`: every argument that is a function, also inside (nested) arrays.
 * - positions: these arguments, where they are functions.
 * - `options`: the function-valued properties named by {@link RootRow.options} of the argument that holds the options.
 */
export type RootCallbacks = 'last' | 'all' | 'options' | readonly number[];

/**
 * - `concurrent`: invocations are independent of each other.
 * - `serial`: an invocation waits until the one before has finished (of the same emitter, timer or stream).
 * - `perEvent`: as the runtime's table of loop events says for the emitter's class and the event; other events are
 *   no roots, and their listeners are registered as they are.
 */
export type RootOrder = 'concurrent' | 'serial' | 'perEvent';

/**
 * Where a rejection goes: `uncaught` as a throw on the event loop does, `next` to the framework's error handling, `reject` to
 * the promise that the caller has, or the error callback of the stream.
 */
export type RootErrors = 'uncaught' | 'next' | 'reject';

export interface RootRow {
  /** `global`, a Node module without its `node:` prefix (`node:test` keeps it: there is no `test`), or a package. */
  readonly module: string;
  /**
   * Export, or a path of properties from it. Fastify's start at `FastifyInstance`, Connect's at `Server` and Express's routers at
   * `Router`: the objects that these modules' factories make, whose functions are not reachable from the exports.
   */
  readonly path: string;
  readonly callbacks: RootCallbacks;
  /** Names of the options that are callbacks, with `callbacks: 'options'`. */
  readonly options?: readonly string[];
  /** Whether these options may be arrays of callbacks, too. */
  readonly optionLists?: true;
  readonly order: RootOrder;
  readonly errors: RootErrors;
  /** True for a class, called with `new`: its adapter is a constructor. */
  readonly constructs?: true;
  /** Whether it returns the object on which it is called, as chains of routes need it. */
  readonly returnsThis?: true;
  /** Where the runtime has no adapter, because the function is not reachable there: how compiled code hands callbacks over. */
  readonly callbackForm?: CallbackForm;
  /** First Node major (or, for a package, version) that has it, where not all supported ones do. */
  readonly since?: number;
  /** Last version of the package that has it. */
  readonly until?: number;
}

/** Test frameworks, by the module that exports their functions; most programs use them as globals. */
const TEST_FRAMEWORKS = ['global', 'mocha', '@jest/globals', 'vitest'];

type Shape = Omit<RootRow, 'module' | 'path'>;

function rows(module: string, prefix: string, names: string, shape: Shape): RootRow[] {
  return names.split(' ').map((name) => ({ module, path: prefix + name, ...shape }));
}

const LAST: Shape = { callbacks: 'last', order: 'concurrent', errors: 'uncaught' };
const FIRST: Shape = { callbacks: [0], order: 'concurrent', errors: 'uncaught' };
const NEW: Shape = { ...LAST, constructs: true };
const ROUTES: Shape = { callbacks: 'all', order: 'concurrent', errors: 'next', returnsThis: true };
const MIDDLEWARE: Shape = { callbacks: 'all', order: 'concurrent', errors: 'reject', returnsThis: true };
const LISTENER: Shape = { callbacks: [1], order: 'perEvent', errors: 'uncaught' };
const SETTLED: Shape = { callbacks: [0], order: 'concurrent', errors: 'reject' };

const TIMERS = [
  { name: 'setTimeout', shape: FIRST },
  { name: 'setInterval', shape: { ...FIRST, order: 'serial' } },
  { name: 'setImmediate', shape: FIRST },
] as const;

const RESOLVE =
  'resolve resolve4 resolve6 resolveAny resolveCaa resolveCname resolveMx resolveNaptr resolveNs resolvePtr resolveSoa ' +
  'resolveSrv resolveTxt reverse';

const STREAM_OPTIONS: Shape = {
  callbacks: 'options',
  options: ['construct', 'read', 'write', 'writev', 'final', 'destroy', 'transform', 'flush'],
  order: 'serial',
  errors: 'uncaught',
  constructs: true,
};

/** Route options of Fastify that hold a handler, a hook, or an array of hooks. The shorthand methods take them as well. */
const FASTIFY_ROUTE_OPTIONS: readonly string[] = [
  ...[
    'handler',
    'errorHandler',
    'onRequest',
    'preParsing',
    'preValidation',
    'preHandler',
    'preSerialization',
    'onSend',
  ],
  ...['onResponse', 'onTimeout', 'onError', 'onRequestAbort'],
];

const HTTP_VERBS = 'get post put patch delete head options';

/** Rows of the platform and of the packages that have a pack; a registering function that is reachable by two paths has two rows. */
export const ROOTS: readonly RootRow[] = [
  ...TIMERS.flatMap(({ name, shape }) => [...rows('global', '', name, shape), ...rows('timers', '', name, shape)]),
  ...rows('global', '', 'queueMicrotask process.nextTick', FIRST),
  ...rows('process', '', 'nextTick', FIRST),

  { module: 'global', path: 'Promise.prototype.then', ...SETTLED, callbacks: [0, 1] },
  ...rows('global', 'Promise.prototype.', 'catch finally', SETTLED),

  ...rows('events', 'EventEmitter.prototype.', 'on addListener once prependListener prependOnceListener', LISTENER),
  ...rows('events', 'EventEmitter.prototype.', 'off removeListener', LISTENER),
  ...rows('stream', 'Readable.prototype.', 'on addListener off removeListener', LISTENER),
  ...rows('worker_threads', 'MessagePort.prototype.', 'on addListener once off removeListener', LISTENER),
  ...rows('global', 'EventTarget.prototype.', 'addEventListener removeEventListener', LISTENER),

  ...rows(
    'fs',
    '',
    'access appendFile chmod chown close copyFile cp exists fchmod fchown fdatasync fstat fsync ftruncate futimes lchown ' +
      'link lstat lutimes mkdir mkdtemp open opendir read readdir readFile readlink readv realpath realpath.native rename ' +
      'rm rmdir stat statfs symlink truncate unlink utimes write writeFile writev Dir.prototype.read Dir.prototype.close',
    LAST,
  ),
  { module: 'fs', path: 'glob', ...LAST, since: 22 },
  ...rows('fs', '', 'watch watchFile', { ...LAST, order: 'serial' }),
  ...rows('dns', '', `lookup lookupService ${RESOLVE}`, LAST),
  ...rows('dns', 'Resolver.prototype.', RESOLVE, LAST),
  { module: 'dns', path: 'resolveTlsa', ...LAST, since: 22 },
  { module: 'dns', path: 'Resolver.prototype.resolveTlsa', ...LAST, since: 22 },
  ...rows(
    'zlib',
    '',
    'brotliCompress brotliDecompress deflate deflateRaw gunzip gzip inflate inflateRaw unzip Gzip.prototype.flush ' +
      'Gzip.prototype.close Gzip.prototype.params',
    LAST,
  ),
  ...rows('zlib', '', 'zstdCompress zstdDecompress', { ...LAST, since: 22 }),
  ...rows(
    'crypto',
    '',
    'checkPrime generateKey generateKeyPair generatePrime hkdf pbkdf2 pseudoRandomBytes randomBytes randomFill randomInt ' +
      'scrypt sign verify',
    LAST,
  ),
  { module: 'crypto', path: 'argon2', ...LAST, since: 24 },
  { module: 'crypto', path: 'diffieHellman', ...LAST, since: 24 },
  ...rows('crypto', '', 'encapsulate decapsulate', { ...LAST, since: 24 }),
  ...rows('child_process', '', 'exec execFile', LAST),

  ...rows('http', '', 'get request createServer', LAST),
  ...rows('https', '', 'get request createServer', LAST),
  ...rows('http2', '', 'connect createServer createSecureServer', LAST),
  ...rows('net', '', 'connect createConnection createServer', LAST),
  ...rows('tls', '', 'connect createServer', LAST),
  ...rows('http', '', 'Server ClientRequest', NEW),
  ...rows('https', '', 'Server', NEW),
  ...rows('net', '', 'Server', NEW),
  ...rows('tls', '', 'Server', NEW),
  ...rows('net', 'Server.prototype.', 'listen close getConnections', LAST),
  ...rows('net', 'Socket.prototype.', 'connect end setTimeout', LAST),
  ...rows('tls', 'TLSSocket.prototype.', 'renegotiate', LAST),
  ...rows('http', 'Server.prototype.', 'close setTimeout', LAST),
  ...rows('https', 'Server.prototype.', 'close setTimeout', LAST),
  ...rows('http', 'OutgoingMessage.prototype.', 'write end setTimeout', LAST),
  ...rows('http', 'ServerResponse.prototype.', 'writeEarlyHints', LAST),
  ...rows('http', 'IncomingMessage.prototype.', 'setTimeout', LAST),
  ...rows('http', 'ClientRequest.prototype.', 'setTimeout', LAST),
  ...rows('http2', 'Http2ServerRequest.prototype.', 'setTimeout', LAST),
  ...rows('http2', 'Http2ServerResponse.prototype.', 'write end setTimeout', LAST),
  ...rows('dgram', '', 'createSocket', LAST),
  ...rows('dgram', 'Socket.prototype.', 'bind connect send close', LAST),
  ...rows('readline', 'Interface.prototype.', 'question', LAST),
  ...rows('readline', '', 'clearLine clearScreenDown cursorTo moveCursor', LAST),
  ...rows('stream', '', 'pipeline finished', LAST),
  ...rows('stream', 'Writable.prototype.', 'write end', LAST),
  ...rows('stream', 'Readable.prototype.', 'every filter find flatMap forEach map reduce some', {
    callbacks: [0],
    order: 'serial',
    errors: 'reject',
  }),
  ...rows('stream', '', 'Readable Writable Duplex Transform PassThrough', STREAM_OPTIONS),

  ...['it', 'test'].flatMap((name) =>
    ['', '.skip', '.todo', '.only'].map(
      (suffix): RootRow => ({
        module: 'node:test',
        path: name + suffix,
        callbacks: 'last',
        order: 'serial',
        errors: 'reject',
      }),
    ),
  ),
  ...rows('node:test', '', 'before after beforeEach afterEach', {
    callbacks: [0],
    order: 'serial',
    errors: 'reject',
  }),

  ...TEST_FRAMEWORKS.flatMap((module) =>
    rows(module, '', 'it test specify fit before after beforeEach afterEach beforeAll afterAll setup teardown', {
      callbacks: 'all',
      order: 'serial',
      errors: 'reject',
      callbackForm: 'testBody',
    }),
  ),

  ...['application', 'Router', 'Route.prototype'].flatMap((owner) => [
    ...rows('express', `${owner}.`, `${HTTP_VERBS} all`, ROUTES),
  ]),
  ...['application', 'Router'].flatMap((owner) => rows('express', `${owner}.`, 'use', ROUTES)),
  ...['application', 'Router'].flatMap((owner) => rows('express', `${owner}.`, 'param', { ...ROUTES, callbacks: [1] })),
  { module: 'express', path: 'application.del', ...ROUTES, until: 4 },
  ...rows('express', 'application.', 'listen render', LAST),
  { module: 'express', path: 'application.engine', ...ROUTES, callbacks: [1] },
  ...rows('express', 'response.', 'render sendFile download', LAST),
  { module: 'express', path: 'response.sendfile', ...LAST, until: 4 },

  ...rows('connect', 'Server.', 'use', ROUTES),
  ...rows('connect', 'Server.', 'listen', LAST),

  ...rows('koa', 'prototype.', 'use', { ...MIDDLEWARE, callbacks: [0] }),
  ...rows('koa', 'prototype.', 'listen', LAST),
  ...['@koa/router', 'koa-router'].flatMap((module) => [
    ...rows(module, 'prototype.', `${HTTP_VERBS} del all use param`, MIDDLEWARE),
    ...rows(module, 'prototype.', 'register', { callbacks: 'all', order: 'concurrent', errors: 'reject' }),
  ]),

  ...rows('fastify', 'FastifyInstance.', `${HTTP_VERBS} all`, ROUTES),
  {
    ...{ module: 'fastify', path: 'FastifyInstance.route', ...ROUTES, callbacks: 'options' },
    ...{ options: FASTIFY_ROUTE_OPTIONS, optionLists: true },
  },
  ...rows('fastify', 'FastifyInstance.', 'addHook setErrorHandler setNotFoundHandler', ROUTES),
  ...rows('fastify', 'FastifyInstance.', 'listen inject', LAST),
];

/** Packages and modules that the runtime's `pack(name, exports)` knows: compiled modules call it after importing one of them. */
export const ROOT_PACKS: readonly string[] = [
  ...['express', 'connect', 'koa', '@koa/router', 'koa-router', 'fastify', 'libpq', 'pg-native'],
  'node:test',
];
