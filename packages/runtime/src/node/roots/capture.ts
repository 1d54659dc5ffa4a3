/** What EventEmitter does with promises that listeners return where `captureRejections` is on. */
import { EventEmitter } from 'node:events';
import { nextTick } from '../nextTick.js';

const REJECTION = Symbol.for('nodejs.rejection');
/** The private flag by which an emitter captures rejections. If it is not found, rejections stay unhandled, as if capturing were off. */
const CAPTURE = Object.getOwnPropertySymbols(new EventEmitter({ captureRejections: true })).find(
  (symbol) => symbol.description === 'kCapture',
);

type Capturing = EventEmitter & Record<symbol, unknown>;

/** Routes the rejection of a promise that a listener of `event` returned to `emitter`'s error handling, if it captures rejections. */
export function captureRejection(
  emitter: EventEmitter,
  result: unknown,
  event: string | symbol,
  args: unknown[],
): void {
  if (result === undefined || result === null || CAPTURE === undefined) return;
  if ((emitter as Capturing)[CAPTURE] !== true) return;
  try {
    const { then } = result as { then?: unknown };
    if (typeof then !== 'function') return;
    then.call(result, undefined, (error: unknown) => nextTick(deliver, emitter, error, event, args));
  } catch (error) {
    emitter.emit('error', error);
  }
}

function deliver(emitter: Capturing, error: unknown, event: string | symbol, args: unknown[]): void {
  const handler = emitter[REJECTION];
  if (typeof handler === 'function') {
    handler.call(emitter, error, event, ...args);
    return;
  }
  const flag = CAPTURE as symbol;
  const before = emitter[flag];
  // If a listener of `error` rejects in turn, that must not be captured again: it would never end.
  emitter[flag] = false;
  try {
    emitter.emit('error', error);
  } finally {
    emitter[flag] = before;
  }
}
