/** Adapters of the stream constructors, whose options hold methods that signal completion by callback. */
import stream, { type Readable } from 'node:stream';
import { type Callable, linkRoot, linkTwin, SUSPENDED, shared, takeOutermost, twinOf } from '../../twin/protocol.js';
import { silenceDestinationsUntil } from './connections.js';
import { closeUntil, enqueue, gateOf, isClosed } from './gate.js';
import { type KeptCallback, keepCallback } from './keptCallback.js';
import { overriding } from './options.js';
import { linkPaths } from './resolve.js';
import { isCalledByProgram } from './stackOrigin.js';
import { throwUncaught } from './uncaught.js';
import { asyncCallback, dress } from './wrap.js';

/**
 * What becomes of an error that a method throws after it has suspended: what Node would have done with it (Node 20 to 26: constructNT, callFinal and _destroy
 * pass it to the callback of the method, Readable.read destroys the stream). Errors of `write`, `writev` and `transform` are thrown at the writing code; when
 * the method has suspended that has gone on, so that they are uncaught.
 */
const FAILURE: Readonly<Record<string, 'callback' | 'destroy' | 'uncaught'>> = {
  construct: 'callback',
  final: 'callback',
  flush: 'callback',
  destroy: 'callback',
  read: 'destroy',
  write: 'uncaught',
  writev: 'uncaught',
  transform: 'uncaught',
};

export function installStreams(): void {
  for (const Stream of [stream.Readable, stream.Writable, stream.Duplex, stream.Transform, stream.PassThrough]) {
    const original = Stream as unknown as Callable;
    linkRoot(original, function self(this: unknown, ...args: unknown[]): unknown {
      const wrapped = [withTwins(args[0]), ...args.slice(1)];
      if (new.target === undefined) return Reflect.apply(original, this, wrapped);
      return Reflect.construct(original, wrapped, new.target === self ? original : new.target);
    });
  }
  linkPaths(stream.Readable.prototype, ITERATION, [0], asyncCallback);
}

/** Methods of streams that await what their callbacks return. */
const ITERATION = 'every filter find flatMap forEach map reduce some';

/** A copy of `options` whose methods start their twins, and wait for each other; `options` itself where none has one. */
function withTwins(options: unknown): unknown {
  if (typeof options !== 'object' || options === null) return options;
  const given = options as Record<string, unknown>;
  const names = Object.keys(FAILURE);
  if (!names.some((name) => twinOf(given[name]) !== undefined)) return options;
  const methods = names.filter((name) => typeof given[name] === 'function');
  return overriding(options, new Map(methods.map((name) => [name, methodOf(given[name] as Callable, name)])));
}

/**
 * Lets streams of a class start the asynchronous forms of its methods, in place of the methods that have them. Methods beside these wait for them.
 *
 * @param prototype of the class; nothing happens if it is not one of a stream of Node's
 * @param keys such as `_transform`
 */
export function startStreamMethods(prototype: object, keys: readonly string[]): void {
  if (!(prototype instanceof stream.Stream)) return;
  const starting = keys.filter((key) => twinOf(Object.getOwnPropertyDescriptor(prototype, key)?.value) !== undefined);
  if (starting.length === 0) return;
  for (const name of Object.keys(FAILURE)) {
    const key = `_${name}`;
    const own = Object.getOwnPropertyDescriptor(prototype, key);
    if (typeof own?.value !== 'function') continue;
    const twin = starting.includes(key) ? twinOf(own.value) : undefined;
    const method = methodOf(own.value, name);
    Object.defineProperty(prototype, key, { ...own, value: twin === undefined ? method : linkTwin(method, twin) });
  }
}

/** Methods of which Node goes on with what follows when they have returned, however early they have called back. */
const CALLING_BACK: ReadonlySet<string> = new Set(['construct', 'write', 'writev', 'transform', 'final']);

/** The callback of a method, the last of its arguments, if it has to be kept. */
function keptCallbackOf(self: Readable, name: string, args: readonly unknown[]): KeptCallback | undefined {
  const done = args.at(-1);
  if (!CALLING_BACK.has(name) || typeof done !== 'function') return undefined;
  return keepCallback(done as Callable, (results) => {
    const [error, chunk] = results;
    if (name !== 'transform' || error || chunk === undefined || chunk === null) return results;
    // What a transformation hands on with its callback comes before what it pushes behind that.
    self.push(chunk);
    return [error];
  });
}

/** Nobody waits for what follows any more. */
function settled(kept: KeptCallback | undefined): void {
  try {
    kept?.release();
  } catch (error) {
    throwUncaught(error);
  }
}

function methodOf(method: Callable, name: string): Callable {
  const twin = twinOf(method);
  const fail = (self: Readable, args: unknown[], error: unknown): void => {
    const done = args.at(-1);
    if (FAILURE[name] === 'destroy') self.destroy(error as Error);
    else if (FAILURE[name] === 'callback' && typeof done === 'function') done(error);
    else throwUncaught(error);
  };
  // A method that has called its callback may be called again before it ends. It waits then; only `destroy` does not.
  const waits = name !== 'destroy';
  const start = (self: Readable, args: unknown[]): unknown => {
    const gate = gateOf(self);
    if (waits && isClosed(gate)) {
      enqueue(gate, () => start(self, args));
      return undefined;
    }
    // Where the program has called `write` or `read` itself, it relies on what the method has done when that returns.
    if (twin === undefined || shared.isLoading || isCalledByProgram(adapter)) return Reflect.apply(method, self, args);
    const kept = keptCallbackOf(self, name, args);
    const given = kept === undefined ? args : [...args.slice(0, -1), kept.callback];
    let result: unknown;
    try {
      result = Reflect.apply(twin, self, given);
    } catch (error) {
      kept?.release();
      throw error;
    }
    if (result !== SUSPENDED) {
      kept?.release();
      return result;
    }
    const pending = takeOutermost();
    silenceDestinationsUntil(self, pending);
    const ended = pending.then(() => settled(kept));
    const failed = (error: unknown): void => {
      settled(kept);
      fail(self, args, error);
    };
    if (waits) closeUntil(gate, ended, failed);
    else ended.then(undefined, failed);
    return undefined;
  };
  const adapter = dress(function (this: Readable, ...args: unknown[]) {
    return start(this, args);
  }, method);
  return adapter;
}
