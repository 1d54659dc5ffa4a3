/** Adapters of the methods that register listeners with an EventEmitter. */
import { EventEmitter } from 'node:events';
import { ClientRequest, IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { outsideScopes } from '../../green/interruption.js';
import { type Callable, linkRoot, linkTwin, SUSPENDED, takeOutermost, twinOf } from '../../twin/protocol.js';
import { silenceConnectionUntil } from './connections.js';
import { emitTwin } from './emitTwin.js';
import { acquire, closeUntil, enqueue, gateIfAny, gateOf, isClosed, release, whenIdle } from './gate.js';
import { isToldLater } from './keptEmit.js';
import { closeGatesUntil, prepareEmitter } from './lines.js';
import { inOrderOfEmission } from './listenerOrder.js';
import { type EventOrder, hasSerialEvents, keepsEmit, orderOf } from './loopEvents.js';
import { keepOrder } from './orderedEmit.js';
import { isEmittedByProgram } from './stackOrigin.js';
import { declareStandIn } from './standIn.js';
import { settleUncaught, throwUncaught } from './uncaught.js';
import { asListener, dress, started, uncaughtCallback } from './wrap.js';

type Registering = (this: EventEmitter, event: string | symbol, listener: Callable) => EventEmitter;

export function installEmitters(): void {
  linkTwin(EventEmitter.prototype.emit, emitTwin(EventEmitter.prototype.emit));
  for (const prototype of [EventEmitter.prototype, Readable.prototype]) {
    for (const name of ['on', 'addListener', 'prependListener'] as const) {
      const original = prototype[name] as Registering;
      linkRoot(original, function (this: EventEmitter, event: string | symbol, listener: Callable) {
        return Reflect.apply(original, this, [event, listenerFor(this, event, listener) ?? listener]);
      });
    }
  }
  for (const prototype of [EventEmitter.prototype, Readable.prototype]) {
    for (const name of ['off', 'removeListener'] as const) linkRemoving(prototype, name);
  }
  linkOnce(EventEmitter.prototype.once as Registering, 'on');
  linkOnce(EventEmitter.prototype.prependOnceListener as Registering, 'prependListener');
}

/** What Node has registered by its own `once` has two functions before the listener, of which Node looks through one only. */
function linkRemoving(prototype: EventEmitter, name: 'off' | 'removeListener'): void {
  const original = prototype[name] as Registering;
  linkRoot(original, function (this: EventEmitter, event: string | symbol, listener: Callable) {
    const count = this.listenerCount(event);
    const result = Reflect.apply(original, this, [event, listener]);
    const wrapper = emitted.get(listener);
    if (wrapper === undefined || this.listenerCount(event) < count) return result;
    return Reflect.apply(original, this, [event, wrapper]);
  });
}

/** `once` must not be called with our wrapper: Node would wrap it again, and `off(event, listener)` looks through one wrapper only. */
function linkOnce(original: Registering, register: 'on' | 'prependListener'): void {
  linkRoot(original, function (this: EventEmitter, event: string | symbol, listener: Callable) {
    const wrapper = listenerFor(this, event, listener, () => this.removeListener(event, wrapper as Callable));
    if (wrapper === undefined) return Reflect.apply(original, this, [event, listener]);
    return this[register](event, wrapper);
  });
}

/**
 * The function to register in place of `listener`; undefined if `listener` itself is to be registered, because it has no twin or because
 * the event is not one that the event loop emits.
 *
 * @param remove removes the listener; only given if it is to be called once
 */
function listenerFor(
  emitter: EventEmitter,
  event: string | symbol,
  listener: Callable,
  remove?: () => void,
): Callable | undefined {
  const twin = twinOf(listener);
  const order = twin === undefined ? undefined : orderOf(emitter, event);
  if (twin === undefined || order === undefined) return undefined;
  prepareEmitter(emitter);
  let fired = false;
  const claim = (): boolean => {
    if (remove === undefined) return true;
    if (fired) return false;
    fired = true;
    remove();
    return true;
  };
  const start = order === 'serial' ? serially(twin, emitter) : concurrently(listener, order);
  const mayBeLate = order === 'serial' && keepsEmit(emitter);
  const wrapper: Callable = asListener(
    dress(function (this: unknown, ...args: unknown[]): unknown {
      if (isAwaited(emitter, wrapper, args)) return claim() ? Reflect.apply(listener, this, args) : undefined;
      return mayBeLate && isToldLater(emitter, event, args, wrapper) ? undefined : start(this, args, claim);
    }, listener),
    listener,
  );
  declareStandIn(wrapper, { listener, claim, start: (self, args) => start(self, args, () => true) });
  return wrapper;
}

/** Whether the program goes on when its listeners have run; while one is suspended, what is emitted waits for it in any case. */
function isAwaited(emitter: unknown, listener: Callable, [first]: readonly unknown[]): boolean {
  const gate = emitter instanceof EventEmitter ? gateIfAny(emitter) : undefined;
  if (gate !== undefined && isClosed(gate)) return false;
  // Looking at the stack takes a tenth of the time of a small request. Those that are being parsed come from the loop.
  if (first instanceof IncomingMessage && isBeingParsed(first)) return false;
  return isEmittedByProgram(listener);
}

interface Parsing {
  readonly parser?: { readonly incoming?: unknown } | null;
}

function isBeingParsed(message: IncomingMessage): boolean {
  return (message.socket as Parsing | null)?.parser?.incoming === message;
}

type Start = (self: unknown, args: unknown[], claim: () => boolean) => unknown;

function concurrently(listener: Callable, order: EventOrder): Start {
  const run = concurrentListener(listener, order === 'silencing') as Callable;
  return (self, args, claim) =>
    claim() ? inOrderOfEmission(() => Reflect.apply(run, self, args) as unknown) : undefined;
}

/** Runs the listener when the emitter's gate is open, and closes the gate while the listener is suspended. */
function serially(twin: Callable, emitter: object): Start {
  const start: Start = (self, args, claim) => {
    const gate = gateOf(emitter);
    if (isClosed(gate)) {
      enqueue(gate, () => start(self, args, claim));
      return undefined;
    }
    if (!claim()) return undefined;
    const result = outsideScopes(twin, self, args);
    if (result !== SUSPENDED) return result;
    const pending = takeOutermost();
    silenceConnectionUntil([emitter], pending);
    closeGatesUntil(emitter, pending);
    for (const arg of args) if (isEmitter(arg)) silenceUntil(arg, pending);
    if (emitter instanceof IncomingMessage) closeRequestUntilIdle(emitter);
    return undefined;
  };
  return start;
}

/** Whether a value is an emitter that can be kept silent. */
function isEmitter(value: unknown): value is EventEmitter {
  return value instanceof EventEmitter && hasSerialEvents(value) && !keepsEmit(value);
}

/** Keeps an emitter silent until `pending` settles: the suspended listener that has received it may still attach listeners. */
function silenceUntil(
  emitter: EventEmitter,
  pending: Promise<unknown>,
  report: (error: unknown) => void = () => {},
): void {
  keepOrder(emitter);
  closeUntil(gateOf(emitter), pending, report);
}

/** Keeps the emitters among values silent until `pending` settles. If it rejects, the error is reported before their queued events. */
function silenceAllUntil(values: readonly unknown[], pending: Promise<unknown>): void {
  let report = throwUncaught;
  for (const value of values) {
    if (!isEmitter(value)) continue;
    silenceUntil(value, pending, report);
    report = () => {};
  }
  if (report === throwUncaught) settleUncaught(pending);
}

/** A client's request emits `close` after all events of its response, so its gate is closed until the response has none left. */
function closeRequestUntilIdle(response: IncomingMessage): void {
  const { req: request } = response as { req?: unknown };
  if (!(request instanceof ClientRequest)) return;
  keepOrder(request);
  acquire(gateOf(request));
  whenIdle(gateOf(response), () => release(gateOf(request)));
}

const emitted = new WeakMap<Callable, Callable>();

/**
 * A callback that Node registers as a listener itself, in the form that `replace` makes of it. There is one of each callback, because Node looks for it when
 * it is to be removed (`socket.setTimeout(0, callback)`).
 */
export function emittedCallback(value: unknown, replace: (value: unknown) => unknown = uncaughtCallback): unknown {
  if (typeof value !== 'function') return value;
  const listener = value as Callable;
  const known = emitted.get(listener);
  if (known !== undefined) return known;
  const starting = replace(listener) as Callable;
  if (starting === listener) return listener;
  const start = (self: unknown, args: unknown[]): unknown => Reflect.apply(starting, self, args);
  const wrapper: Callable = dress(function (this: unknown, ...args: unknown[]): unknown {
    return isAwaited(this, wrapper, args) ? Reflect.apply(listener, this, args) : start(this, args);
  }, listener);
  declareStandIn(wrapper, { listener, claim: () => true, start });
  emitted.set(listener, wrapper);
  return asListener(wrapper, listener);
}

/**
 * A callback that Node adds as a listener to the emitter that it is called on. While it is suspended, that emitter and those among its
 * arguments are silent.
 */
export function listeningCallback(value: unknown): unknown {
  return emittedCallback(value, (callback) =>
    started(callback, (pending, args, self) => {
      silenceAllUntil([self, ...args], pending);
    }),
  );
}

/** A callback that Node adds as a listener to what it makes, for events that stay in order. */
export function serialCallback(value: unknown): unknown {
  return emittedCallback(value, (callback) => {
    const twin = twinOf(callback);
    if (twin === undefined) return callback;
    return function (this: object, ...args: unknown[]): unknown {
      return serially(twin, this)(this, args, () => true);
    };
  });
}

/**
 * A listener whose invocations are independent of each other, for places that call it from the event loop. The listeners that follow
 * it in an emission wait for it.
 *
 * @param silencesArguments whether the emitters among its arguments stay silent while it is suspended
 */
export function concurrentListener(listener: unknown, silencesArguments: boolean): unknown {
  return started(listener, (pending, args) => {
    if (!silencesArguments) return settleUncaught(pending);
    silenceAllUntil(args, pending);
    return undefined;
  });
}
