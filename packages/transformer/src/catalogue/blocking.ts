/** How the compiler finds what blocks: the catalogue of the runtime by path, by name, and by what makes objects. */
// The one table; it has no imports of its own, and the build puts it into this package.
import { BLOCKING_ROWS, type Category, hasTwin } from '../../../runtime/src/catalogue/blocking.js';

export { CATEGORIES, type Category } from '../../../runtime/src/catalogue/blocking.js';

export interface BlockingApi {
  /** `module.path`, without the `node:` prefix: `fs.readFileSync`, `Atomics.wait`. */
  readonly path: string;
  /** The path of its row in the catalogue, where {@link path} says more or less than that. */
  readonly row?: string;
  readonly category: Category;
  /** Whether the runtime has a twin. Without one the call keeps blocking. */
  readonly twin: boolean;
  /** Blocks only if the last argument is no function. */
  readonly unlessCallback: boolean;
  /** `name`: known by its name only, a function on an object of which nothing is known. `any`: any function of the module. */
  readonly assumed?: 'name' | 'any';
  /** Has no twin in calls that it calls back from (a filter), which no other thread can do. */
  readonly callsBack?: true;
  /** Its twin blocks for a round trip to the server, when that has shown that it answers. */
  readonly roundTrip?: true;
}

/** The compiler takes the Node that it runs on for the one that the program will run on. */
const NODE = Number(process.versions.node.split('.')[0]);

/** Every blocking API, by path. */
const BLOCKING: ReadonlyMap<string, BlockingApi> = new Map(
  BLOCKING_ROWS.map((row) => [
    row.path,
    {
      path: row.path,
      category: row.category,
      twin: hasTwin(row, NODE),
      unlessCallback: row.unlessCallback === true,
      ...(row.callsBack && { callsBack: true }),
      ...(row.roundTrip && { roundTrip: true }),
    },
  ]),
);

/** Modules of which every function may block that has the suffix. */
const MODULES = ['fs', 'child_process', 'crypto', 'zlib'] as const;

/** Whether a path names a module of Node that has blocking functions with the suffix. */
export function isBlockingModule(path: string): boolean {
  return (MODULES as readonly string[]).includes(path);
}

/** Computed access to a module, such as `fs[name + 'Sync']`, by path: `fs.*`. */
const COMPUTED: ReadonlyMap<string, BlockingApi> = new Map(
  MODULES.map((module) => [
    `${module}.*`,
    { path: `${module}[...]`, category: module, twin: true, unlessCallback: true, assumed: 'any' },
  ]),
);

const ASSUMED = 'assumed.';

/** Functions on objects of which nothing is known, by the path that {@link assumedPath} gives for their name. */
const BY_NAME: ReadonlyMap<string, BlockingApi> = new Map(
  [...BLOCKING.values()]
    .filter(({ path }) => /^\w+\.\w+Sync$|^pg-native\..*Sync$/.test(path))
    .map((api) => [
      `${ASSUMED}${api.path.replace(/.*\./, '')}`,
      { ...api, path: `${api.path} (by its name)`, row: api.path, assumed: 'name' },
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
  'fs.opendirSync': 'fs.Dir',
  'fs.promises.opendir': 'fs.Dir',
  'crypto.createSign': 'crypto.Sign',
  'crypto.Sign.prototype.update': 'crypto.Sign',
  'crypto.createVerify': 'crypto.Verify',
  'crypto.Verify.prototype.update': 'crypto.Verify',
  'crypto.createDiffieHellman': 'crypto.DiffieHellman',
  'crypto.createDiffieHellmanGroup': 'crypto.DiffieHellmanGroup',
  'crypto.getDiffieHellman': 'crypto.DiffieHellmanGroup',
  'crypto.createECDH': 'crypto.ECDH',
  'node:sqlite.Database.prototype.prepare': 'node:sqlite.StatementSync',
  'node:sqlite.Database.prototype.createTagStore': 'node:sqlite.SQLTagStore',
  'node:sqlite.DatabaseSync.prototype.prepare': 'node:sqlite.StatementSync',
  'node:sqlite.DatabaseSync.prototype.createTagStore': 'node:sqlite.SQLTagStore',
};

/** Classes of which `await using` disposes in another way than `using`. */
const DISPOSED_LATER: ReadonlySet<string> = new Set(['fs.Dir']);

/** Whether `await using` calls something else than what `path` names, the method by which `using` disposes of an object. */
export function isDisposedLater(path: string): boolean {
  const [cls = '', name] = path.split('.prototype.');
  return name === '@@dispose' && DISPOSED_LATER.has(cls);
}

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

/** Categories and paths that are patched, or left blocking: what `patch` of the options says. */
export type Switches = Readonly<Record<string, boolean>>;

/** Whether a blocking API is to be patched: its path counts for more than its category. */
export function isSwitchedOn({ path, row = path, category }: BlockingApi, patch: Switches): boolean {
  return (Object.hasOwn(patch, row) ? patch[row] : patch[category]) !== false;
}

/** The paths of all blocking APIs. */
export function blockingPaths(): string[] {
  return [...BLOCKING.keys()];
}
