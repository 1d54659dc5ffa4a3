/** What the language and Node call of classes of the program that extend theirs. */

/** Methods that the constructors of collections call for each item that they are given, by path. */
export const FILLING_METHODS: Readonly<Record<string, string>> = {
  Map: 'set',
  WeakMap: 'set',
  Set: 'add',
  WeakSet: 'add',
};

/** Methods of arrays that make another array, of the same class. */
export const SPECIES_METHODS: ReadonlySet<string> = new Set('concat filter flat flatMap map slice splice'.split(' '));

/** Static methods that make an object of the class that they are called on. */
export const MAKING_METHODS: ReadonlySet<string> = new Set(['from', 'fromAsync', 'of']);

/** Methods of streams that Node's own code calls: where streams are connected, iterated or destroyed. */
export const CALLED_ON_STREAMS: readonly string[] =
  'destroy emit end off on once pause pipe push read removeListener resume unpipe unshift write'.split(' ');

const STREAM_CLASSES = 'Readable Writable Duplex Transform PassThrough'.split(' ').map((name) => `stream.${name}`);

/** Paths of what makes streams that are driven by whoever uses them, rather than by the event loop. */
const STREAM_MAKERS: ReadonlySet<string> = new Set([
  ...STREAM_CLASSES,
  ...['stream.Readable.from', 'stream.Duplex.from', 'stream.compose'],
  ...['drop', 'filter', 'flatMap', 'map', 'take'].map((name) => `stream.Readable.prototype.${name}`),
]);
const EMITTER_MAKERS: ReadonlySet<string> = new Set(['events', 'events.EventEmitter', 'stream', 'stream.Stream']);

/** The paths of objects that a program makes with them. */
export const OWN_STREAM = 'stream.Readable.prototype';
export const OWN_EMITTER = 'events.EventEmitter.prototype';

/** The path of the object that a function or class of Node makes, if it is a stream or an emitter that belongs to the program. */
export function emitterMadeBy(path: string): string | undefined {
  if (STREAM_MAKERS.has(path)) return OWN_STREAM;
  return EMITTER_MAKERS.has(path) ? OWN_EMITTER : undefined;
}

/** Paths of which each step is told apart. */
export function emitterPaths(): string[] {
  return [...STREAM_MAKERS, ...EMITTER_MAKERS];
}

/** Events that such streams emit while somebody calls their methods. */
export const STREAM_EVENTS: ReadonlySet<string> = new Set('data drain pause pipe readable resume unpipe'.split(' '));

/** Those by which every stream tells, in a turn of its own, that it is done. */
export const FINAL_EVENTS: ReadonlySet<string> = new Set('close end error finish'.split(' '));

/** Events that every emitter emits by itself, while listeners are added and removed. */
export const EMITTER_EVENTS: ReadonlySet<string> = new Set(['newListener', 'removeListener']);
