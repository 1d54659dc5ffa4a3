/** Keeping emitters silent: what the loop has to tell of them waits, in its order. */
import { ChildProcess } from 'node:child_process';
import { EventEmitter } from 'node:events';
// Not the global one: what tests put in its place does not come by itself.
import { setImmediate } from 'node:timers';
import { Worker } from 'node:worker_threads';
import type { Callable } from '../../twin/protocol.js';
import { nextTick } from '../nextTick.js';
import { acquire, enqueue, type Gate, gateOf, release, whenIdle } from './gate.js';
import { hasSerialEvents, keepsEmit } from './loopEvents.js';
import { keepOrder } from './orderedEmit.js';

/** A reason why an emitter is silent. */
export interface Silence {
  /** Lets it tell what there is to tell, unless there is another reason. */
  end(): void;
}

/** An emitter that is kept silent. */
interface SilencedEmitter {
  /** For whom, by whether they are suspended. */
  readonly holders: Set<() => boolean>;
  end(): void;
}

const silenced = new WeakMap<EventEmitter, SilencedEmitter>();

/**
 * Keeps emitters silent, and the streams of children and workers.
 *
 * @param made an emitter, or a list of them; of any other value nothing comes
 * @param isSuspended whether those who have made it are suspended. What is told while they run, they tell themselves
 */
export function silenceEmitters(made: unknown, isSuspended: () => boolean): Silence[] {
  const all = Array.isArray(made) ? (made as unknown[]) : [made];
  return all.flatMap((value) => {
    const silences = emittersOf(value).map((emitter) => addHolder(emitter, isSuspended));
    return value instanceof ChildProcess && silences.length > 0 ? [...silences, keepMessages(value)] : silences;
  });
}

/** A value that can be kept silent, behind the streams that belong to it: what these tell comes first in the loop, too. */
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
      // What is made twice for the program is held once.
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

/** When a child has exited, Node throws away what it has written unless somebody reads it. */
function deferExit(child: ChildProcess, gate: Gate): () => void {
  const { _handle: handle } = child as unknown as { _handle?: { onexit?: unknown } | null };
  const onexit = handle?.onexit;
  if (typeof onexit !== 'function' || handle === undefined || handle === null) return () => {};
  const late = function (this: unknown, ...args: unknown[]): void {
    const tell = () => Reflect.apply(onexit as Callable, this, args);
    const [code] = args;
    // The loop comes to what a child has written before it comes to its end. That it could not be spawned is told by no loop.
    enqueue(gate, typeof code === 'number' && code < 0 ? tell : () => void setImmediate(tell));
  };
  handle.onexit = late;
  return () => {
    if (handle.onexit === late) handle.onexit = onexit;
  };
}

/** Without a listener Node keeps the messages of a child itself, and forgets them when that disconnects. */
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
    // As Node does with messages that came before there was a listener.
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
