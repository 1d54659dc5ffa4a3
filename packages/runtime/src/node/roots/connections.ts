/**
 * What a server's connection and its requests tell while a listener of a request is suspended.
 *
 * Node's servers end their side of a connection when they are told that the client has ended its own, which comes after the listener of a
 * request: what that has written by then is sent. One that is suspended has not written yet. Nor may it have attached its listeners to the
 * request.
 */
import type { AsyncResource } from 'node:async_hooks';
import { EventEmitter } from 'node:events';
import { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { type Callable, linkTwin, twinOf } from '../../twin/protocol.js';
import { close, contextNow, enqueue, enter, gateIfAny, gateOf, leave } from './gate.js';
import { emitBehind, emitInOrder, hasOwnOrder, isSerial, keepOrder, shareOrder } from './orderedEmit.js';

/** An event of a request that has to wait. */
interface Told {
  readonly context: AsyncResource;
  readonly event: string | symbol;
  readonly args: unknown[];
}

interface Hold {
  /** How many listeners of requests of the connection are suspended. */
  suspended: number;
  /** How many have been so far. */
  begun: number;
  /** Tells that the client has ended its side, where that had to wait. */
  tell: (() => void) | undefined;
  /** The request that is kept silent here, for how many of its listeners, and what it had to tell. Those that follow it at once have gates. */
  request: IncomingMessage | undefined;
  ofRequest: number;
  waiting: Told[];
}

const holds = new WeakMap<Socket, Hold>();

/** Keeps a request that a server has received silent until `pending` settles, and lets its connection learn only then that the client has ended it. */
export function holdConnection(args: readonly unknown[], pending: Promise<unknown>): void {
  const request = requestAmong(args);
  if (request === undefined) return;
  shareOrder(IncomingMessage.prototype, emitOfMessage);
  keepOrder(request);
  const { socket } = request;
  if (socket === null || socket.destroyed) {
    enter(gateOf(request), pending, ignore);
    return;
  }
  const hold = holdOf(socket);
  const isSilent = silence(hold, request);
  if (!isSilent) enter(gateOf(request), pending, ignore);
  hold.suspended++;
  hold.begun++;
  const release = (failed: boolean): void => {
    hold.suspended--;
    if (isSilent && --hold.ofRequest === 0) {
      hold.request = undefined;
      speak(hold, request, failed);
    }
    tellSoon(hold);
  };
  pending.then(
    () => release(false),
    () => release(true),
  );
}

function ignore(): void {}

function requestAmong(args: readonly unknown[]): IncomingMessage | undefined {
  for (const arg of args) {
    const request = arg instanceof IncomingMessage ? arg : arg instanceof ServerResponse ? arg.req : undefined;
    // What a client receives has a status.
    if (request?.statusCode === null) return request;
  }
  return undefined;
}

/**
 * Keeps a request silent without a gate, which would be made for each: most have nothing to tell that anybody listens to.
 *
 * @returns whether it could
 */
function silence(hold: Hold, request: IncomingMessage): boolean {
  if (hold.ofRequest > 0 ? hold.request !== request : hasOwnOrder(request)) return false;
  hold.request = request;
  hold.ofRequest++;
  return true;
}

/** Tells what had to wait. */
function speak(hold: Hold, request: IncomingMessage, failed: boolean): void {
  const { waiting } = hold;
  if (waiting.length === 0) return;
  hold.waiting = [];
  const behind = emitBehind(request);
  // Node's own emit does nothing where there is no listener.
  if (behind === EventEmitter.prototype.emit && !waiting.some(({ event }) => isHeard(request, event))) return;
  const gate = gateOf(request);
  close(gate);
  for (const { context, event, args } of waiting) {
    enqueue(gate, () => void emitInOrder(request, behind, event, args), false, context);
  }
  // An error has to be handled before the next event, as it was when it was thrown.
  if (failed) process.nextTick(leave, gate);
  else leave(gate);
}

function isHeard(request: IncomingMessage, event: string | symbol): boolean {
  return event === 'error' || request.listenerCount(event) > 0;
}

/** The `emit` of all messages once a request has been kept silent: one of its own for each request costs more than all the rest. */
function emitOfMessage(this: IncomingMessage, ...args: [string | symbol, ...unknown[]]): boolean {
  const behind = emitBehind(IncomingMessage.prototype);
  // One with an `emit` of its own comes here from there.
  if (hasOwnOrder(this)) return Reflect.apply(behind, this, args) as boolean;
  const hold = this.socket === null ? undefined : holds.get(this.socket);
  const [event, ...given] = args;
  if (hold !== undefined && hold.ofRequest > 0 && hold.request === this && isSerial(this, event)) {
    hold.waiting.push({ context: contextNow(), event, args: given });
    return this.listenerCount(event) > 0;
  }
  return gateIfAny(this) === undefined
    ? (Reflect.apply(behind, this, args) as boolean)
    : emitInOrder(this, behind, event, given);
}

/**
 * In a turn of the loop of its own, as it came: by then others may have been called, and be suspended, and what the listener has left to
 * the next immediates has run. A server that answers from an immediate does so before it can read that the client has ended its side.
 */
function tellSoon(hold: Hold): void {
  if (hold.tell === undefined || hold.suspended > 0) return;
  const { begun } = hold;
  setImmediate(() => {
    // Whoever has been suspended meanwhile comes here in the end.
    if (hold.begun === begun) tell(hold);
  });
}

function tell(hold: Hold): void {
  const { tell: told } = hold;
  hold.tell = undefined;
  told?.();
}

function holdOf(socket: Socket): Hold {
  const known = holds.get(socket);
  if (known !== undefined) return known;
  const hold: Hold = { suspended: 0, begun: 0, tell: undefined, request: undefined, ofRequest: 0, waiting: [] };
  holds.set(socket, hold);
  const own = Object.getOwnPropertyDescriptor(socket, 'emit');
  const behind = () => (own === undefined ? (Object.getPrototypeOf(socket) as Socket).emit : own.value) as Callable;
  function emit(this: Socket, event: string | symbol, ...args: unknown[]): unknown {
    if (event === 'end') {
      const context = contextNow();
      hold.tell = () => context.runInAsyncScope(() => Reflect.apply(behind(), this, [event, ...args]));
      tellSoon(hold);
      return this.listenerCount(event) > 0;
    }
    if (event === 'close') tell(hold);
    return Reflect.apply(behind(), this, [event, ...args]);
  }
  linkTwin(emit as Callable, function (this: unknown, ...args: unknown[]): unknown {
    const twin = args[0] === 'end' ? undefined : twinOf(behind());
    return Reflect.apply(twin ?? (emit as Callable), this, args);
  });
  Object.defineProperty(socket, 'emit', { value: emit, configurable: true, writable: true, enumerable: false });
  return hold;
}
