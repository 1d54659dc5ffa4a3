/**
 * Serial events of emitters that keep their `emit`, such as `process`. Node calls their listeners one by one as soon as there is an event. One that comes while a
 * listener is suspended is told to the stand-ins when that has ended: to those that are registered then, as if it had come then.
 */
import { EventEmitter } from 'node:events';
import type { Callable } from '../../twin/protocol.js';
import { queueMicrotask } from '../nextTick.js';
import { enqueue, gateOf, isClosed } from './gate.js';
import { callListeners } from './listenerOrder.js';
import { standingFor } from './standIn.js';

const { emit, rawListeners } = EventEmitter.prototype;

/** An event whose listeners Node is calling. */
interface Call {
  readonly emitter: EventEmitter;
  readonly event: string | symbol;
  readonly args: readonly unknown[];
  /** The stand-ins that have been called so far. */
  readonly called: Set<Callable>;
  /** Whether a listener was suspended when it came. */
  readonly isLate: boolean;
}

/** The latest call, until the next microtask. */
let latest: Call | undefined;

function forget(): void {
  latest = undefined;
}

/**
 * Called by each stand-in that Node calls.
 *
 * @returns whether the event has come while a listener was suspended: it is told later, and the stand-in has nothing to do
 */
export function isToldLater(
  emitter: EventEmitter,
  event: string | symbol,
  args: readonly unknown[],
  standIn: Callable,
): boolean {
  if (latest !== undefined && isPartOf(latest, emitter, event, args, standIn)) {
    latest.called.add(standIn);
    return latest.isLate;
  }
  const isLate = isClosed(gateOf(emitter));
  if (latest === undefined) queueMicrotask(forget);
  latest = { emitter, event, args, called: new Set([standIn]), isLate };
  if (isLate) tellLater(emitter, event, [...args]);
  return isLate;
}

/** Whether a stand-in is called for the same event. Events have no identity: those of one step that tell the same are told apart by whom they have been told. */
function isPartOf(
  call: Call,
  emitter: EventEmitter,
  event: string | symbol,
  args: readonly unknown[],
  standIn: Callable,
): boolean {
  if (call.emitter !== emitter || call.event !== event || call.args.length !== args.length) return false;
  for (let at = 0; at < args.length; at++) if (!Object.is(args[at], call.args[at])) return false;
  return !call.called.has(standIn);
}

function tellLater(emitter: EventEmitter, event: string | symbol, args: unknown[]): void {
  const gate = gateOf(emitter);
  const heard = listenersAtOnce(emitter, event);
  enqueue(gate, () => {
    // What Node calls the stand-ins for now is another event.
    forget();
    const listeners = rawListeners.call(emitter, event) as Callable[];
    if (listeners.length === 0 && heard.length === 0) keepMessage(emitter, event, args);
    callListeners({ emitter, gate, behind: emit, event, args }, without(listeners, heard));
  });
}

/** The listeners that hear an event when it comes: those that no stand-in stands for. */
function listenersAtOnce(emitter: EventEmitter, event: string | symbol): Callable[] {
  const heard: Callable[] = [];
  for (const raw of rawListeners.call(emitter, event) as Callable[]) {
    if (standingFor(raw) === undefined) heard.push(raw);
  }
  return heard;
}

/** `all` without `some`. Who is twice among the former, and once among the latter, stays once. */
function without(all: readonly Callable[], some: readonly Callable[]): Callable[] {
  const left = [...some];
  const rest: Callable[] = [];
  for (const one of all) {
    const at = left.indexOf(one);
    if (at < 0) rest.push(one);
    else left.splice(at, 1);
  }
  return rest;
}

/** Does with a message that nobody listens to any more what Node does with one that nobody listens to yet: it is kept for the next listener. */
function keepMessage(emitter: EventEmitter, event: string | symbol, args: unknown[]): void {
  const { channel } = emitter as { channel?: object | null };
  if (event !== 'message' || channel === undefined || channel === null) return;
  const key = Object.getOwnPropertySymbols(channel).find(({ description }) => description === 'kPendingMessages');
  const kept = key === undefined ? undefined : (channel as Record<symbol, unknown>)[key];
  if (Array.isArray(kept)) kept.push([event, ...args]);
}
