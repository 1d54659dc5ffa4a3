/** ECMAScript and platform builtins that call their callbacks before they return, and have a twin that awaits them. */

/** Methods, recognised by name where the receiver is not known to be anything else. */
export const CALLING_METHODS: ReadonlySet<string> = new Set([
  ...'every filter find findIndex findLast findLastIndex flatMap forEach map reduce reduceRight some sort toArray toSorted'.split(
    ' ',
  ),
  ...['replace', 'replaceAll', 'run', 'exit', 'runInAsyncScope', 'getOrInsertComputed'],
]);

/** Methods of collections that make iterators. */
export const ITERATOR_MAKERS: ReadonlySet<string> = new Set(['entries', 'keys', 'matchAll', 'values']);

/** Methods of iterators that call their callbacks later, from `next`, which has a twin. */
export const LAZY_METHODS: ReadonlySet<string> = new Set(['filter', 'flatMap', 'map', 'take', 'drop']);

/** Methods of iterators that ask for all items, or for as many as they need, before they return. */
export const CONSUMING_METHODS: ReadonlySet<string> = new Set([
  ...['every', 'find', 'forEach', 'reduce', 'some', 'toArray'],
]);

/** What literals of regular expressions and `RegExp` make. */
export const REGEXP = 'RegExp()';

/** Loops that only wait for the time: they are no function, but block as one. */
export const SLEEP_LOOP = 'busy loop';

/** Of the runtime: waits for its lock, and calls the section that it is given. */
export const ATOMIC = '@unblock/runtime.atomic';

/** Functions of the runtime that return what the function returns that they are given. */
export const SECTION_RUNNERS: ReadonlySet<string> = new Set([
  ...[ATOMIC, '@unblock/runtime.withSignal', '@unblock/runtime.withTimeout'],
  '@unblock/runtime/pg.Pool.prototype.withConnection',
]);

/** What Node returns that calls what it is given, in the asynchronous context of where it was made. */
export const SNAPSHOT_MAKER = 'async_hooks.AsyncLocalStorage.snapshot';
export const SNAPSHOT = `${SNAPSHOT_MAKER}()`;

/** Functions of Node that return their first argument, bound to the asynchronous context. */
export const BINDING_FUNCTIONS = ['async_hooks.AsyncLocalStorage.bind', 'async_hooks.AsyncResource.bind'] as const;

const TYPED_ARRAYS = [
  ...['Int8', 'Uint8', 'Uint8Clamped', 'Int16', 'Uint16', 'Int32', 'Uint32'],
  ...['Float16', 'Float32', 'Float64', 'BigInt64', 'BigUint64'],
].map((name) => `${name}Array`);

/** Functions and constructors, by path from a global or a module. */
export const CALLING_FUNCTIONS: ReadonlySet<string> = new Set([
  ...SECTION_RUNNERS,
  ...[
    'Array.from',
    'JSON.parse',
    'JSON.stringify',
    'Map.groupBy',
    'Object.groupBy',
    'Promise',
    'Promise.try',
    'Reflect.apply',
    'Reflect.construct',
    SNAPSHOT,
  ],
  ...TYPED_ARRAYS.map((name) => `${name}.from`),
]);

/** Functions and constructors that iterate their first argument before they return, and have a twin that waits for each item. */
export const ITERABLE_CONSUMERS: ReadonlySet<string> = new Set([
  ...['Array.from', 'Map', 'Map.groupBy', 'Object.fromEntries', 'Object.groupBy', 'Set', 'WeakMap', 'WeakSet'],
  ...['Promise.all', 'Promise.allSettled', 'Promise.any', 'Promise.race'],
  ...TYPED_ARRAYS.flatMap((name) => [name, `${name}.from`]),
]);

/** The same without such a twin, of what may give promises of items. */
export const ASYNCHRONOUS_CONSUMERS: ReadonlySet<string> = new Set([
  ...['Array.fromAsync', 'stream.Readable.from', 'stream.Duplex.from', 'stream.compose', 'stream.pipeline'],
]);

/** All without such a twin. */
export const SYNCHRONOUS_CONSUMERS: ReadonlySet<string> = new Set([
  ...ASYNCHRONOUS_CONSUMERS,
  ...['AggregateError', 'FormData', 'Headers', 'Iterator.from', 'URLSearchParams'],
]);

/** Whether a builtin takes a property descriptor as its third argument. */
export function isDefinition(path: string): boolean {
  return path === 'Object.defineProperty' || path === 'Reflect.defineProperty';
}

/** Functions of Node that call what they are given at once, or return a function that does, without a twin. */
export const WRAPPING_FUNCTIONS: ReadonlySet<string> = new Set([
  ...['util.promisify', 'util.deprecate', 'util.callbackify'],
  ...['perf_hooks.performance.timerify', 'performance.timerify'],
]);

/** Methods of functions that call the function, or make one that does. */
export const FUNCTION_METHODS: ReadonlySet<string> = new Set(['call', 'apply', 'bind']);

/** Methods that return or pass on what a collection holds. */
export const ELEMENT_READERS: ReadonlySet<string> = new Set(
  'get at pop shift find findLast values entries slice filter concat reverse sort next'.split(' '),
);

/** Methods that put their arguments into a collection. */
export const ELEMENT_WRITERS: ReadonlySet<string> = new Set('set push unshift add splice'.split(' '));

/** Other methods of collections, strings and emitters, which call none of their arguments. */
const KEEPING_METHODS: ReadonlySet<string> = new Set(
  'off removeListener removeEventListener at concat delete fill get has hasOwnProperty includes indexOf isPrototypeOf join lastIndexOf propertyIsEnumerable slice toString with __defineGetter__ __defineSetter__ decorate decorateReply decorateRequest'.split(
    ' ',
  ),
);

/** Whether a method of this name only keeps or compares what it is given, where the receiver is not known to be anything else. */
export function keepsArguments(name: string): boolean {
  return ELEMENT_WRITERS.has(name) || KEEPING_METHODS.has(name);
}

/** Methods that Node's streams call, without use of what they return. */
export const STREAM_METHODS: ReadonlySet<string> = new Set([
  ...['_construct', '_destroy', '_final', '_flush', '_read', '_transform', '_write', '_writev'],
]);
