/**
 * What a server's connection and its requests tell while a listener of a request, or a stream that writes to the connection, is suspended.
 *
 * Node's servers end their side of a connection when they are told that the client has ended its own, which comes after the listener of a
 * request: what that has written by then is sent. One that is suspended has not written yet. Nor may it have attached its listeners to the
 * request.
 */
import type { AsyncResource } from 'node:async_hooks';
import { EventEmitter } from 'node:events';
import { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { Duplex, type Stream } from 'node:stream';
import { type Callable, linkTwin, twinOf } from '../../twin/protocol.js';
import { setImmediate } from '../clock.js';
import { nextTick } from '../nextTick.js';
import { goOn, halt } from './flow.js';
import { close, contextNow, enqueue, enter, gateIfAny, gateOf, isClosed, leave } from './gate.js';
import { postponeEnd } from './halfOpen.js';
import { emitBehind, emitInOrder, hasOwnOrder, isSerial, keepOrder, shareOrder } from './orderedEmit.js';

/** An event of a request that has to wait. */
interface QueuedEvent {
  readonly context: AsyncResource;
  /** Whether it is data that is still in the request. */
  readonly isHalted: boolean;
  readonly event: string | symbol;
  readonly args: unknown[];
}

interface Hold {
  /** How many are suspended: listeners of requests of the connection, methods of streams that write to it. */
  suspended: number;
  /** How many have been so far. */
  begun: number;
  /** Tells that the client has ended its side, that it is gone, or why, and ends the connection, where that had to wait. */
  readonly untold: (() => void)[];
  /** The request that is kept silent here, for how many of its listeners, and what it had to tell. Those that follow it at once have gates. */
  request: IncomingMessage | undefined;
  ofRequest: number;
  waiting: QueuedEvent[];
}

const holds = new WeakMap<Duplex, Hold>();

/** Keeps a request that a server has received silent until `pending` settles, and lets its connection learn only then that the client has ended it. */
export function holdConnection(args: readonly unknown[], pending: Promise<unknown>): void {
  const request = requestAmong(args);
  if (request === undefined) return;
  shareOrder(IncomingMessage.prototype, emitOfMessage);
  keepOrder(request);
  const { socket } = request;
  if (socket === null || socket === undefined || socket.destroyed) {
    enter(gateOf(request), pending, ignore);
    return;
  }
  const hold = holdOf(socket);
  const isSilent = silence(hold, request);
  if (!isSilent) enter(gateOf(request), pending, ignore);
  holdUntil(hold, pending, () => {
    if (!isSilent || --hold.ofRequest > 0) return;
    hold.request = undefined;
    speak(hold, request);
  });
}

/**
 * Lets the connections that a stream writes to, by way of any number of others, learn only when `pending` has settled that their other
 * side has ended: what the stream still has for them would come too late.
 */
export function holdDestinations(stream: Stream, pending: Promise<unknown>): void {
  const seen = new Set<Stream>();
  const left = destinationsOf(stream);
  for (const destination of left) {
    if (seen.has(destination)) continue;
    seen.add(destination);
    left.push(...destinationsOf(destination));
    const socket = endedByNode(destination);
    if (socket === undefined || socket.destroyed) continue;
    const hold = holdOf(socket);
    holdUntil(hold, pending, ignore);
    // It may be telling so just now: what the stream has to say at its end is still sent.
    const end = socket.readableEnded ? postponeEnd(socket) : undefined;
    if (end !== undefined) hold.untold.push(end);
  }
}

/** Ends a connection behind the listeners of its `end`, or leaves that for later where a stream has begun to write the last to it. */
function endBehind(socket: Duplex, hold: Hold, end: () => void): void {
  const gate = gateIfAny(socket);
  const soon = () =>
    nextTick(() => {
      if (hold.suspended === 0) end();
      else hold.untold.unshift(end);
    });
  if (gate !== undefined && isClosed(gate)) enqueue(gate, soon);
  else soon();
}

function destinationsOf(stream: Stream): Stream[] {
  const { _readableState: state } = stream as { _readableState?: { pipes?: unknown } };
  return Array.isArray(state?.pipes) ? [...state.pipes] : [];
}

/** The connection behind `stream` that Node ends when the other side has. */
function endedByNode(stream: Stream): Duplex | undefined {
  if (stream instanceof ServerResponse) return stream.socket ?? undefined;
  return stream instanceof Duplex && stream.allowHalfOpen === false ? stream : undefined;
}

function holdUntil(hold: Hold, pending: Promise<unknown>, then: () => void): void {
  hold.suspended++;
  hold.begun++;
  const release = (): void => {
    hold.suspended--;
    then();
    tellSoon(hold);
  };
  pending.then(release, release);
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
function speak(hold: Hold, request: IncomingMessage): void {
  const { waiting } = hold;
  if (waiting.length === 0) return;
  hold.waiting = [];
  const behind = emitBehind(request);
  // Node's own emit does nothing where there is no listener.
  if (behind === EventEmitter.prototype.emit && !waiting.some((queued) => isAwaited(request, queued))) return;
  const gate = gateOf(request);
  close(gate);
  for (const { context, event, args, isHalted } of waiting) {
    const tell = (...told: unknown[]) => void emitInOrder(request, behind, event, told);
    enqueue(gate, isHalted ? () => goOn(request, tell) : () => tell(...args), false, context);
  }
  // What the listener has left to the next tick comes first, and so does its error: an answer is finished before the request is closed.
  nextTick(() => nextTick(leave, gate));
}

function isAwaited(request: IncomingMessage, { event, isHalted }: QueuedEvent): boolean {
  return isHalted || event === 'error' || request.listenerCount(event) > 0;
}

/** The `emit` of all messages once a request has been kept silent: one of its own for each request costs more than all the rest. */
function emitOfMessage(this: IncomingMessage, ...args: [string | symbol, ...unknown[]]): boolean {
  const behind = emitBehind(IncomingMessage.prototype);
  // One with an `emit` of its own comes here from there.
  if (hasOwnOrder(this)) return Reflect.apply(behind, this, args) as boolean;
  const hold = this.socket === null ? undefined : holds.get(this.socket);
  const event = args[0];
  if (hold !== undefined && hold.ofRequest > 0 && hold.request === this && isSerial(this, event)) {
    const isHalted = event === 'data' && halt(this, args[1]);
    hold.waiting.push({ context: contextNow(), event, args: args.slice(1), isHalted });
    return this.listenerCount(event) > 0;
  }
  return gateIfAny(this) === undefined
    ? (Reflect.apply(behind, this, args) as boolean)
    : emitInOrder(this, behind, event, args.slice(1));
}

/**
 * In a turn of the loop of its own, as it came: by then others may have been called, and be suspended, and what the listener has left to
 * the next immediates has run. A server that answers from an immediate does so before it can read that the client has ended its side.
 */
function tellSoon(hold: Hold): void {
  if (hold.untold.length === 0 || hold.suspended > 0) return;
  const { begun } = hold;
  setImmediate(() => {
    // Whoever has been suspended meanwhile comes here in the end.
    if (hold.begun === begun) tell(hold);
  });
}

/** One event a turn: what a listener throws keeps the connection from telling no more than it did. */
function tell(hold: Hold): void {
  try {
    hold.untold.shift()?.();
  } finally {
    tellSoon(hold);
  }
}

function holdOf(socket: Duplex): Hold {
  const known = holds.get(socket);
  if (known !== undefined) return known;
  const hold: Hold = { suspended: 0, begun: 0, untold: [], request: undefined, ofRequest: 0, waiting: [] };
  holds.set(socket, hold);
  const own = Object.getOwnPropertyDescriptor(socket, 'emit');
  const behind = () => (own === undefined ? (Object.getPrototypeOf(socket) as Duplex).emit : own.value) as Callable;
  const waits = (event: unknown) =>
    event === 'end' || ((event === 'close' || event === 'error') && (hold.suspended > 0 || hold.untold.length > 0));
  function emit(this: Socket, event: string | symbol, ...args: unknown[]): unknown {
    if (waits(event)) {
      const context = contextNow();
      const end = event === 'end' ? postponeEnd(this) : undefined;
      hold.untold.push(() => {
        // Who destroys a connection is not told that it has ended.
        if (event === 'end' && this.destroyed && this.errored === null && !this.writableFinished) return;
        context.runInAsyncScope(() => Reflect.apply(behind(), this, [event, ...args]));
        if (end !== undefined) endBehind(this, hold, end);
      });
      tellSoon(hold);
      return this.listenerCount(event) > 0;
    }
    if (event === 'timeout' && hold.suspended > 0 && this.timeout !== undefined) {
      // It is the listener that takes so long, and no client: the time begins anew.
      this.setTimeout(this.timeout);
      return true;
    }
    return Reflect.apply(behind(), this, [event, ...args]);
  }
  linkTwin(emit as Callable, function (this: unknown, ...args: unknown[]): unknown {
    const twin = waits(args[0]) ? undefined : twinOf(behind());
    return Reflect.apply(twin ?? (emit as Callable), this, args);
  });
  Reflect.defineProperty(socket, 'emit', { value: emit, configurable: true, writable: true, enumerable: false });
  return hold;
}
