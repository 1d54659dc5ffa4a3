/** What blocks in Node's standard library, and in the runtime: read by analysis and report. One row a function. */
import { ATOMIC } from './builtins.js';
import { POSTGRES_BLOCKING, POSTGRES_TWINS } from './postgres.js';

export type Category = 'fs' | 'child_process' | 'crypto' | 'zlib' | 'atomics' | 'pg' | 'other';

export interface BlockingApi {
  /** `module.path`, without the `node:` prefix: `fs.readFileSync`, `Atomics.wait`. */
  readonly path: string;
  readonly category: Category;
  /** Whether the runtime has a twin. Without one the call keeps blocking. */
  readonly twin: boolean;
  /** Blocks only if the last argument is no function. */
  readonly unlessCallback: boolean;
  /** `name`: known by its name only, a function on an object of which nothing is known. `any`: any function of the module. */
  readonly assumed?: 'name' | 'any';
  /** Has no twin in calls that it calls back from (a filter), which no other thread can do. */
  readonly callsBack?: true;
}

const SYNC_NAMES: Readonly<Record<Exclude<Category, 'atomics' | 'pg' | 'other'>, readonly string[]>> = {
  fs: (
    'access appendFile chmod chown close copyFile exists fchmod fchown fdatasync fstat fsync ftruncate futimes ' +
    'lchmod lchown link lstat lutimes mkdir mkdtemp mkdtempDisposable open opendir read readdir readFile readlink readv realpath ' +
    'rename rm rmdir stat statfs symlink truncate unlink utimes write writeFile writev'
  ).split(' '),
  child_process: ['exec', 'execFile', 'spawn'],
  crypto: [
    'argon2',
    'checkPrime',
    'generateKey',
    'generateKeyPair',
    'generatePrime',
    'hkdf',
    'pbkdf2',
    'randomFill',
    'scrypt',
  ],
  zlib: 'brotliCompress brotliDecompress deflate deflateRaw gunzip gzip inflate inflateRaw unzip zstdCompress zstdDecompress'.split(
    ' ',
  ),
};

/** Functions of node:crypto that block if they are called without a callback. */
const WITHOUT_CALLBACK = 'prng pseudoRandomBytes randomBytes randomInt rng sign verify'.split(' ');
/** The same, since Node 24; before, they take no callback, and there is no other form of them. */
const WITHOUT_CALLBACK_SINCE_24 = 'decapsulate diffieHellman encapsulate'.split(' ');

/** The compiler takes the Node that it runs on for the one that the program will run on. */
const NODE = Number(process.versions.node.split('.')[0]);

/** Methods of objects of Node, by class. */
function methods(cls: string, names: string): string[] {
  return names.split(' ').map((name) => `${cls}.prototype.${name}`);
}

function others(category: Category, paths: readonly string[]): (readonly [string, Category])[] {
  return paths.map((path) => [path, category]);
}

const QUERIES = 'all get iterate run';

/**
 * What has no asynchronous form that does the same, or none at all. Pure computation that takes its input in small pieces, such as a
 * hash or a cipher, blocks no more than the program's own code does; nor does `node:vm`, which runs such code.
 */
const WITHOUT_TWIN: readonly (readonly [path: string, category: Category])[] = [
  ['worker_threads.receiveMessageOnPort', 'other'],
  ['process.loadEnvFile', 'other'],
  ...others('other', ['process.report.getReport', 'process.report.writeReport', 'v8.writeHeapSnapshot']),
  // The module keeps its prefix, since there is a package `sqlite`.
  ...others('other', [
    'node:sqlite.DatabaseSync',
    ...methods('node:sqlite.DatabaseSync', 'applyChangeset exec loadExtension open'),
    ...methods('node:sqlite.StatementSync', QUERIES),
    ...methods('node:sqlite.SQLTagStore', QUERIES),
  ]),
  ...others('crypto', [
    ...['publicEncrypt', 'publicDecrypt', 'privateEncrypt', 'privateDecrypt'].map((name) => `crypto.${name}`),
    ...methods('crypto.Sign', 'sign'),
    ...methods('crypto.Verify', 'verify'),
    // Looks for a prime if it is given a length.
    'crypto.createDiffieHellman',
    'crypto.DiffieHellman',
    ...['DiffieHellman', 'DiffieHellmanGroup', 'ECDH'].flatMap((cls) =>
      methods(`crypto.${cls}`, 'generateKeys computeSecret'),
    ),
  ]),
  ...others('other', ['WebAssembly.Module', 'inspector.waitForDebugger']),
  // Since Node 24.
  ...others('other', methods('dgram.Socket', 'bindSync connectSync')),
  // The asynchronous form is the blocking one, and wraps its result in a promise.
  ['fs.openAsBlobSync', 'fs'],
  // Writes what the stream has gathered; whoever calls it is about to exit.
  ['fs.Utf8Stream.prototype.flushSync', 'fs'],
  // Experimental in Node 26.
  ['zlib.createZipArchiveSync', 'zlib'],
  ['zlib.ZipEntry.createSync', 'zlib'],
  ['zlib.ZipFile.openSync', 'zlib'],
];

