/**
 * What blocks in Node's standard library, and in this package: the one table that analysis, report, twins and monitor read. Plain data
 * without imports, so that the compiler can bundle it.
 */

/** What the option `patch` switches as a whole, in the order in which people are told. */
export const CATEGORIES = ['fs', 'child_process', 'crypto', 'zlib', 'atomics', 'pg', 'other'] as const;

export type Category = (typeof CATEGORIES)[number];

/**
 * What a twin does in place of the blocking call.
 *
 * - `callback`: the callback form of the same function.
 * - `child`: a child process over `spawn`.
 * - `thread`: the blocking function itself, on the worker thread.
 * - `timer`: waits with timers, or for `Atomics.waitAsync`.
 * - `queue`: waits for its turn.
 * - `server`: waits for what a server answers.
 */
export type Counterpart = 'callback' | 'child' | 'thread' | 'timer' | 'queue' | 'server';

export interface BlockingRow {
  /**
   * `module.path`, without the `node:` prefix where the module exists without it: `fs.readFileSync`, `Atomics.wait`. A method whose key is a symbol is
   * named as in `fs.Dir.prototype.@@dispose`.
   */
  readonly path: string;
  readonly category: Category;
  /** Undefined where nothing asynchronous does the same: the call keeps blocking. */
  readonly counterpart?: Counterpart;
  /** Path of the callback form, where it has another name than the function has without `Sync`. */
  readonly callbackForm?: string;
  /** Folder or file of the runtime that links the twin. */
  readonly adapter?: string;
  /** First Node that has the function, where not all supported ones do: a major, or a minor of the newest one, `26.12`. */
  readonly since?: number | `${number}.${number}`;
  /** First Node major that has the counterpart, where that came later than the function. */
  readonly counterpartSince?: number;
  /** The only platform that has the function. */
  readonly platform?: NodeJS.Platform;
  /** Not reachable from the exports of its module, only from objects that the module makes. */
  readonly hidden?: true;
  /** Of a package that a program may have, or of a module of the runtime that programs load for themselves. */
  readonly ofPackage?: true;
  /** Blocks only if the last argument is no function. */
  readonly unlessCallback?: true;
  /** Has no twin in calls that it calls back from (a filter), which no other thread can do. */
  readonly callsBack?: true;
  /** The twin waits until the server answers, and then blocks while it answers once more. */
  readonly roundTrip?: true;
}

type Shape = Omit<BlockingRow, 'path'>;

function rows(prefix: string, names: string, suffix: string, shape: Shape): BlockingRow[] {
  return names.split(' ').map((name) => ({ path: `${prefix}.${name}${suffix}`, ...shape }));
}

const FS: Shape = { category: 'fs', counterpart: 'callback', adapter: 'node/fs' };
const CHILD: Shape = { category: 'child_process', counterpart: 'child', adapter: 'node/child-process' };
const CRYPTO: Shape = { category: 'crypto', counterpart: 'callback', adapter: 'node/crypto' };
const ZLIB: Shape = { category: 'zlib', counterpart: 'callback', adapter: 'node/zlib' };

const FS_ROWS: readonly BlockingRow[] = [
  ...rows('fs', 'access appendFile chmod chown close copyFile exists fchmod fchown fdatasync fstat fsync', 'Sync', FS),
  ...rows('fs', 'ftruncate futimes lchown link lstat lutimes mkdir mkdtemp open opendir read readdir', 'Sync', FS),
  ...rows('fs', 'readFile readlink readv realpath rename rmdir stat statfs symlink truncate', 'Sync', FS),
  ...rows('fs', 'unlink utimes write writeFile writev', 'Sync', FS),
  ...rows('fs', 'lchmod', 'Sync', { ...FS, platform: 'darwin' }),
  ...rows('fs', 'mkdtempDisposable', 'Sync', { ...FS, callbackForm: 'fs.mkdtemp', since: 24 }),
  { path: 'fs.realpathSync.native', ...FS },
  ...rows('fs.Dir.prototype', 'read close', 'Sync', FS),
  { path: 'fs.Dir.prototype.@@dispose', ...FS, callbackForm: 'fs.Dir.prototype.close', since: 22 },
  { path: 'fs.rmSync', ...FS, counterpart: 'thread' },
  { path: 'fs.cpSync', ...FS, counterpart: 'thread', callsBack: true },
  { path: 'fs.globSync', ...FS, counterpart: 'thread', callsBack: true, since: 22 },
  // The asynchronous form is the blocking one, and wraps its result in a promise.
  { path: 'fs.openAsBlobSync', category: 'fs', since: 26 },
  // Writes what the stream has gathered; whoever calls it is about to exit.
  { path: 'fs.Utf8Stream.prototype.flushSync', category: 'fs', since: 24 },
];

