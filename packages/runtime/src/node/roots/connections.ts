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
// Not the global ones: what tests put in their place does not come by itself.
import { setImmediate } from 'node:timers';
import { type Callable, linkTwin, twinOf } from '../../twin/protocol.js';
import { nextTick } from '../nextTick.js';
import { pushBack, resumeFlow } from './backpressure.js';
import { acquire, closeUntil, contextNow, enqueue, gateIfAny, gateOf, isClosed, release } from './gate.js';
import { postponeEnd } from './halfOpen.js';
import { emitBehind, emitInOrder, hasOwnOrder, isSerial, keepOrder, shareOrder } from './orderedEmit.js';

/** An event of a request that has to wait. */
interface QueuedEvent {
  readonly context: AsyncResource;
  /** Whether it is data that is still in the request. */
  readonly isPushedBack: boolean;
  readonly event: string | symbol;
  readonly args: unknown[];
}

interface ConnectionState {
  /** How many are suspended: listeners of requests of the connection, methods of streams that write to it. */
  suspended: number;
  /** How many have been so far. */
  started: number;
  /** Tells that the client has ended its side, that it is gone, or why, and ends the connection, where that had to wait. */
  readonly deferred: (() => void)[];
  /** The request that is kept silent here, for how many of its listeners, and what it had to tell. Those that follow it at once have gates. */
  request: IncomingMessage | undefined;
  requestSuspensions: number;
  queued: QueuedEvent[];
}

const states = new WeakMap<Duplex, ConnectionState>();

/** Keeps a request that a server has received silent until `pending` settles, and lets its connection learn only then that the client has ended it. */
export function silenceConnectionUntil(args: readonly unknown[], pending: Promise<unknown>): void {
  const request = requestAmong(args);
  if (request === undefined) return;
  shareOrder(IncomingMessage.prototype, emitOfMessage);
  keepOrder(request);
  const { socket } = request;
  if (socket === null || socket === undefined || socket.destroyed) {
    closeUntil(gateOf(request), pending, ignore);
    return;
  }
  const state = stateOf(socket);
  const isSilent = silenceRequest(state, request);
  if (!isSilent) closeUntil(gateOf(request), pending, ignore);
  trackSuspension(state, pending, () => {
    if (!isSilent || --state.requestSuspensions > 0) return;
    state.request = undefined;
    emitQueued(state, request);
  });
}

/**
 * Lets the connections that a stream writes to, by way of any number of others, learn only when `pending` has settled that their other
 * side has ended: what the stream still has for them would come too late.
 */
export function silenceDestinationsUntil(stream: Stream, pending: Promise<unknown>): void {
  const seen = new Set<Stream>();
  const left = destinationsOf(stream);
  for (const destination of left) {
    if (seen.has(destination)) continue;
    seen.add(destination);
    left.push(...destinationsOf(destination));
    const socket = endedByNode(destination);
    if (socket === undefined || socket.destroyed) continue;
    const state = stateOf(socket);
    trackSuspension(state, pending, ignore);
    // It may be telling so just now: what the stream has to say at its end is still sent.
    const end = socket.readableEnded ? postponeEnd(socket) : undefined;
    if (end !== undefined) state.deferred.push(end);
  }
}

