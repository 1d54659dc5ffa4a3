/**
 * An `emit` for single emitters that keeps order while a listener is suspended: that of an emitter's serial events, and that of the
 * listeners of one emission.
 */
import { EventEmitter } from 'node:events';
import { ClientRequest, IncomingMessage } from 'node:http';
import { type Callable, linkTwin, twinOf } from '../../twin/protocol.js';
import { deliver, deliverConcurrently, lateDelivery, pushBackData, queueEnd } from './delivery.js';
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

const { emit: genuineEmit } = EventEmitter.prototype;

/** The `emit` that an emitter had as its own, by emitter; undefined for one that inherited it. */
const ownBefore = new WeakMap<object, Callable | undefined>();

/** Ordered emits that all instances of a class share, with the prototype that has them. */
const shared = new Map<unknown, EventEmitter>();

/** Whether `emitter` itself has the `emit` below. */
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
  return orderOf(emitter, event) === 'serial' || isInputEvent(emitter, event);
}

function emit(this: EventEmitter, event: string | symbol, ...args: unknown[]): boolean {
  return emitInOrder(this, emitBehind(this), event, args);
}

/**
 * Emits in order.
 *
 * @param behind the `emit` that does so if nothing has to wait
 */
export function emitInOrder(emitter: EventEmitter, behind: Callable, event: string | symbol, args: unknown[]): boolean {
  const gate = gateOf(emitter);
  const isByHolder = isEmittedByHolder(gate);
  // What the holder emits itself may only have to wait for listeners that are suspended.
  if (isByHolder) gate.suspended--;
  try {
    const first = args[0];
    const connection = first instanceof IncomingMessage ? gateIfAny(first.socket) : undefined;
    if (connection !== undefined && isClosed(connection) && !isSerial(emitter, event)) {
      // What is told of the connection is still being dealt with.
      return queueEmit(connection, emitter, behind, event, args);
    }
    // The most frequent case by far, for which nothing needs to be kept.
    if (!isClosed(gate) && event !== 'end' && emitter.listenerCount(event) < 2) {
      return Reflect.apply(behind, emitter, [event, ...args]) as boolean;
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

/** Emits when `gate` opens. Apart from {@link emitInOrder}, which would allocate a scope for the closure each time. */
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
  if (event === 'end' && isClosed(gate)) queueEnd(emitter, gate);
  return isHeard;
}

/** Events that servers emit at any time, and whose listeners Node does not ask for: not so `clientError`, which it deals with itself where there are none. */
const OF_SERVERS: ReadonlySet<unknown> = new Set(['connection', 'secureConnection', 'request']);

/** Whether an event is kept for those who are not listening yet. */
function waitsInSilence(emitter: EventEmitter, event: string | symbol): boolean {
  if (isSerial(emitter, event)) return true;
  return OF_SERVERS.has(event) && orderOf(emitter, event) !== undefined && emitter.listenerCount(event) === 0;
}

/** Keeps an event, and what is told with it silent, until the emitter speaks. Whoever emits is told that somebody listens. */
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
      // As Node does when it is told that nobody has listened.
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

/** Links a twin to an ordered emit: the program's own `emit`, of its class or assigned, runs first, as it does without ours. */
function linkOrdered(ordered: Callable, behindOf: (emitter: EventEmitter) => Callable): void {
  const withListeners = emitTwin(ordered);
  linkTwin(ordered, function (this: EventEmitter, ...args: unknown[]): unknown {
    const behind = behindOf(this);
    const twin = behind === genuineEmit ? withListeners : (twinOf(behind) ?? ordered);
    return Reflect.apply(twin, this, args);
  });
}
linkOrdered(emit, emitBehind);

/** Gives `emitter` the `emit` above, once. It is not enumerable; a program that replaces it replaces what is on top of its own former one, as before. */
export function keepOrder(emitter: EventEmitter): void {
  if (ownBefore.has(emitter) || shared.has(emitter.emit) || keepsEmit(emitter)) return;
  install(emitter, emit);
}

/**
 * Gives all instances of a class the same ordered `emit`, once.
 *
 * @param ordered is called for instances that have an `emit` of their own, too, from there
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