const CRYPTO_ROWS: readonly BlockingRow[] = [
  ...rows('crypto', 'checkPrime generateKey generateKeyPair generatePrime hkdf', 'Sync', CRYPTO),
  ...rows('crypto', 'pbkdf2 randomFill scrypt', 'Sync', CRYPTO),
  ...rows('crypto', 'argon2', 'Sync', { ...CRYPTO, since: 24 }),
  ...rows('crypto', 'prng pseudoRandomBytes randomBytes randomInt rng sign verify', '', {
    ...CRYPTO,
    unlessCallback: true,
  }),
  { path: 'crypto.diffieHellman', ...CRYPTO, unlessCallback: true, counterpartSince: 24 },
  ...rows('crypto', 'decapsulate encapsulate', '', { ...CRYPTO, unlessCallback: true, since: 24 }),
  ...rows('crypto', 'publicEncrypt publicDecrypt privateEncrypt privateDecrypt', '', { category: 'crypto' }),
  { path: 'crypto.Sign.prototype.sign', category: 'crypto' },
  { path: 'crypto.Verify.prototype.verify', category: 'crypto' },
  // Looks for a prime if it is given a length.
  ...rows('crypto', 'createDiffieHellman DiffieHellman', '', { category: 'crypto' }),
  ...['DiffieHellman', 'DiffieHellmanGroup', 'ECDH'].flatMap((cls) =>
    rows(`crypto.${cls}.prototype`, 'generateKeys computeSecret', '', { category: 'crypto' }),
  ),
];

const ZLIB_ROWS: readonly BlockingRow[] = [
  ...rows('zlib', 'brotliCompress brotliDecompress deflate deflateRaw gunzip gzip inflate', 'Sync', ZLIB),
  ...rows('zlib', 'inflateRaw unzip', 'Sync', ZLIB),
  ...rows('zlib', 'zstdCompress zstdDecompress', 'Sync', { ...ZLIB, since: 22 }),
  // Experimental.
  ...rows('zlib', 'createZipArchive ZipEntry.create ZipFile.open', 'Sync', { category: 'zlib', since: 26 }),
];

const SQLITE: Shape = { category: 'other', since: 22 };

/** What no other category holds. The module `node:sqlite` keeps its prefix, since there is a package `sqlite`. */
const OTHER_ROWS: readonly BlockingRow[] = [
  { path: 'Atomics.wait', category: 'atomics', counterpart: 'timer', adapter: 'builtins/atomics' },
  // No function: a loop that only compares what the clock says, `while (Date.now() < end);`.
  { path: 'busy loop', category: 'other', counterpart: 'timer', adapter: 'builtins/sleepLoops', hidden: true },
  { path: '@unblock/runtime.atomic', category: 'other', counterpart: 'queue', adapter: 'green/atomic' },
  { path: 'worker_threads.receiveMessageOnPort', category: 'other' },
  ...rows('process', 'loadEnvFile report.getReport report.writeReport', '', { category: 'other' }),
  // All of them walk the heap, or write what they have gathered to a file, before they return.
  ...rows('v8', 'getHeapSnapshot queryObjects takeCoverage writeHeapSnapshot', '', { category: 'other' }),
  { path: 'module.flushCompileCache', category: 'other', since: 22 },
  // Reads the certificates of the system.
  { path: 'tls.getCACertificates', category: 'other', since: 22 },
  // Runs the module, whose reading, writing and waiting is synchronous.
  ...rows('wasi.WASI.prototype', 'initialize start', '', { category: 'other', callsBack: true }),
  { path: 'node:sqlite.DatabaseSync', ...SQLITE },
  ...rows('node:sqlite.DatabaseSync.prototype', 'applyChangeset close exec loadExtension open @@dispose', '', SQLITE),
  ...rows('node:sqlite.DatabaseSync.prototype', 'deserialize serialize', '', { ...SQLITE, since: 24 }),
  ...rows('node:sqlite.StatementSync.prototype', 'all get iterate run', '', SQLITE),
  // Other names of the same.
  { path: 'node:sqlite.Database', ...SQLITE, since: '26.12' },
  ...rows(
    'node:sqlite.Database.prototype',
    'applyChangeset close deserialize exec loadExtension open serialize @@dispose',
    '',
    {
      ...SQLITE,
      since: '26.12',
    },
  ),
  ...rows('node:sqlite.Statement.prototype', 'all get iterate run', '', { ...SQLITE, since: '26.12' }),
  ...rows('node:sqlite.SQLTagStore.prototype', 'all get iterate run', '', { ...SQLITE, hidden: true }),
  { path: 'WebAssembly.Module', category: 'other' },
  // Calls what the module imports, then and later.
  { path: 'WebAssembly.Instance', category: 'other', callsBack: true },
  // `open` waits on request, and so does not always.
  ...rows('inspector', 'open waitForDebugger', '', { category: 'other' }),
  // A database on disk. Reading the global makes Node warn if it has no file.
  ...rows('Storage.prototype', 'clear getItem key removeItem setItem', '', { category: 'other', since: 26 }),
  ...rows('localStorage', 'clear getItem key removeItem setItem', '', { category: 'other', since: 26, hidden: true }),
  ...rows('dgram.Socket.prototype', 'bind connect', 'Sync', { category: 'other', since: 24 }),
];

