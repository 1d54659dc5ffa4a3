/**
 * An `emit` for single emitters that keeps order while a listener is suspended: that of an emitter's serial events, and that of the
 * listeners of one emission.
 */
import { EventEmitter, errorMonitor } from 'node:events';
import { ClientRequest, IncomingMessage } from 'node:http';
import readline from 'node:readline';
import { Worker } from 'node:worker_threads';
import { type Callable, linkTwin, twinOf } from '../../twin/protocol.js';
import { nextTick } from '../nextTick.js';
import { pushBack, resumeFlow } from './backpressure.js';
import { captureRejection } from './capture.js';
import { emitTwin, unwrap } from './emitTwin.js';
import {
  acquire,
  closeUntil,
  createGate,
  enqueue,
  type Gate,
  gateIfAny,
  gateOf,
  isClosed,
  isEmittedByHolder,
  release,
} from './gate.js';
import { postponeEnd } from './halfOpen.js';
import { hasSerialEvents, keepsEmit, orderOf } from './loopEvents.js';

const { emit: genuineEmit, rawListeners } = EventEmitter.prototype;

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

/** What the callback and the promise form of the class of readline inherit from. */
const Interface = Object.getPrototypeOf(readline.Interface.prototype) as object;
/** How an interface takes a line, for a question or as an event (Node 20 to 26). */
const RECEIVE =
  Object.getOwnPropertySymbols(Interface).find(({ description }) => description === '_onLine') ?? Symbol();

/** Whether `emitter` is an interface of readline, of either form. */
export function isInterface(emitter: object): boolean {
  return Object.prototype.isPrototypeOf.call(Interface, emitter);
}

/** Streams of any class that an interface of readline reads from. */
const inputs = new WeakSet<object>();
const OF_INPUTS: ReadonlySet<unknown> = new Set(['data', 'end', 'close', 'error', 'readable']);

/** Whether `event` has to wait while a listener of a serial event of `emitter` is suspended. */
export function isSerial(emitter: EventEmitter, event: string | symbol): boolean {
  return orderOf(emitter, event) === 'serial' || (inputs.has(emitter) && OF_INPUTS.has(event));
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
  if (!isEmittedByHolder(gate)) return emitWith(gate, emitter, behind, event, args, gate.holders !== undefined);
  gate.suspended--;
  try {
    return emitWith(gate, emitter, behind, event, args, false);
  } finally {
    gate.suspended++;
  }
}

