/** The twin of `EventEmitter.prototype.emit`: awaits the listeners in order. */
import { EventEmitter, errorMonitor } from 'node:events';
import { type Callable, twinOf } from '../../twin/protocol.js';
import { call, run, type Steps } from '../../twin/steps.js';
import { captureRejection } from './capture.js';
import { type StandIn, standingFor } from './standIn.js';

const { rawListeners } = EventEmitter.prototype;

const sourceOf = Function.prototype.toString;

/** An example of what Node's `once` registers: a bound function up to Node 22, a closure with a name of its own from Node 24 on. */
const ONCE_SAMPLE = new EventEmitter().once('sample', () => {}).rawListeners('sample')[0] as Callable;

/** Whether `raw` is a wrapper of Node's `once`. There is no mark to look for, so its name and source text are compared with those of the example. */
function isOnceWrapper(raw: Callable): boolean {
  return raw.name === ONCE_SAMPLE.name && sourceOf.call(raw) === sourceOf.call(ONCE_SAMPLE);
}

/** Wrappers of `once` whose listeners have been run directly. They are no longer registered, but an emission that began before may still reach them. */
const claimed = new WeakSet<Callable>();

/** The listener that `raw` stands for, if `raw` is a stand-in of ours or a wrapper of `once`; undefined if `raw` is to be called itself. */
export function unwrap(
  raw: Callable & { listener?: unknown },
  emitter: EventEmitter,
  event: string | symbol,
): StandIn | undefined {
  const own = standingFor(raw);
  if (own !== undefined) return own;
  const { listener } = raw;
  if (typeof listener !== 'function' || !isOnceWrapper(raw)) return undefined;
  const hasRun = claimed.has(raw);
  // Only the wrapper itself knows whether it has run once it is no longer registered.
  if (!hasRun && !rawListeners.call(emitter, event).includes(raw)) return undefined;
  return {
    listener: listener as Callable,
    start: undefined,
    claim: () => {
      if (hasRun) return false;
      claimed.add(raw);
      emitter.removeListener(event, raw as (...args: unknown[]) => void);
      return true;
    },
  };
}

function hasTwins(emitter: EventEmitter, event: string | symbol): boolean {
  return rawListeners
    .call(emitter, event)
    .some((raw) => twinOf(raw) !== undefined || twinOf((raw as { listener?: unknown }).listener) !== undefined);
}

function* steps(emitter: EventEmitter, event: string | symbol, args: unknown[]): Steps<boolean> {
  if (event === 'error' && emitter.listenerCount(errorMonitor) > 0) yield* steps(emitter, errorMonitor, args);
  for (const raw of rawListeners.call(emitter, event) as Callable[]) {
    const behind = unwrap(raw, emitter, event);
    if (behind !== undefined && !behind.claim()) continue;
    captureRejection(emitter, yield* call(behind?.listener ?? raw, emitter, args), event, args);
  }
  return true;
}

/**
 * A twin for `emit` that runs the listeners through their twins. Where none has one, `emit` emits (and throws an `error` without
 * listeners).
 */
export function emitTwin(emit: Callable): Callable {
  return function (this: EventEmitter, event: string | symbol, ...args: unknown[]): unknown {
    if (!(this instanceof EventEmitter) || !hasTwins(this, event)) return Reflect.apply(emit, this, [event, ...args]);
    return run(steps(this, event, args));
  };
}
