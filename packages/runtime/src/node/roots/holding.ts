/**
 * What a function has made stays silent while the function is suspended, as it did while the function blocked: its listeners may be attached behind.
 *
 * See docs/decisions/0029-what-a-function-makes-stays-silent.md.
 */
import { ChildProcess } from 'node:child_process';
import { EventEmitter } from 'node:events';
// Not the global one: what tests put in its place does not come by itself.
import { setImmediate } from 'node:timers';
import { types } from 'node:util';
import { Worker } from 'node:worker_threads';
import type { Callable } from '../../twin/protocol.js';
import { nextTick } from '../nextTick.js';
import { close, enqueue, type Gate, gateOf, leave } from './gate.js';
import { hasSerialEvents, keepsEmit } from './loopEvents.js';
import { keepOrder } from './orderedEmit.js';

/** That of the language: programs may replace it, or the promises that build tools make of `async` functions. */
const { then } = Promise.prototype;

/** An emitter that is kept silent. */
interface Hold {
  readonly emitter: EventEmitter;
  readonly gate: Gate;
  /** How many functions are suspended that have not attached their listeners yet. */
  suspended: number;
  readonly restore: () => void;
}

const holds = new WeakMap<EventEmitter, Hold>();

/**
 * Keeps what a function has made silent until `pending`, for which it waits now, has settled and the function has gone on to its end, or to what it
 * awaited itself: then the loop comes to what there is to tell.
 *
 * @param kept emitters, and lists that {@link keep} has filled; any other values are left alone
 * @returns `pending`
 */
export function holding(pending: Promise<unknown>, ...kept: readonly unknown[]): Promise<unknown> {
  const made = kept.flat();
  const held = made.flatMap(emittersOf).map(holdOf);
  if (held.length === 0) return pending;
  for (const hold of held) hold.suspended++;
  const listening = made.flatMap(listenToMessages);
  const resume = (): void => {
    for (const stop of listening) stop();
    for (const hold of held) hold.suspended--;
    endSoon(held.filter(({ suspended }) => suspended === 0));
  };
  // Before the function goes on, which has still to say that it waits.
  const handle = types.isPromise(pending) ? then : (pending as Promise<unknown>).then;
  Reflect.apply(handle, pending, [resume, resume]);
  return pending;
}

/**
 * Adds what has been made to a list, for {@link holding}.
 *
 * @param made an emitter, or a list of them, which the program may change later
 * @returns `made`
 */
export function keep<T>(list: unknown[], made: T): T {
  // No iterator: the program may have its own, and a list may be longer than the stack.
  if (Array.isArray(made)) for (let i = 0; i < made.length; i++) list.push(made[i]);
  else list.push(made);
  return made;
}

/** A value that can be kept silent, behind the streams that belong to it: what these tell comes first in the loop, too. */
function emittersOf(value: unknown): EventEmitter[] {
  if (!(value instanceof EventEmitter) || !hasSerialEvents(value) || keepsEmit(value)) return [];
  if (value instanceof ChildProcess) return [...(value.stdio ?? []).flatMap(emittersOf), value];
  if (value instanceof Worker) return [...[value.stdin, value.stdout, value.stderr].flatMap(emittersOf), value];
  return [value];
}

function holdOf(emitter: EventEmitter): Hold {
  const known = holds.get(emitter);
  if (known !== undefined) return known;
  keepOrder(emitter);
  const gate = gateOf(emitter);
  close(gate);
  gate.isHeld = true;
  const restore = emitter instanceof ChildProcess ? putOffExit(emitter, gate) : () => {};
  const hold: Hold = { emitter, gate, suspended: 0, restore };
  holds.set(emitter, hold);
  return hold;
}

/** When a child has exited, Node throws away what it has written unless somebody reads it. */
function putOffExit(child: ChildProcess, gate: Gate): () => void {
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
function listenToMessages(value: unknown): (() => void)[] {
  if (!(value instanceof ChildProcess) || !value.channel || value.listenerCount('message') > 0) return [];
  const { on, off } = EventEmitter.prototype;
  const listener = (): void => {};
  on.call(value, 'message', listener);
  return [() => off.call(value, 'message', listener)];
}

/** At once where nothing waits: then nothing can come before the function has attached what it does. */
function endSoon(held: readonly Hold[]): void {
  if (held.every(({ gate }) => gate.waiting.length === 0)) held.forEach(end);
  else
    nextTick(() => {
      for (const hold of held) if (hold.suspended === 0) end(hold);
    });
}

function end(hold: Hold): void {
  const { emitter, gate, restore } = hold;
  // It has ended before, and may be silent for another reason.
  if (holds.get(emitter) !== hold) return;
  holds.delete(emitter);
  gate.isHeld = false;
  restore();
  leave(gate);
}
