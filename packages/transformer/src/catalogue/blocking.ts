/** What blocks in Node's standard library: read by analysis and report. One row a function. */

export type Category = 'fs' | 'child_process' | 'crypto' | 'zlib' | 'atomics' | 'other';

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
}

const SYNC_NAMES: Readonly<Record<Exclude<Category, 'atomics' | 'other'>, readonly string[]>> = {
  fs: (
    'access appendFile chmod chown close copyFile exists fchmod fchown fdatasync fstat fsync ftruncate futimes ' +
    'lchmod lchown link lstat lutimes mkdir mkdtemp open read readdir readFile readlink readv realpath rename rm rmdir stat ' +
    'statfs symlink truncate unlink utimes write writeFile writev'
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

const OTHERS: readonly BlockingApi[] = [
  row('fs.realpathSync.native', 'fs'),
  row('Atomics.wait', 'atomics'),
  ...['randomBytes', 'pseudoRandomBytes', 'randomInt', 'sign', 'verify'].map((name) => ({
    ...row(`crypto.${name}`, 'crypto'),
    unlessCallback: true,
  })),
  ...['worker_threads.receiveMessageOnPort', 'process.loadEnvFile', 'v8.writeHeapSnapshot'].map((path) => ({
    ...row(path, 'other'),
    twin: false,
  })),
  ...['fs.cpSync', 'fs.globSync', 'fs.mkdtempDisposableSync', 'fs.openAsBlobSync'].map((path) => ({
    ...row(path, 'fs'),
    twin: false,
  })),
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
    .filter(({ path }) => /^\w+\.\w+Sync$/.test(path))
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

/** The paths of all blocking APIs. */
export function blockingPaths(): string[] {
  return [...BLOCKING.keys()];
}
