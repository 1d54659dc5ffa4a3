/**
 * Clients that end their side of the connection right behind a request. Node's servers end theirs when they are told, which comes after
 * the listener of a request: what that has written by then is sent. One that is suspended has not written yet.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { type Callable, linkTwin, twinOf } from '../../twin/protocol.js';
import { enter, gateOf } from './gate.js';
import { keepOrderOfRequest } from './orderedEmit.js';

interface Hold {
  /** How many listeners of requests of the connection are suspended, or were in this turn of the loop. */
  suspended: number;
  /** Tells that the client has ended its side, where that had to wait. */
  tell: (() => void) | undefined;
}

const holds = new WeakMap<Socket, Hold>();

/**
 * Lets the connection of a request that a server has received learn only after `pending` that its client has ended it, and keeps back what
 * comes of its body.
 */
export function holdConnection(args: readonly unknown[], pending: Promise<unknown>): void {
  const request = requestAmong(args);
  if (request === undefined) return;
  // It may still get its listeners, and the next listener its turn.
  keepOrderOfRequest(request);
  enter(gateOf(request), pending, () => {});
  const { socket } = request;
  if (socket === null || socket.destroyed) return;
  const hold = holdOf(socket);
  hold.suspended++;
  // Until what the listener has left to the next immediates has run, and with it the listeners that this calls: a server that answers from
  // an immediate does so before it can read that the client has ended its side.
  const release = (): void => {
    setImmediate(() => {
      hold.suspended--;
      if (hold.suspended === 0) tell(hold);
    });
  };
  pending.then(release, release);
}

function requestAmong(args: readonly unknown[]): IncomingMessage | undefined {
  for (const arg of args) {
    const request = arg instanceof IncomingMessage ? arg : arg instanceof ServerResponse ? arg.req : undefined;
    // What a client receives has a status.
    if (request?.statusCode === null) return request;
  }
  return undefined;
}

function tell(hold: Hold): void {
  const { tell: told } = hold;
  hold.tell = undefined;
  told?.();
}

function holdOf(socket: Socket): Hold {
  const known = holds.get(socket);
  if (known !== undefined) return known;
  const hold: Hold = { suspended: 0, tell: undefined };
  holds.set(socket, hold);
  const own = Object.getOwnPropertyDescriptor(socket, 'emit');
  const behind = () => (own === undefined ? (Object.getPrototypeOf(socket) as Socket).emit : own.value) as Callable;
  const isHeld = (event: unknown) => event === 'end' && hold.suspended > 0;
  function emit(this: Socket, event: string | symbol, ...args: unknown[]): unknown {
    if (isHeld(event)) {
      const inContext = AsyncLocalStorage.snapshot();
      hold.tell = () => inContext(() => Reflect.apply(behind(), this, [event, ...args]));
      return this.listenerCount(event) > 0;
    }
    if (event === 'close') tell(hold);
    return Reflect.apply(behind(), this, [event, ...args]);
  }
  linkTwin(emit as Callable, function (this: unknown, ...args: unknown[]): unknown {
    const twin = isHeld(args[0]) ? undefined : twinOf(behind());
    return Reflect.apply(twin ?? (emit as Callable), this, args);
  });
  Object.defineProperty(socket, 'emit', { value: emit, configurable: true, writable: true, enumerable: false });
  return hold;
}
