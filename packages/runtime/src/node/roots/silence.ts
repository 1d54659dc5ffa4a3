/** Silencing emitters: their events wait in the queue of their gate, in order, until the silence ends. */

import { ChildProcess } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { Callable } from '../../twin/protocol.js';
import { setImmediate } from '../clock.js';
import { nextTick } from '../nextTick.js';
import { acquire, enqueue, type Gate, gateOf, release, whenIdle } from './gate.js';
import { hasSerialEvents, keepsEmit } from './loopEvents.js';
import { keepOrder } from './orderedEmit.js';

/** One reason why an emitter is silent. */
export interface Silence {
  /** Removes the reason. With the last one the queued events are emitted. */
  end(): void;
}

/** An emitter that is silent now. */
interface SilencedEmitter {
  /** The reasons: functions that tell whether the turn for which the emitter is silent is suspended. See {@link Gate.holders}. */
  readonly holders: Set<() => boolean>;
  end(): void;
}

const silenced = new WeakMap<EventEmitter, SilencedEmitter>();

/**
 * Silences emitters and, for children and workers, their streams.
 *
 * @param made an emitter or a list of emitters; other values are ignored
 * @param isSuspended tells whether the code that has made them is suspended. Events that are emitted while it runs come from that code, and are delivered at once
 */
export function silenceEmitters(made: unknown, isSuspended: () => boolean): Silence[] {
  const all = Array.isArray(made) ? (made as unknown[]) : [made];
  return all.flatMap((value) => {
    const silences = emittersOf(value).map((emitter) => addHolder(emitter, isSuspended));
    return value instanceof ChildProcess && silences.length > 0 ? [...silences, keepMessages(value)] : silences;
  });
}

/** The emitters to silence for a value: the streams that belong to it first, because the event loop emits their events first, too. */
function emittersOf(value: unknown): EventEmitter[] {
  if (!(value instanceof EventEmitter) || !hasSerialEvents(value) || keepsEmit(value)) return [];
  if (value instanceof ChildProcess) return [...(value.stdio ?? []).flatMap(emittersOf), value];
  if (value instanceof Worker) return [...[value.stdin, value.stdout, value.stderr].flatMap(emittersOf), value];
  return [value];
}

function addHolder(emitter: EventEmitter, isSuspended: () => boolean): Silence {
  const known = silenced.get(emitter) ?? silenceEmitter(emitter);
  known.holders.add(isSuspended);
  return {
    end: () => {
      // The same emitter may have been silenced twice for the same reason.
      if (known.holders.delete(isSuspended) && known.holders.size === 0) known.end();
    },
  };
}

function silenceEmitter(emitter: EventEmitter): SilencedEmitter {
  keepOrder(emitter);
  const gate = gateOf(emitter);
  acquire(gate);
  const holders = new Set<() => boolean>();
  gate.holders = holders;
  const restore = emitter instanceof ChildProcess ? deferExit(emitter, gate) : () => {};
  const created: SilencedEmitter = {
    holders,
    end: () => {
      silenced.delete(emitter);
      gate.holders = undefined;
      restore();
      release(gate);
    },
  };
  silenced.set(emitter, created);
  return created;
}

/** Keeps Node from noticing that a child has exited while it is silent: Node would discard output that nobody has read yet. Returns what undoes that. */
function deferExit(child: ChildProcess, gate: Gate): () => void {
  const { _handle: handle } = child as unknown as { _handle?: { onexit?: unknown } | null };
  const onexit = handle?.onexit;
  if (typeof onexit !== 'function' || handle === undefined || handle === null) return () => {};
  const late = function (this: unknown, ...args: unknown[]): void {
    const tell = () => Reflect.apply(onexit as Callable, this, args);
    const [code] = args;
    // The loop reads what a child has written before it reports the exit, hence another turn. A negative code is a failure to spawn, without output.
    enqueue(gate, typeof code === 'number' && code < 0 ? tell : () => void setImmediate(tell));
  };
  handle.onexit = late;
  return () => {
    if (handle.onexit === late) handle.onexit = onexit;
  };
}

/** Node queues messages of a child as long as nobody listens to them, but drops the queue when the child disconnects. This keeps them for a later listener. */
function keepMessages(child: ChildProcess): Silence {
  if (!child.channel || child.listenerCount('message') > 0) return { end: () => {} };
  const { on, off, emit } = EventEmitter.prototype;
  const missed: unknown[][] = [];
  const listener = (...message: unknown[]): void => {
    if (child.listenerCount('message') === 1) missed.push(message);
  };
  on.call(child, 'message', listener);
  const stop = (): void => {
    off.call(child, 'message', listener);
    if (missed.length === 0) return;
    // Node, too, delivers queued messages a tick after the first listener has been added.
    on.call(child, 'newListener', function hear(event) {
      if (event !== 'message') return;
      off.call(child, 'newListener', hear);
      nextTick(() => {
        for (const message of missed) emit.call(child, 'message', ...message);
      });
    });
  };
  return { end: () => whenIdle(gateOf(child), stop) };
}
