/**
 * An `emit`, installed on single emitters, that keeps order while a listener is suspended: the order of the serial events of the emitter, and that of the
 * listeners of one emission.
 */
import { EventEmitter } from 'node:events';
import { ClientRequest, IncomingMessage } from 'node:http';
import { type Callable, linkTwin, twinOf } from '../../twin/protocol.js';
import { deliver, deliverConcurrently, lateDelivery, pushBackData, queueEnd, stopUntilOpen } from './delivery.js';
import { emitTwin } from './emitTwin.js';
import {
  acquire,
  createGate,
  enqueue,
  type Gate,
  gateIfAny,
  gateOf,
  isClosed,
  isEmittedByHolder,
  release,
} from './gate.js';
import type { Emission } from './listenerOrder.js';
import { hasSerialEvents, keepsEmit, orderOf } from './loopEvents.js';
import { isInputEvent, isInterface } from './readlineInterfaces.js';
import { isWatcherEvent } from './sources.js';

const { emit: genuineEmit } = EventEmitter.prototype;

/** Emitters on which the `emit` below has been installed, with the own `emit` that they had before; undefined if it was inherited. */
const ownBefore = new WeakMap<object, Callable | undefined>();

/** Ordered emits that are installed on the prototype of a class, with that prototype. */
const shared = new Map<unknown, EventEmitter>();

/** Whether the `emit` below has been installed on `emitter` itself. */
export function hasOwnOrder(emitter: EventEmitter): boolean {
  return ownBefore.has(emitter);
}

/** The `emit` that `emitter` would have without ours. */
export function emitBehind(emitter: EventEmitter): Callable {
  const behind = ownBefore.get(emitter) ?? (Object.getPrototypeOf(emitter) as EventEmitter).emit;
  const prototype = shared.get(behind);
  return prototype === undefined ? behind : emitBehind(prototype);
}

/** Whether `event` has to wait while a listener of a serial event of `emitter` is suspended. */
export function isSerial(emitter: EventEmitter, event: string | symbol): boolean {
  return orderOf(emitter, event) === 'serial' || isInputEvent(emitter, event) || isWatcherEvent(emitter, event);
}

function emit(this: EventEmitter, event: string | symbol, ...args: unknown[]): boolean {
  return emitInOrder(this, emitBehind(this), event, args);
}

/**
 * Emits an event at once if nothing has to wait, and queues it otherwise.
 *
 * @param behind the `emit` that `emitter` would have without ours
 * @returns whether anybody listens, as far as can be told now
 */
export function emitInOrder(emitter: EventEmitter, behind: Callable, event: string | symbol, args: unknown[]): boolean {
  const gate = gateOf(emitter);
  const isByHolder = isEmittedByHolder(gate);
  // The silence does not apply to what its holder emits; suspended listeners still do.
  if (isByHolder) gate.suspended--;
  try {
    const first = args[0];
    const connection = first instanceof IncomingMessage ? gateIfAny(first.socket) : undefined;
    if (connection !== undefined && isClosed(connection) && !isSerial(emitter, event)) {
      // Events of the connection itself are still waiting, and come first.
      return queueEmit(connection, emitter, behind, event, args);
    }
    // By far the most frequent case. Nothing has to be remembered for it.
    if (!isClosed(gate) && event !== 'end' && emitter.listenerCount(event) < 2) {
      const isHeard = Reflect.apply(behind, emitter, [event, ...args]) as boolean;
      if (event === 'data' && isClosed(gate)) stopUntilOpen({ emitter, gate, behind, event, args });
      return isHeard;
    }
    if (!isByHolder && gate.holders !== undefined && isClosed(gate) && waitsInSilence(emitter, event)) {
      queueSilenced({ emitter, gate, behind, event, args });
      return true;
    }
    if (isSerial(emitter, event)) return emitSerial({ emitter, gate, behind, event, args });
    return orderOf(emitter, event) === undefined
      ? (Reflect.apply(behind, emitter, [event, ...args]) as boolean)
      : deliverConcurrently({ emitter, gate: createGate(), behind, event, args });
  } finally {
    if (isByHolder) gate.suspended++;
  }
}

