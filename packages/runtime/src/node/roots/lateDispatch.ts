/**
 * Events that are dispatched to an EventTarget while a listener of it is suspended. They are told when that has ended: to those that are registered then, as if
 * they had been dispatched then. Targets have no `emit` to put another in the place of, hence a listener of our own, which is there for as long.
 */
import { types } from 'node:util';
import type { Callable } from '../../twin/protocol.js';
import { queueMicrotask } from '../nextTick.js';
import { enqueue, gateOf, whenIdle } from './gate.js';
import { serialEventsOf } from './loopEvents.js';
import { settleUncaught } from './uncaught.js';

/** A registered listener, as Node keeps it (20 to 26). */
interface Handler {
  /** What is called: the listener, or what calls a method of it. Something else where Node holds it weakly. */
  readonly callback: unknown;
  readonly listener: unknown;
  readonly capture: boolean;
  readonly once: boolean;
  /** Whether it has been registered by `on`, and gets what the event tells rather than the event. */
  readonly isNodeStyleListener: boolean;
  readonly next?: Handler;
}

/** What listens while a listener of a target is suspended. */
interface Ear {
  readonly hear: Callable;
  /** Whether Node may still be calling the other listeners of the event whose listener has suspended last. */
  isDispatching: boolean;
}

const ears = new WeakMap<object, Ear>();

/** Wrappers of listeners, which do nothing when they are called while another is suspended. */
const standIns = new WeakSet<object>();

/** Notes that `wrapper` asks {@link isToldLater} before it calls its listener. */
export function declareLate(wrapper: Callable): void {
  standIns.add(wrapper);
}

/** A listener of `target` has suspended: what is dispatched until its gate opens is told then. */
export function tellLater(target: EventTarget): void {
  const ear = ears.get(target) ?? listen(target);
  ear.isDispatching = true;
  queueMicrotask(() => {
    ear.isDispatching = false;
  });
}

/** Whether the event that a wrapper is called for is told later. If not, it has to wait for those that Node has called before it. */
export function isToldLater(target: EventTarget, type: string): boolean {
  const ear = ears.get(target);
  return ear !== undefined && !ear.isDispatching && isRegistered(target, type, ear.hear);
}

/** Whether `callback` is registered for events of `type`. */
export function isRegistered(target: EventTarget, type: string, callback: unknown): boolean {
  for (const handler of handlersOf(target, type)) if (handler.callback === callback) return true;
  return false;
}

function listen(target: EventTarget): Ear {
  const events = serialEventsOf(target);
  const gate = gateOf(target);
  const hear = (event: Event): void => {
    if (ear.isDispatching) return;
    const heard = handlersOf(target, event.type).filter(({ callback }) => !standIns.has(callback as object));
    enqueue(gate, () => tell(target, event, heard));
  };
  const ear: Ear = { hear, isDispatching: false };
  ears.set(target, ear);
  for (const type of events) target.addEventListener(type, hear);
  whenIdle(gate, () => {
    ears.delete(target);
    for (const type of events) target.removeEventListener(type, hear);
  });
  return ear;
}

/** @param heard those that have heard the event when it came, our own among them */
function tell(target: EventTarget, event: Event, heard: readonly Handler[]): void {
  for (const handler of handlersOf(target, event.type)) {
    if (heard.some(({ callback }) => callback === handler.callback)) continue;
    enqueue(gateOf(target), () => call(target, event, handler));
  }
}

function call(target: EventTarget, event: Event, handler: Handler): void {
  const { callback, listener, capture, once, isNodeStyleListener } = handler;
  if (typeof callback !== 'function' || !isRegistered(target, event.type, callback)) return;
  if (once) target.removeEventListener(event.type, listener as Callable, capture);
  const result: unknown = Reflect.apply(callback, target, [isNodeStyleListener ? toldBy(event) : event]);
  if (types.isPromise(result)) settleUncaught(result);
}

function toldBy(event: Event): unknown {
  return 'data' in event ? event.data : event;
}

/** The listeners of a target in their order. `getEventListeners` does not tell what they are called with. */
function handlersOf(target: EventTarget, type: string): Handler[] {
  const key = Object.getOwnPropertySymbols(target).find(({ description }) => description === 'kEvents');
  const events = key === undefined ? undefined : (target as unknown as Record<symbol, Map<string, Handler>>)[key];
  const handlers: Handler[] = [];
  // The first one is none.
  for (let at = events?.get(type)?.next; at !== undefined; at = at.next) handlers.push(at);
  return handlers;
}