const OTHERS: readonly BlockingApi[] = [
  row(ATOMIC, 'other'),
  ...['fs.cpSync', 'fs.globSync'].map((path) => ({ ...row(path, 'fs'), callsBack: true as const })),
  row('fs.realpathSync.native', 'fs'),
  row('fs.Dir.prototype.readSync', 'fs'),
  row('fs.Dir.prototype.closeSync', 'fs'),
  row('Atomics.wait', 'atomics'),
  ...POSTGRES_TWINS.map((path) => row(path, 'pg')),
  ...POSTGRES_BLOCKING.map((path) => ({ ...row(path, 'pg'), twin: false })),
  ...WITHOUT_CALLBACK.map((name) => ({ ...row(`crypto.${name}`, 'crypto'), unlessCallback: true })),
  ...WITHOUT_CALLBACK_SINCE_24.map((name) => ({
    ...row(`crypto.${name}`, 'crypto'),
    twin: NODE >= 24,
    unlessCallback: true,
  })),
  ...WITHOUT_TWIN.map(([path, category]) => ({ ...row(path, category), twin: false })),
  // Calls what the module imports, then and later.
  { ...row('WebAssembly.Instance', 'other'), twin: false, callsBack: true },
];

function row(path: string, category: Category): BlockingApi {
  return { path, category, twin: true, unlessCallback: false };
}

/** Every blocking API, by path. */
const BLOCKING: ReadonlyMap<string, BlockingApi> = new Map(
  [
    ...Object.entries(SYNC_NAMES).flatMap(([module, names]) =>
      names.map((name) => row(`${module}.${name}Sync`, module as Category)),
    ),
    ...OTHERS,
  ].map((api) => [api.path, api]),
);

/** Computed access to a module, such as `fs[name + 'Sync']`, by path: `fs.*`. */
const COMPUTED: ReadonlyMap<string, BlockingApi> = new Map(
  Object.keys(SYNC_NAMES).map((module) => [
    `${module}.*`,
    { ...row(`${module}[...]`, module as Category), unlessCallback: true, assumed: 'any' },
  ]),
);

const ASSUMED = 'assumed.';

/** Functions on objects of which nothing is known, by the path that {@link assumedPath} gives for their name. */
const BY_NAME: ReadonlyMap<string, BlockingApi> = new Map(
  [...BLOCKING.values()]
    .filter(({ path }) => /^\w+\.\w+Sync$|^pg-native\./.test(path))
    .map((api) => [
      `${ASSUMED}${api.path.replace(/.*\./, '')}`,
      { ...api, path: `${api.path} (by its name)`, assumed: 'name' },
    ]),
);

/** The path of what has the name of a blocking function, where nothing else is known of it; undefined for other names. */
export function assumedPath(name: string): string | undefined {
  return BY_NAME.has(ASSUMED + name) ? ASSUMED + name : undefined;
}

/** The blocking API that a path names. */
export function blockingAt(path: string): BlockingApi | undefined {
  return BLOCKING.get(path) ?? COMPUTED.get(path) ?? BY_NAME.get(path);
}

/** Blocking methods of objects that Node's functions return, by name, where the name says it: `readSync` of open directories. */
const METHODS: ReadonlyMap<string, BlockingApi> = new Map(
  [...BLOCKING.values()].flatMap((api) => {
    const [, name] = api.path.split('.prototype.');
    return name?.endsWith('Sync') ? [[name, api]] : [];
  }),
);

/** Which class the results of functions are of, where the class has blocking methods with names that do not say so. */
const CLASS_MADE_BY: Readonly<Record<string, string>> = {
  'crypto.createSign': 'crypto.Sign',
  'crypto.Sign.prototype.update': 'crypto.Sign',
  'crypto.createVerify': 'crypto.Verify',
  'crypto.Verify.prototype.update': 'crypto.Verify',
  'crypto.createDiffieHellman': 'crypto.DiffieHellman',
  'crypto.createDiffieHellmanGroup': 'crypto.DiffieHellmanGroup',
  'crypto.getDiffieHellman': 'crypto.DiffieHellmanGroup',
  'crypto.createECDH': 'crypto.ECDH',
  'node:sqlite.DatabaseSync.prototype.prepare': 'node:sqlite.StatementSync',
  'node:sqlite.DatabaseSync.prototype.createTagStore': 'node:sqlite.SQLTagStore',
};

const CLASSES: ReadonlySet<string> = new Set(
  [...BLOCKING.keys()].flatMap((path) => (path.includes('.prototype.') ? path.split('.prototype.').slice(0, 1) : [])),
);

/** The path of the object that a function of Node makes, if it has blocking methods: `crypto.Sign.prototype`. */
export function objectMadeBy(path: string): string | undefined {
  const cls = CLASSES.has(path) ? path : Object.hasOwn(CLASS_MADE_BY, path) ? CLASS_MADE_BY[path] : undefined;
  return cls === undefined ? undefined : `${cls}.prototype`;
}

/** Whether a path is that of an object with blocking methods, as {@link objectMadeBy} gives it. */
export function isBlockingObject(path: string): boolean {
  return path.endsWith('.prototype') && CLASSES.has(path.slice(0, -'.prototype'.length));
}

/** The paths of functions that make objects with blocking methods. */
export function makerPaths(): string[] {
  return Object.keys(CLASS_MADE_BY);
}

/** The blocking API that a call of the method `name` is, if the receiver is a result of one of Node's functions. */
export function blockingMethod(name: string): BlockingApi | undefined {
  return METHODS.get(name);
}

/** The paths of all blocking APIs. */
export function blockingPaths(): string[] {
  return [...BLOCKING.keys()];
}
