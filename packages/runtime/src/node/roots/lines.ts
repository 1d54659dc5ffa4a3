/**
 * Interfaces of readline. The lines of one chunk, the answer to a question among them, come in one step, and the input ends in a later one:
 * while a line or an answer is being dealt with, the interface and its input stay silent.
 */
import { EventEmitter } from 'node:events';
import readline from 'node:readline';
import { type Callable, SUSPENDED, take, twinOf } from '../../twin/protocol.js';
import { enter, gateOf } from './gate.js';
import { keepSerial } from './serialEmit.js';
import { asListener, dress, throwUncaught } from './wrap.js';

/** What the callback and the promise form of the class inherit from. */
const Base = Object.getPrototypeOf(readline.Interface.prototype) as object;

/** Keeps `emitter` silent until `pending` settles, and the input that it reads from. */
export function hold(emitter: object, pending: Promise<unknown>): void {
  enter(gateOf(emitter), pending, throwUncaught);
  const input = Object.prototype.isPrototypeOf.call(Base, emitter) ? (emitter as { input?: unknown }).input : undefined;
  if (!(input instanceof EventEmitter)) return;
  keepSerial(input, true);
  // After the interface's own gate: its lines come before what the input brings next.
  enter(gateOf(input), pending, () => {});
}

/** The callback of `rl.question`, whose receiver readline does not pass on. */
export function answerCallback(rl: EventEmitter, callback: Callable): Callable {
  const twin = twinOf(callback);
  if (twin === undefined) return callback;
  const answer = dress((...args: unknown[]) => {
    if (Reflect.apply(twin, undefined, args) !== SUSPENDED) return;
    keepSerial(rl);
    hold(rl, take());
  }, callback);
  return asListener(answer, callback);
}