/** Ends a connection behind the listeners of its `end`, or leaves that for later where a stream has started to write the last to it. */
function endAfterListeners(socket: Duplex, state: ConnectionState, end: () => void): void {
  const gate = gateIfAny(socket);
  const soon = () =>
    nextTick(() => {
      if (state.suspended === 0) end();
      else state.deferred.unshift(end);
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

function trackSuspension(state: ConnectionState, pending: Promise<unknown>, then: () => void): void {
  state.suspended++;
  state.started++;
  const settled = (): void => {
    state.suspended--;
    then();
    scheduleDeferred(state);
  };
  pending.then(settled, settled);
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
function silenceRequest(state: ConnectionState, request: IncomingMessage): boolean {
  if (state.requestSuspensions > 0 ? state.request !== request : hasOwnOrder(request)) return false;
  state.request = request;
  state.requestSuspensions++;
  return true;
}

/** Tells what had to wait. */
function emitQueued(state: ConnectionState, request: IncomingMessage): void {
  const { queued } = state;
  if (queued.length === 0) return;
  state.queued = [];
  const behind = emitBehind(request);
  // Node's own emit does nothing where there is no listener.
  if (behind === EventEmitter.prototype.emit && !queued.some((one) => hasListeners(request, one))) return;
  const gate = gateOf(request);
  acquire(gate);
  for (const { context, event, args, isPushedBack } of queued) {
    const tell = (...told: unknown[]) => void emitInOrder(request, behind, event, told);
    enqueue(gate, isPushedBack ? () => resumeFlow(request, tell) : () => tell(...args), false, context);
  }
  // What the listener has left to the next tick comes first, and so does its error: an answer is finished before the request is closed.
  nextTick(() => nextTick(release, gate));
}

function hasListeners(request: IncomingMessage, { event, isPushedBack }: QueuedEvent): boolean {
  return isPushedBack || event === 'error' || request.listenerCount(event) > 0;
}

/** The `emit` of all messages once a request has been kept silent: one of its own for each request costs more than all the rest. */
function emitOfMessage(this: IncomingMessage, ...args: [string | symbol, ...unknown[]]): boolean {
  const behind = emitBehind(IncomingMessage.prototype);
  // One with an `emit` of its own comes here from there.
  if (hasOwnOrder(this)) return Reflect.apply(behind, this, args) as boolean;
  const state = this.socket === null ? undefined : states.get(this.socket);
  const event = args[0];
  if (state !== undefined && state.requestSuspensions > 0 && state.request === this && isSerial(this, event)) {
    const isPushedBack = event === 'data' && pushBack(this, args[1]);
    state.queued.push({ context: contextNow(), event, args: args.slice(1), isPushedBack });
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
function scheduleDeferred(state: ConnectionState): void {
  if (state.deferred.length === 0 || state.suspended > 0) return;
  const { started } = state;
  setImmediate(() => {
    // Whoever has been suspended meanwhile comes here in the end.
    if (state.started === started) runDeferred(state);
  });
}

/** One event a turn: what a listener throws keeps the connection from telling no more than it did. */
function runDeferred(state: ConnectionState): void {
  try {
    state.deferred.shift()?.();
  } finally {
    scheduleDeferred(state);
  }
}

function stateOf(socket: Duplex): ConnectionState {
  const known = states.get(socket);
  if (known !== undefined) return known;
  const state: ConnectionState = {
    suspended: 0,
    started: 0,
    deferred: [],
    request: undefined,
    requestSuspensions: 0,
    queued: [],
  };
  states.set(socket, state);
  const own = Object.getOwnPropertyDescriptor(socket, 'emit');
  const behind = () => (own === undefined ? (Object.getPrototypeOf(socket) as Duplex).emit : own.value) as Callable;
  const waits = (event: unknown) =>
    event === 'end' || ((event === 'close' || event === 'error') && (state.suspended > 0 || state.deferred.length > 0));
  function emit(this: Socket, event: string | symbol, ...args: unknown[]): unknown {
    if (waits(event)) {
      const context = contextNow();
      const end = event === 'end' ? postponeEnd(this) : undefined;
      state.deferred.push(() => {
        // Who destroys a connection is not told that it has ended.
        if (event === 'end' && this.destroyed && this.errored === null && !this.writableFinished) return;
        context.runInAsyncScope(() => Reflect.apply(behind(), this, [event, ...args]));
        if (end !== undefined) endAfterListeners(this, state, end);
      });
      scheduleDeferred(state);
      return this.listenerCount(event) > 0;
    }
    if (event === 'timeout' && state.suspended > 0 && this.timeout !== undefined) {
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
  return state;
}
