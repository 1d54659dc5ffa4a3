/** From the paths of flow analysis (`express().get`, `http.createServer().on`) to rows of the catalogue. */
import { isBuiltin } from 'node:module';
import { blockingPaths, makerPaths } from './blocking.js';
import { BINDING_FUNCTIONS, CALLING_FUNCTIONS, SYNCHRONOUS_CONSUMERS, WRAPPING_FUNCTIONS } from './builtins.js';
import { emitterNames } from './emitters.js';
import { ROOTS, type RootRow } from './roots.js';
import { emitterPaths, OWN_STREAM } from './subclasses.js';

/** Packages that hand on the functions of a module of Node. */
const SAME_AS: ReadonlyMap<string, string> = new Map([
  ['graceful-fs', 'fs'],
  ['fs-extra', 'fs'],
]);

/** Modules that exist with the prefix only: without it they are packages. */
const WITH_PREFIX: ReadonlySet<string> = new Set(['node:sqlite', 'node:test']);

/** How paths begin for what a module exports: modules that exist without the prefix `node:` go without it. */
export function modulePath(specifier: string): string {
  const same = SAME_AS.get(specifier);
  if (same !== undefined) return same;
  if (WITH_PREFIX.has(specifier)) return specifier;
  // A path's first step is its module: packages such as `fs.realpath` are not Node's `fs`.
  const isNamesake = !isBuiltin(specifier) && isBuiltin(specifier.split('.')[0] as string);
  return isNamesake ? specifier.replaceAll('.', '-') : specifier.replace(/^node:/, '');
}

const BY_PATH: ReadonlyMap<string, RootRow> = new Map(
  ROOTS.map((row) => [row.module === 'global' ? row.path : `${modulePath(row.module)}.${row.path}`, row]),
);

/** Values that factories make, and the objects on which the catalogue lists their methods. */
const MADE_BY: readonly (readonly [RegExp, string])[] = [
  [/^express\(\)\./, 'express.application.'],
  [/^node:test(?=$|\.(only|skip|todo)$)/, 'node:test.test'],
  [/^express\.Router\(\)\./, 'express.Router.'],
  [/^express(\.Router)?\(\)\.route\(\)\./, 'express.Route.prototype.'],
  [/^koa\(\)\./, 'koa.prototype.'],
  [/^connect\(\)\./, 'connect.Server.'],
  [/^fastify(\.fastify)?\(\)\./, 'fastify.FastifyInstance.'],
  [/^((?:@koa\/|koa-)router)(\.Router)?\(\)\./, '$1.prototype.'],
];

/** Further methods that return the object on which they are called, and take no handlers. */
export const CHAINING_METHODS: readonly string[] = [
  ...['set', 'enable', 'disable'].map((name) => `express.application.${name}`),
  ...['@koa/router', 'koa-router'].flatMap((module) => [`${module}.prototype.prefix`, `${module}.prototype.redirect`]),
  ...['decorate', 'decorateRequest', 'decorateReply', 'register', 'addSchema', 'withTypeProvider'].map(
    (name) => `fastify.FastifyInstance.${name}`,
  ),
];

const RETURNING_THIS: ReadonlySet<string> = new Set([
  ...[...BY_PATH].flatMap(([path, { returnsThis }]) => (returnsThis ? [path] : [])),
  ...CHAINING_METHODS,
]);

const NAMES_RETURNING_THIS: ReadonlySet<string> = new Set(
  [...RETURNING_THIS].map((path) => path.slice(path.lastIndexOf('.') + 1)),
);

/** Whether a method of this name may be one that returns the object on which it is called. */
export function mayReturnReceiver(name: string): boolean {
  return NAMES_RETURNING_THIS.has(name);
}

/** With the name alone, they return what has been set. */
const SETTINGS: ReadonlySet<string> = new Set(['express.application.get', 'express.application.set']);

/**
 * The path of the object on which a method is called, if that is what the method returns: `express()` for `express().use`.
 *
 * @param given how many arguments the method is given
 */
export function receiverReturnedBy(path: string, given: number): string | undefined {
  const method = listedPath(path);
  if (!RETURNING_THIS.has(method) || (given < 2 && SETTINGS.has(method))) return undefined;
  return path.slice(0, path.lastIndexOf('.'));
}

/** Methods of frameworks that return a server of Node: what it is given, the event loop calls. */
const MAKING_SERVERS: ReadonlySet<string> = new Set([
  ...['express.application.listen', 'connect.Server.listen', 'koa.prototype.listen'],
]);

const SPAWNING: ReadonlySet<string> = new Set(['cross-spawn', 'cross-spawn.spawn']);

/** Whether a function of a package returns a child of Node. */
export function spawns(path: string): boolean {
  return SPAWNING.has(path);
}

/** Whether a function of Node makes a server, and takes the listener of its main event. */
export function takesHandler(path: string): boolean {
  return /^(http|https|http2|net|tls)\.(createServer|createSecureServer|Server)$/.test(path);
}

/** Whether a function returns a server of Node. */
export function makesServer(path: string): boolean {
  return MAKING_SERVERS.has(listedPath(path));
}

/** Methods that call their first argument with an object like that on which they are called: a plugin of Fastify gets an instance. */
const HANDING_ON_THIS: ReadonlySet<string> = new Set(['fastify.FastifyInstance.register']);

