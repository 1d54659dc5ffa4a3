/** Delivering an event to the listeners of an emitter: at once, or when its turn has come. */
import { EventEmitter, errorMonitor } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { Callable } from '../../twin/protocol.js';
import { nextTick } from '../nextTick.js';
import { pushBack, resumeFlow } from './backpressure.js';
import { enqueue, type Gate } from './gate.js';
import { postponeEnd } from './halfOpen.js';
import { applyInEmission, callListeners, type Emission } from './listenerOrder.js';
import { isInput, isInterface, lineReceiver, whileEnding } from './readlineInterfaces.js';

const { emit: genuineEmit, listenerCount, rawListeners } = EventEmitter.prototype;

function listenersOf({ emitter, event }: Emission): Callable[] {
  return rawListeners.call(emitter, event) as Callable[];
}

/**
 * Delivers an event whose emissions keep their order.
 *
 * @returns whether anybody listens
 */
export function deliver(emission: Emission): boolean {
  const isEndOfInput = emission.event === 'end' && isInput(emission.emitter);
  return isEndOfInput ? whileEnding(emission.emitter, callAll, emission) : callAll(emission);
}

function callAll(emission: Emission): boolean {
  const { emitter, behind, event, args } = emission;
  // With one listener nothing can be left over, and an emit that is not Node's own has rules of its own.
  if (behind !== genuineEmit || listenerCount.call(emitter, event) < 2) {
    return Reflect.apply(behind, emitter, [event, ...args]) as boolean;
  }
  const listeners = listenersOf(emission);
  if (event === 'error' && emitter.listenerCount(errorMonitor) > 0) emitter.emit(errorMonitor, ...args);
  callListeners(emission, listeners);
  return true;
}

/**
 * Delivers an event whose emissions may overlap: the listeners of each keep their order.
 *
 * @returns whether anybody listens
 */
export function deliverConcurrently(emission: Emission): boolean {
  const { emitter, gate, behind, event, args } = emission;
  // What a program has put in the place of `emit` calls the listeners itself: those that suspend keep order among themselves.
  if (behind !== genuineEmit) return applyInEmission(gate, behind, emitter, [event, ...args]) as boolean;
  const listeners = listenersOf(emission);
  callListeners(emission, listeners, true);
  return listeners.length > 0;
}

/** Workers that have ended, and whose end has to wait. */
const endedWorkers = new WeakSet<EventEmitter>();

/** How an event is delivered that has to wait; to be called when it is emitted. */
export function lateDelivery(emission: Emission): () => void {
  const { emitter, event, args } = emission;
  const asItIs = () => void deliver(emission);
  if (event === 'line' && isInterface(emitter)) {
    // A question may have been asked meanwhile, which the line answers.
    const receive = lineReceiver(emitter);
    return receive === undefined ? asItIs : () => void Reflect.apply(receive, emitter, args);
  }
  if (!(emitter instanceof Worker)) return asItIs;
  if (event === 'exit') endedWorkers.add(emitter);
  const listeners = listenersOf(emission);
  return () => {
    if (!endedWorkers.has(emitter)) return asItIs();
    // Node removes those of `message` before it tells of the end, and all others right behind.
    const since = listenersOf(emission).filter((listener) => !listeners.includes(listener));
    if (listeners.length + since.length === 0) return asItIs();
    callListeners(emission, [...listeners, ...since]);
  };
}

/**
 * Leaves a chunk in its stream until the gate opens, if the stream flows: otherwise it would have to be kept in memory, with all that follow.
 *
 * @returns false where the chunk has to be queued as other events are
 */
export function pushBackData(emission: Emission): boolean {
  const { emitter, gate, event, args } = emission;
  if (event !== 'data' || !pushBack(emitter, args[0])) return false;
  enqueue(gate, () => {
    resumeFlow(emitter, (chunk) => enqueue(gate, lateDelivery({ ...emission, args: [chunk] })));
  });
  return true;
}

/** Lets a socket that Node ends when the other side has done so end behind the listeners of its `end`. */
export function queueEnd(emitter: EventEmitter, gate: Gate): void {
  const end = postponeEnd(emitter);
  if (end !== undefined) enqueue(gate, () => nextTick(end));
}
