/**
 * Listeners of readline interfaces. An interface emits all lines of a chunk in one step, and its input ends in a later step. While the listener of a line, or
 * the callback of a question, is suspended, the interface and its input therefore both have to wait.
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

/** Prepares an emitter for {@link closeGatesUntil}, before its first listener is added. */
export function prepareEmitter(emitter: EventEmitter): void {
  keepOrder(emitter);
  const input = inputOf(emitter);
  if (input === undefined) return;
  markInput(input);
  keepOrder(input);
  // A `close` of the program's own stays in place.
  if (Object.hasOwn(emitter, 'close')) return;
  // When the input ends without a line break, the interface emits the last line and closes in the same step: closing has to wait for the line.
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

/** Closes the gate of `emitter` until `pending` settles and, for an interface, that of its input until the interface has nothing left to emit. */
export function closeGatesUntil(emitter: object, pending: Promise<unknown>): void {
  const gate = gateOf(emitter);
  closeUntil(gate, pending, throwUncaught);
  const input = inputOf(emitter);
  if (input === undefined) return;
  // The lines that the interface has read come before further events of the input.
  acquire(gateOf(input));
  whenIdle(gate, () => release(gateOf(input)));
}

/** What to pass to `rl.question` in place of `callback`. It needs `rl`, because readline calls it without a receiver. */
export function answerCallback(rl: EventEmitter, callback: Callable): Callable {
  const twin = twinOf(callback);
  if (twin === undefined) return callback;
  prepareEmitter(rl);
  const answer = dress((...args: unknown[]) => {
    // The listener that has asked the question may still be suspended.
    if (isClosed(gateOf(rl))) enqueue(gateOf(rl), () => answer(...args));
    else if (Reflect.apply(twin, undefined, args) === SUSPENDED) closeGatesUntil(rl, takeOutermost());
  }, callback);
  return asListener(answer, callback);
}
