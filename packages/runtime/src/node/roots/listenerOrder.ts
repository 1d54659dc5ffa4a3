/** The order of the listeners of one emission: those that follow one that suspends wait for it. */
import type { EventEmitter } from 'node:events';
import type { Callable } from '../../twin/protocol.js';
import { captureRejection } from './capture.js';
import { unwrap } from './emitTwin.js';
import { closeUntil, enqueue, type Gate, isClosed } from './gate.js';

/** An event that is emitted once. */
export interface Emission {
  readonly emitter: EventEmitter;
  /** Where listeners wait: the gate of the emitter, or one of this emission alone where emissions may overlap. */
  readonly gate: Gate;
  /** The `emit` that `emitter` would have without ours. */
  readonly behind: Callable;
  readonly event: string | symbol;
  readonly args: unknown[];
}

/** The gate of the innermost emission one of whose listeners is running. */
let current: Gate | undefined;

/** Calls `fn`, a listener or what calls the listeners, as a part of the emission that `gate` belongs to. */
export function applyInEmission(gate: Gate, fn: Callable, self: unknown, args: readonly unknown[]): unknown {
  const around = current;
  current = gate;
  try {
    return Reflect.apply(fn, self, args) as unknown;
  } finally {
    current = around;
  }
}

/** A listener of the current emission has suspended: the listeners that follow it wait until `pending` settles. */
export function delayEmission(pending: Promise<unknown>): void {
  if (current !== undefined) closeUntil(current, pending, () => {});
}

/** Runs a listener once those before it in the emission have ended. If one of them has thrown it is not run. */
export function inOrderOfEmission(run: () => unknown): unknown {
  const gate = current;
  if (gate === undefined || !isClosed(gate)) return run();
  enqueue(gate, () => {
    // The latest listener that suspended before this one.
    if (gate.last?.failed === true) return;
    try {
      applyInEmission(gate, run, undefined, []);
    } catch (error) {
      gate.last = { failed: true };
      throw error;
    }
  });
  return undefined;
}

/**
 * Calls listeners in order. If one suspends, those that follow are queued; they are dropped if it throws.
 *
 * @param claims true if the event may be emitted again before the queued listeners are called: those registered by `once` then count as called
 */
export function callListeners(emission: Emission, listeners: readonly Callable[], claims = false): void {
  const { emitter, gate, event, args } = emission;
  for (let at = 0; at < listeners.length; at++) {
    const result = applyInEmission(gate, listeners[at] as Callable, emitter, args);
    captureRejection(emitter, result, event, args);
    if (!isClosed(gate)) continue;
    queueListeners(emission, listeners.slice(at + 1), claims);
    return;
  }
}

/** Queues the listeners that follow one that has suspended. A function of its own, because a closure in {@link callListeners} would make V8 allocate a scope for every call. */
function queueListeners(emission: Emission, following: readonly Callable[], claims: boolean): void {
  const { gate } = emission;
  const { last } = gate;
  const listeners = claims ? claimed(emission, following) : following;
  if (listeners.length === 0) return;
  enqueue(gate, () => {
    if (last?.failed !== true) callListeners(emission, listeners);
  });
}

/** Functions to call in place of queued listeners. Listeners registered by `once` are removed now, so that no other emission calls them. */
function claimed({ emitter, event }: Emission, listeners: readonly Callable[]): Callable[] {
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