const PG: Shape = { category: 'pg', counterpart: 'server', ofPackage: true };
const SENDING: Shape = { ...PG, adapter: 'pg/copy' };
const OF_CLIENTS = 'connectSync querySync prepareSync executeSync';

/** The native drivers of Postgres, and the runtime's own client and pool. */
const PG_ROWS: readonly BlockingRow[] = [
  ...rows('libpq.prototype', 'connectSync exec execParams prepare execPrepared getResult', '', {
    ...PG,
    adapter: 'pg/libpq',
  }),
  ...rows('libpq.prototype', 'getCopyData putCopyData putCopyEnd', '', { ...PG, adapter: 'pg/copy' }),
  // They do not wait for results, but until what they send is sent.
  ...rows('libpq.prototype', 'sendQuery sendQueryParams sendPrepare sendQueryPrepared flush', '', SENDING),
  ...rows('libpq.prototype', 'pipelineSync sendFlushRequest exitPipelineMode', '', SENDING),
  // The package has no other form of them: no thread that calls them, and nothing that tells the key of a cancel request.
  ...rows('libpq.prototype', 'cancel describePrepared', '', { ...PG, adapter: 'pg/roundTrip', roundTrip: true }),
  // Calls that of libpq.
  { path: 'pg-native.prototype.cancel', ...PG, adapter: 'pg/pgNative', roundTrip: true },
  ...rows('pg-native.prototype', OF_CLIENTS, '', { ...PG, adapter: 'pg/pgNative' }),
  ...rows('@unblock/runtime/pg.Client.prototype', OF_CLIENTS, '', { ...PG, adapter: 'pg/client' }),
  { path: '@unblock/runtime/pg.Pool.prototype.withConnection', ...PG, adapter: 'pg/pool' },
];

/**
 * Every blocking function. Not among them are two that block with the option `recursive` only, and have no other form: `fs.watch` walks the tree
 * before it returns (on Linux), and so does `fs.readdir` with a callback (Node 20). A row has no place for such a condition. Pure computation that takes its input in small pieces, such as a hash or a cipher, blocks no more than the
 * program's own code does; nor does `node:vm`, which runs such code.
 */
export const BLOCKING_ROWS: readonly BlockingRow[] = [
  ...FS_ROWS,
  ...rows('child_process', 'exec execFile spawn', 'Sync', CHILD),
  ...CRYPTO_ROWS,
  ...ZLIB_ROWS,
  ...OTHER_ROWS,
  ...PG_ROWS,
];

/** The key of a property that a path names. */
export function keyNamed(name: string): string | symbol {
  return name.startsWith('@@') ? (Reflect.get(Symbol, name.slice(2)) as symbol) : name;
}

/** Whether the function of `row` has a twin on Node `major`, if it is there at all. */
export function hasTwin({ counterpart, counterpartSince = 0 }: BlockingRow, major: number): boolean {
  return counterpart !== undefined && major >= counterpartSince;
}
