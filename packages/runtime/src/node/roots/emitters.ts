/** Adapters of the methods that register listeners with an EventEmitter. */
import { EventEmitter } from 'node:events';
import { Readable } from 'node:stream';
import { outsideScopes } from '../../green/interruption.js';
import { type Callable, linkRoot, linkTwin, SUSPENDED, takeOutermost, twinOf } from '../../twin/protocol.js';
import { holdConnection } from './connections.js';
import { emitTwin } from './emitTwin.js';
import { enqueue, enter, gateOf, isClosed } from './gate.js';
import { hold, prepare } from './lines.js';
import { type EventOrder, hasSerialEvents, orderOf } from './loopEvents.js';
import { inOrderOfEmission, keepOrder } from './orderedEmit.js';
import { declareStandIn } from './standIn.js';
import { asListener, dress, settleUncaught, started, throwUncaught } from './wrap.js';

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
  linkOnce(EventEmitter.prototype.once as Registering, 'on');
  linkOnce(EventEmitter.prototype.prependOnceListener as Registering, 'prependListener');
}

/** Node's own `once` would put its wrapper around ours, and `off(event, listener)` looks through one only. */
function linkOnce(original: Registering, register: 'on' | 'prependListener'): void {
  linkRoot(original, function (this: EventEmitter, event: string | symbol, listener: Callable) {
    const wrapper = listenerFor(this, event, listener, () => this.removeListener(event, wrapper as Callable));
    if (wrapper === undefined) return Reflect.apply(original, this, [event, listener]);
    return this[register](event, wrapper);
  });
}

/**
 * The function to register in place of `listener`; undefined where that is `listener` itself, because it has no twin or because
 * it is not the event loop that emits the event.
 *
 * @param remove for a listener that is called once: removes it
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
  prepare(emitter);
  let fired = false;
  const claim = (): boolean => {
    if (remove === undefined) return true;
    if (fired) return false;
    fired = true;
    remove();
    return true;
  };
  const start = order === 'serial' ? serially(twin, emitter) : freely(listener, order);
  const wrapper = asListener(
    dress(function (this: unknown, ...args: unknown[]): unknown {
      return start(this, args, claim);
    }, listener),
    listener,
  );
  declareStandIn(wrapper, { listener, claim, start: (self, args) => start(self, args, () => true) });
  return wrapper;
}

type Start = (self: unknown, args: unknown[], claim: () => boolean) => unknown;

function freely(listener: Callable, order: EventOrder): Start {
  const run = concurrentListener(listener, order === 'holding') as Callable;
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
    holdConnection([emitter], pending);
    hold(emitter, pending);
    return undefined;
  };
  return start;
}

/**
 * A listener whose invocations are independent of each other, for places that call it from the event loop. The listeners that follow
 * it in an emission wait for it.
 *
 * @param holding whether the emitters among its arguments stay silent while it is suspended
 */
export function concurrentListener(listener: unknown, holding: boolean): unknown {
  return started(listener, (pending, args) => {
    if (!holding) return settleUncaught(pending);
    let reporting = throwUncaught;
    for (const arg of args) {
      if (!(arg instanceof EventEmitter) || !hasSerialEvents(arg)) continue;
      keepOrder(arg);
      enter(gateOf(arg), pending, reporting);
      reporting = () => {};
    }
    if (reporting === throwUncaught) settleUncaught(pending);
    return undefined;
  });
}
