/**
 * Interfaces of readline. The lines of one chunk, the answer to a question among them, come in one step, and the input ends in a later one:
 * while a line or an answer is being dealt with, the interface and its input stay silent.
 */
import { EventEmitter } from 'node:events';
import { type Callable, SUSPENDED, takeOutermost, twinOf } from '../../twin/protocol.js';
import { acquire, bypass, closeUntil, enqueue, gateOf, isClosed, release, whenIdle } from './gate.js';
import { keepOrder } from './orderedEmit.js';
import { isEnding, isInterface, markInput } from './readlineInterfaces.js';
import { throwUncaught } from './uncaught.js';
import { asListener, dress } from './wrap.js';

function inputOf(emitter: object): EventEmitter | undefined {
  const input = isInterface(emitter) ? (emitter as { input?: unknown }).input : undefined;
  return input instanceof EventEmitter ? input : undefined;
}

/** Makes `emitter` one that can be kept silent; see {@link closeGatesUntil}. */
export function prepareEmitter(emitter: EventEmitter): void {
  keepOrder(emitter);
  const input = inputOf(emitter);
  if (input === undefined) return;
  markInput(input);
  keepOrder(input);
  // A program that has put something else in its place keeps that.
  if (Object.hasOwn(emitter, 'close')) return;
  // An input that ends without a line break brings a last line, and closes the interface in the same step.
  Reflect.defineProperty(emitter, 'close', {
    value: function close(this: Closable) {
      const shut = () => (Object.getPrototypeOf(emitter) as Closable).close.call(this);
      const gate = gateOf(emitter);
      if (isEnding(input) && isClosed(gate)) enqueue(gate, shut);
      else bypass(gate, shut);
    },
    configurable: true,
    writable: true,
  });
}

interface Closable {
  close(): void;
}

/** Keeps `emitter` silent until `pending` settles, and the input that it reads from. */
export function closeGatesUntil(emitter: object, pending: Promise<unknown>): void {
  const gate = gateOf(emitter);
  closeUntil(gate, pending, throwUncaught);
  const input = inputOf(emitter);
  if (input === undefined) return;
  // Its lines come before what the input brings next.
  acquire(gateOf(input));
  whenIdle(gate, () => release(gateOf(input)));
}

/** The callback of `rl.question`, whose receiver readline does not pass on. */
export function answerCallback(rl: EventEmitter, callback: Callable): Callable {
  const twin = twinOf(callback);
  if (twin === undefined) return callback;
  prepareEmitter(rl);
  const answer = dress((...args: unknown[]) => {
    // A listener of the line that was asked in may be suspended.
    if (isClosed(gateOf(rl))) enqueue(gateOf(rl), () => answer(...args));
    else if (Reflect.apply(twin, undefined, args) === SUSPENDED) closeGatesUntil(rl, takeOutermost());
  }, callback);
  return asListener(answer, callback);
}
