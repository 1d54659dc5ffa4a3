/** Interfaces of readline, and the streams that they read from. */
import readline from 'node:readline';
import type { Callable } from '../../twin/protocol.js';

/** What the callback and the promise form of the class of readline inherit from. */
const Interface = Object.getPrototypeOf(readline.Interface.prototype) as object;

/** The method by which an interface takes a line, as the answer to a question or as an event (Node 20 to 26). */
const ON_LINE =
  Object.getOwnPropertySymbols(Interface).find(({ description }) => description === '_onLine') ?? Symbol();

/** Whether `emitter` is an interface of readline, of either form. */
export function isInterface(emitter: object): boolean {
  return Object.prototype.isPrototypeOf.call(Interface, emitter);
}

/** The method of an interface that takes a line; undefined where Node has no such method. */
export function lineReceiver(rl: object): Callable | undefined {
  return (rl as Partial<Record<symbol, Callable>>)[ON_LINE];
}

/** Streams of any class that an interface reads from. */
const inputs = new WeakSet<object>();
const INPUT_EVENTS: ReadonlySet<unknown> = new Set(['data', 'end', 'close', 'error', 'readable']);

/** Notes that an interface reads from `input`: its events are serial from now on, whatever its class. */
export function markInput(input: object): void {
  inputs.add(input);
}

/** Whether an interface reads from `emitter`. */
export function isInput(emitter: object): boolean {
  return inputs.has(emitter);
}

/** Whether an interface reads from `emitter`, and `event` is one of a stream that is read. */
export function isInputEvent(emitter: object, event: unknown): boolean {
  return inputs.has(emitter) && INPUT_EVENTS.has(event);
}

/** Inputs whose listeners of `end` are being called. */
const ending = new WeakSet<object>();

/** Whether the listeners of `end` of `input` are being called. */
export function isEnding(input: object): boolean {
  return ending.has(input);
}

/** Returns `body(argument)`; {@link isEnding} is true of `input` meanwhile. */
export function whileEnding<A, R>(input: object, body: (argument: A) => R, argument: A): R {
  if (ending.has(input)) return body(argument);
  ending.add(input);
  try {
    return body(argument);
  } finally {
    ending.delete(input);
  }
}