/** The path of what a method gives to the function that is its first argument, if that is known: `fastify()` for `fastify().register`. */
export function givenToFirst(path: string): string | undefined {
  return HANDING_ON_THIS.has(listedPath(path)) ? path.slice(0, path.lastIndexOf('.')) : undefined;
}

/** `it.only`, `test.skip.each(table)`, `vitest.test.extend(fixtures)`: variants of a test framework's function. */
const TEST_VARIANT =
  /^((?:(?:vitest|mocha|@jest\/globals)\.)?(?:it|test|fit|specify))((?:\.(?:only|skip|todo|concurrent|sequential|failing|fails)|\.(?:each|for|runIf|skipIf|extend)\(\))+)$/;

function testVariant(path: string): RootRow | undefined {
  const [, base, variant] = TEST_VARIANT.exec(path) ?? [];
  const row = base === undefined ? undefined : BY_PATH.get(base);
  // Table tests hand their rows to the body: a function at the end of one is not a callback for the test's end.
  return row !== undefined && /\.(each|for)\(/.test(variant ?? '') ? { ...row, callbackForm: 'asyncCallback' } : row;
}

/** The root that a path names, if it is one. */
export function rootAt(path: string): RootRow | undefined {
  const direct = BY_PATH.get(path);
  if (direct !== undefined) return direct;
  return BY_PATH.get(listedPath(path)) ?? testVariant(path);
}

/** Objects of frameworks that have methods which take handlers: `express.application`. */
const REGISTRARS: ReadonlySet<string> = new Set(
  [...BY_PATH].flatMap(([path, { module, returnsThis }]) =>
    returnsThis && !isBuiltin(module) ? [path.slice(0, path.lastIndexOf('.'))] : [],
  ),
);

/** The object of a framework of which a path names any method, `app[method]`. */
export function registrarOf(path: string): string | undefined {
  const object = path.endsWith('.*') ? listedPath(path).slice(0, -'.*'.length) : undefined;
  return object !== undefined && REGISTRARS.has(object) ? object : undefined;
}

/** How the catalogue names a method of an object that a factory makes. */
function listedPath(path: string): string {
  const [pattern, owner] = MADE_BY.findLast(([made]) => made.test(path)) ?? [];
  return pattern === undefined || owner === undefined ? path : path.replace(pattern, owner);
}

function segments(paths: Iterable<string>): string[] {
  return [...paths].flatMap((path) => path.split(/[.()]+/));
}

/** Paths of methods with the names of methods of arrays. */
function isLikeArray(path: string): boolean {
  return path.startsWith(`${OWN_STREAM}.`);
}

/** Every name that the catalogue's paths consist of. */
export const catalogueSegments: ReadonlySet<string> = new Set([
  ...segments([
    ...[...BY_PATH.keys()].filter((path) => !isLikeArray(path)),
    ...blockingPaths(),
    ...makerPaths(),
    ...CHAINING_METHODS,
    ...CALLING_FUNCTIONS,
    ...WRAPPING_FUNCTIONS,
  ]),
  ...['defineProperty', 'defineProperties', 'create', 'assign', 'values', 'entries', 'fromEntries'],
  ...['getOwnPropertyDescriptor', 'set', 'fromAsync', 'reject'],
  ...[
    'default',
    'only',
    'skip',
    'todo',
    'each',
    'for',
    'concurrent',
    'sequential',
    'failing',
    'fails',
    'runIf',
    'skipIf',
    'extend',
  ],
]);

/** The names that paths of Node's modules consist of. */
export const nodeSegments: ReadonlySet<string> = new Set([
  ...catalogueSegments,
  ...emitterNames,
  ...segments([...BY_PATH.keys(), ...BINDING_FUNCTIONS, ...SYNCHRONOUS_CONSUMERS, ...emitterPaths()]),
]);

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

const CALLBACK_METHODS: ReadonlySet<string> = new Set(
  [...BY_PATH.values()].flatMap(({ module, path, callbacks }) => {
    const name = /\.prototype\.(\w+)$/.exec(`.${path}`)?.[1];
    if (name !== undefined && callbacks === 'last' && isBuiltin(module)) return name;
    return (module === 'express' && /^response\.(\w+)$/.exec(path)?.[1]) || [];
  }),
);

/** Whether objects of Node, such as responses and sockets, or responses of Express have a method of this name that starts its last argument. */
export function isCallbackMethod(name: string): boolean {
  return CALLBACK_METHODS.has(name);
}

/** Whether a path is that of the method by which Express gets to know view engines. */
export function registersEngine(path: string): boolean {
  const row = rootAt(path);
  return row?.module === 'express' && row.path === 'application.engine';
}

/** Settings of Express that are functions or classes, which it calls itself. */
const CALLED_SETTINGS: ReadonlySet<string> = new Set(['etag', 'json replacer', 'query parser', 'trust proxy', 'view']);

/** Whether a path is that of the method by which Express gets its settings, and `name` one that it calls. */
export function isCalledSetting(path: string, name: string | undefined): boolean {
  return listedPath(path) === 'express.application.set' && CALLED_SETTINGS.has(name ?? '');
}

/** What people call a root: `express application.get`, `setTimeout`. */
export function rootName(row: RootRow): string {
  return row.module === 'global' ? row.path : `${row.module} ${row.path}`;
}