/** Emits when `gate` opens. A function of its own, because a closure in {@link emitInOrder} would make V8 allocate a scope for every call. */
function queueEmit(
  gate: Gate,
  emitter: EventEmitter,
  behind: Callable,
  event: string | symbol,
  args: unknown[],
): boolean {
  enqueue(gate, () => void emitInOrder(emitter, behind, event, args));
  return emitter.listenerCount(event) > 0;
}

function emitSerial(emission: Emission): boolean {
  const { emitter, gate, event } = emission;
  if (isClosed(gate)) {
    if (pushBackData(emission)) return true;
    enqueue(gate, lateDelivery(emission), isInterface(emitter) && event === 'close');
    if (event === 'end') queueEnd(emitter, gate);
    return emitter.listenerCount(event) > 0;
  }
  const isHeard = deliver(emission);
  if (event === 'data' && isClosed(gate)) stopUntilOpen(emission);
  if (event === 'end' && isClosed(gate)) queueEnd(emitter, gate);
  return isHeard;
}

/** Events that a silent server queues if nobody listens yet. Not `clientError`: without a listener Node handles that itself. */
const OF_SERVERS: ReadonlySet<unknown> = new Set(['connection', 'secureConnection', 'request']);

/** Whether a silent emitter queues an event for listeners that may still be added. */
function waitsInSilence(emitter: EventEmitter, event: string | symbol): boolean {
  if (isSerial(emitter, event)) return true;
  return OF_SERVERS.has(event) && orderOf(emitter, event) !== undefined && emitter.listenerCount(event) === 0;
}

/** Queues an event of a silenced emitter and silences the emitters among its arguments. The emitting code sees `true`, as if somebody listened. */
function queueSilenced(emission: Emission): void {
  const { emitter, gate, behind, event, args } = emission;
  if (pushBackData(emission)) return;
  const along = args.filter(
    (arg): arg is EventEmitter => arg instanceof EventEmitter && hasSerialEvents(arg) && !keepsEmit(arg),
  );
  for (const one of along) {
    keepOrder(one);
    acquire(gateOf(one));
  }
  const tell = isSerial(emitter, event) ? lateDelivery(emission) : () => void emitInOrder(emitter, behind, event, args);
  enqueue(gate, () => {
    const isHeard = emitter.listenerCount(event) > 0;
    try {
      tell();
      // Node discards a response if `emit` returns false. Here it has returned true.
      if (!isHeard && emitter instanceof ClientRequest && event === 'response') (args[0] as Dumped)._dump();
    } finally {
      for (const one of along) release(gateOf(one));
    }
  });
  if (event === 'end') queueEnd(emitter, gate);
}

interface Dumped {
  _dump(): void;
}

/** Links a twin to an ordered emit. If the program has an `emit` of its own, by class or by assignment, the twin of that one is called, where it has one. */
function linkOrdered(ordered: Callable, behindOf: (emitter: EventEmitter) => Callable): void {
  const withListeners = emitTwin(ordered);
  linkTwin(ordered, function (this: EventEmitter, ...args: unknown[]): unknown {
    const behind = behindOf(this);
    const twin = behind === genuineEmit ? withListeners : (twinOf(behind) ?? ordered);
    return Reflect.apply(twin, this, args);
  });
}
linkOrdered(emit, emitBehind);

/** Installs the `emit` above on `emitter`, once. It is not enumerable, and calls the `emit` that was there before. */
export function keepOrder(emitter: EventEmitter): void {
  if (ownBefore.has(emitter) || shared.has(emitter.emit) || keepsEmit(emitter)) return;
  install(emitter, emit);
}

/**
 * Installs an ordered `emit` on the prototype of a class, once.
 *
 * @param ordered also runs for instances that have an `emit` of their own, if that calls the inherited one
 */
export function shareOrder(prototype: EventEmitter, ordered: Callable): void {
  if (shared.has(ordered)) return;
  shared.set(ordered, prototype);
  linkOrdered(ordered, () => emitBehind(prototype));
  install(prototype, ordered);
}

function install(on: EventEmitter, ordered: Callable): void {
  const own = Object.getOwnPropertyDescriptor(on, 'emit');
  const installed = Reflect.defineProperty(on, 'emit', {
    value: ordered,
    configurable: true,
    writable: true,
    enumerable: false,
  });
  if (installed) ownBefore.set(on, own?.value as Callable | undefined);
}