function emitWith(
  gate: Gate,
  emitter: EventEmitter,
  behind: Callable,
  event: string | symbol,
  args: unknown[],
  isSilent: boolean,
): boolean {
  const [first] = args;
  const connection = first instanceof IncomingMessage ? gateIfAny(first.socket) : undefined;
  if (connection !== undefined && isClosed(connection) && !isSerial(emitter, event)) {
    // What is told of the connection is still being dealt with.
    enqueue(connection, () => void emitInOrder(emitter, behind, event, args));
    return emitter.listenerCount(event) > 0;
  }
  // The most frequent case by far, for which nothing needs to be kept.
  if (!isClosed(gate) && event !== 'end' && emitter.listenerCount(event) < 2) {
    return Reflect.apply(behind, emitter, [event, ...args]) as boolean;
  }
  if (isSilent && isClosed(gate) && waitsInSilence(emitter, event)) {
    queueSilenced(emitter, gate, behind, event, args);
    return true;
  }
  if (!isSerial(emitter, event)) {
    const own = orderOf(emitter, event) === undefined ? undefined : createGate();
    return own === undefined
      ? (Reflect.apply(behind, emitter, [event, ...args]) as boolean)
      : deliverOne(emitter, own, behind, event, args);
  }
  if (isClosed(gate)) {
    if (pushBackData(emitter, gate, behind, event, args)) return true;
    enqueue(gate, lateDelivery(emitter, gate, behind, event, args), isInterface(emitter) && event === 'close');
    if (event === 'end') queueEnd(emitter, gate);
    return emitter.listenerCount(event) > 0;
  }
  const isHeard = deliver(emitter, gate, behind, event, args);
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
function queueSilenced(
  emitter: EventEmitter,
  gate: Gate,
  behind: Callable,
  event: string | symbol,
  args: unknown[],
): void {
  if (pushBackData(emitter, gate, behind, event, args)) return;
  const along = args.filter(
    (arg): arg is EventEmitter => arg instanceof EventEmitter && hasSerialEvents(arg) && !keepsEmit(arg),
  );
  for (const one of along) {
    keepOrder(one);
    acquire(gateOf(one));
  }
  const tell = isSerial(emitter, event)
    ? lateDelivery(emitter, gate, behind, event, args)
    : () => void emitInOrder(emitter, behind, event, args);
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

/** Keeps a chunk in its stream until its gate opens, if it flows: it would have to be kept in memory, with all that follows. */
function pushBackData(
  emitter: EventEmitter,
  gate: Gate,
  behind: Callable,
  event: string | symbol,
  args: unknown[],
): boolean {
  if (event !== 'data' || !pushBack(emitter, args[0])) return false;
  enqueue(gate, () => {
    resumeFlow(emitter, (chunk) => enqueue(gate, lateDelivery(emitter, gate, behind, event, [chunk])));
  });
  return true;
}

interface Dumped {
  _dump(): void;
}

function queueEnd(emitter: EventEmitter, gate: Gate): void {
  const end = postponeEnd(emitter);
  if (end !== undefined) enqueue(gate, () => nextTick(end));
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

/**
 * Gives `emitter` the `emit` above, once. It is not enumerable; a program that replaces it replaces what is on top of its own
 * former one, as before.
 *
 * @param isInput whether an interface of readline reads from it: its events are serial then, whatever its class
 */
export function keepOrder(emitter: EventEmitter, isInput = false): void {
  if (isInput) inputs.add(emitter);
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

/** Workers that have ended, and whose end has to wait. */
const endedWorkers = new WeakSet<EventEmitter>();

/** How an event is delivered that had to wait. */
function lateDelivery(
  emitter: EventEmitter,
  gate: Gate,
  behind: Callable,
  event: string | symbol,
  args: unknown[],
): () => void {
  const asItIs = () => void deliver(emitter, gate, behind, event, args);
  if (event === 'line' && isInterface(emitter)) {
    // A question may have been asked meanwhile, which the line answers.
    const receive = (emitter as unknown as Partial<Record<symbol, Callable>>)[RECEIVE];
    return receive === undefined ? asItIs : () => void Reflect.apply(receive, emitter, args);
  }
  if (!(emitter instanceof Worker)) return asItIs;
  if (event === 'exit') endedWorkers.add(emitter);
  const listeners = rawListeners.call(emitter, event) as Callable[];
  return () => {
    if (!endedWorkers.has(emitter)) return asItIs();
    // Node removes those of `message` before it tells of the end, and all others right behind.
    const since = (rawListeners.call(emitter, event) as Callable[]).filter((listener) => !listeners.includes(listener));
    if (listeners.length + since.length === 0) return asItIs();
    runFrom(emitter, gate, [...listeners, ...since], 0, event, args);
  };
}

/** Inputs whose end is being told. */
const ending = new WeakSet<object>();

/** Whether `input` is telling its listeners that it has ended. */
export function isEnding(input: object): boolean {
  return ending.has(input);
}

function deliver(
  emitter: EventEmitter,
  gate: Gate,
  behind: Callable,
  event: string | symbol,
  args: unknown[],
): boolean {
  if (event === 'end' && inputs.has(emitter) && !ending.has(emitter)) {
    ending.add(emitter);
    try {
      return deliver(emitter, gate, behind, event, args);
    } finally {
      ending.delete(emitter);
    }
  }
  const listeners = rawListeners.call(emitter, event) as Callable[];
  // With one listener nothing can be left over, and an emit that is not Node's own has rules of its own.
  if (listeners.length < 2 || behind !== genuineEmit)
    return Reflect.apply(behind, emitter, [event, ...args]) as boolean;
  if (event === 'error' && emitter.listenerCount(errorMonitor) > 0) emitter.emit(errorMonitor, ...args);
  runFrom(emitter, gate, listeners, 0, event, args);
  return true;
}

/** Delivers an event whose emissions overlap: its listeners keep their order. */
function deliverOne(
  emitter: EventEmitter,
  gate: Gate,
  behind: Callable,
  event: string | symbol,
  args: unknown[],
): boolean {
  const listeners = rawListeners.call(emitter, event) as Callable[];
  // What a program has put in the place of `emit` calls the listeners itself: those that suspend keep order among themselves.
  if (behind !== genuineEmit)
    return inEmission(gate, () => Reflect.apply(behind, emitter, [event, ...args]) as boolean);
  runFrom(emitter, gate, listeners, 0, event, args, true);
  return listeners.length > 0;
}

/** The gate of the emission of a concurrent event one of whose listeners is running. */
let emission: Gate | undefined;

function inEmission<T>(gate: Gate, body: () => T): T {
  const around = emission;
  emission = gate;
  try {
    return body();
  } finally {
    emission = around;
  }
}

/** Runs a listener when those before it in the emission have ended, and not if one of them has thrown. */
export function inOrderOfEmission(run: () => unknown): unknown {
  const gate = emission;
  if (gate === undefined || !isClosed(gate)) return run();
  enqueue(gate, () => {
    // The last that suspended before this one.
    if (gate.last?.failed === true) return;
    try {
      inEmission(gate, run);
    } catch (error) {
      gate.last = { failed: true };
      throw error;
    }
  });
  return undefined;
}

/** What is to be called for listeners that are left for later: those that are called once are called for this emission. */
function claimed(listeners: readonly Callable[], emitter: EventEmitter, event: string | symbol): Callable[] {
  return listeners.flatMap((raw): Callable[] => {
    const behind = unwrap(raw, emitter, event);
    if (behind === undefined) return [raw];
    if (!behind.claim()) return [];
    const { start, listener } = behind;
    return [
      start === undefined
        ? listener
        : function (this: unknown, ...args: unknown[]) {
            return start(this, args);
          },
    ];
  });
}

/** Lets the listeners that follow in the emission that is going on wait for `pending`, which one of its listeners has left. */
export function delayEmission(pending: Promise<unknown>): void {
  if (emission !== undefined) closeUntil(emission, pending, () => {});
}

/**
 * Calls the listeners in order from `start`; those that follow one that suspends wait for it, and are dropped if it throws.
 *
 * @param claims whether the event may be emitted again before they are called
 */
function runFrom(
  emitter: EventEmitter,
  gate: Gate,
  listeners: readonly Callable[],
  start: number,
  event: string | symbol,
  args: unknown[],
  claims = false,
): void {
  for (let at = start; at < listeners.length; at++) {
    const call = () => Reflect.apply(listeners[at] as Callable, emitter, args) as unknown;
    captureRejection(emitter, inEmission(gate, call), event, args);
    if (!isClosed(gate)) continue;
    const { last } = gate;
    const left = listeners.slice(at + 1);
    const others = claims ? claimed(left, emitter, event) : left;
    if (others.length > 0) {
      enqueue(gate, () => {
        if (last?.failed !== true) runFrom(emitter, gate, others, 0, event, args);
      });
    }
    return;
  }
}
