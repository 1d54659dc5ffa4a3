/** Delivers events to the listeners of an emitter, at once or from the queue of its gate. */

import { EventEmitter, errorMonitor } from 'node:events';
import type { Readable } from 'node:stream';
import { Worker } from 'node:worker_threads';
import type { Callable } from '../../twin/protocol.js';
import { nextTick } from '../nextTick.js';
import { pushBack, resumeFlow, stopFlow } from './backpressure.js';
import { enqueue, type Gate } from './gate.js';
import { postponeEnd } from './halfOpen.js';
import { applyInEmission, callListeners, type Emission } from './listenerOrder.js';
import { isInput, isInterface, lineReceiver, whileEnding } from './readlineInterfaces.js';
import { isSource } from './sources.js';

const { emit: genuineEmit, listenerCount, rawListeners } = EventEmitter.prototype;

function listenersOf({ emitter, event }: Emission): Callable[] {
  return rawListeners.call(emitter, event) as Callable[];
}

/**
 * Delivers a serial event.
 *
 * @returns whether anybody listens
 */
export function deliver(emission: Emission): boolean {
  const isEndOfInput = emission.event === 'end' && isInput(emission.emitter);
  return isEndOfInput ? whileEnding(emission.emitter, callAll, emission) : callAll(emission);
}

function callAll(emission: Emission): boolean {
  const { emitter, behind, event, args } = emission;
  // A single listener has no followers that would have to wait, and an `emit` of the program's own has rules of its own.
  if (behind !== genuineEmit || listenerCount.call(emitter, event) < 2) {
    return Reflect.apply(behind, emitter, [event, ...args]) as boolean;
  }
  const listeners = listenersOf(emission);
  if (event === 'error' && emitter.listenerCount(errorMonitor) > 0) emitter.emit(errorMonitor, ...args);
  callListeners(emission, listeners);
  return true;
}

/**
 * Delivers an event whose emissions may overlap. The listeners of each emission keep their order.
 *
 * @returns whether anybody listens
 */
export function deliverConcurrently(emission: Emission): boolean {
  const { emitter, gate, behind, event, args } = emission;
  // An `emit` of the program's own calls the listeners itself. Stand-ins of listeners then keep their order by `inOrderOfEmission`.
  if (behind !== genuineEmit) return applyInEmission(gate, behind, emitter, [event, ...args]) as boolean;
  const listeners = listenersOf(emission);
  callListeners(emission, listeners, true);
  return listeners.length > 0;
}

/** Workers that have exited, and whose `exit` is queued. */
const endedWorkers = new WeakSet<EventEmitter>();

/** Sources that have been closed, and whose `close` is queued. */
const closedSources = new WeakSet<EventEmitter>();

/** A job that delivers a queued event. Called when the event is emitted, because it may have to note the listeners of that moment. */
export function lateDelivery(emission: Emission): () => void {
  const { emitter, event, args } = emission;
  const asItIs = () => void deliver(emission);
  if (event === 'line' && isInterface(emitter)) {
    // If a question has been asked meanwhile, the line is its answer.
    const receive = lineReceiver(emitter);
    return receive === undefined ? asItIs : () => void Reflect.apply(receive, emitter, args);
  }
  if (isSource(emitter)) {
    if (event === 'close') closedSources.add(emitter);
    // In the synchronous program, what is queued would have come after the listener that has closed the source. Node tells `close` in the next tick, and so before the queue goes on.
    return () => {
      if (event === 'close' || !closedSources.has(emitter)) asItIs();
    };
  }
  if (!(emitter instanceof Worker)) return asItIs;
  if (event === 'exit') endedWorkers.add(emitter);
  const listeners = listenersOf(emission);
  return () => {
    if (!endedWorkers.has(emitter)) return asItIs();
    // Node removes listeners of `message` right before `exit`, and all others right after it. So the listeners of then are called, too.
    const since = listenersOf(emission).filter((listener) => !listeners.includes(listener));
    if (listeners.length + since.length === 0) return asItIs();
    callListeners(emission, [...listeners, ...since]);
  };
}

/**
 * Puts a chunk back into a flowing stream until the gate opens. Queueing it instead would keep the chunk and all that follow in memory.
 *
 * @returns false if the event has to be queued
 */
export function pushBackData(emission: Emission): boolean {
  const { emitter, event, args } = emission;
  if (event !== 'data' || !pushBack(emitter, args[0])) return false;
  resumeWhenOpen(emission, emitter);
  return true;
}

/** Stops a stream where a listener of the chunk that it has just emitted is suspended, until the gate opens: it would go on to find its end. */
export function stopUntilOpen(emission: Emission): void {
  if (stopFlow(emission.emitter)) resumeWhenOpen(emission, emission.emitter);
}

function resumeWhenOpen(emission: Emission, stream: Readable): void {
  const { gate } = emission;
  enqueue(gate, () => {
    resumeFlow(stream, (chunk) => enqueue(gate, lateDelivery({ ...emission, args: [chunk] })));
  });
}

/** Where Node would end a socket because the other side has ended: ends it after the queued listeners of `end`. */
export function queueEnd(emitter: EventEmitter, gate: Gate): void {
  const end = postponeEnd(emitter);
  if (end !== undefined) enqueue(gate, () => nextTick(end));
}
