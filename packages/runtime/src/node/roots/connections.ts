/**
 * Events of a server's connection and of its requests while a listener of a request, or a stream that writes to the connection, is suspended.
 *
 * When the client ends its side, a server of Node ends the connection after what has been written so far. In the synchronous program the listener of the request
 * has run by then. A suspended listener may still have to write its answer, and to attach its listeners to the request. So the end of the client, and the
 * events of the request, have to wait for it.
 */
import type { AsyncResource } from 'node:async_hooks';
import { EventEmitter } from 'node:events';
import { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { Duplex, type Stream } from 'node:stream';
import { type Callable, linkTwin, twinOf } from '../../twin/protocol.js';
import { setImmediate } from '../clock.js';
import { nextTick } from '../nextTick.js';
import { pushBack, resumeFlow } from './backpressure.js';
import { acquire, closeUntil, contextNow, enqueue, gateIfAny, gateOf, isClosed, release } from './gate.js';
import { postponeEnd } from './halfOpen.js';
import { emitBehind, emitInOrder, hasOwnOrder, isSerial, keepOrder, shareOrder } from './orderedEmit.js';

/** An event of a silent request. */
interface QueuedEvent {
  readonly context: AsyncResource;
  /** True for data that has been put back into the request; see `backpressure.ts`. */
  readonly isPushedBack: boolean;
  readonly event: string | symbol;
  readonly args: unknown[];
}

/** What has to wait at one connection. */
interface ConnectionState {
  /** How many listeners of its requests, and methods of streams that write to it, are suspended. */
  suspended: number;
  /** How many of them have suspended so far. */
  started: number;
  /** Deferred work: emits `end`, `close` and `error` of the connection, and ends it. */
  readonly deferred: (() => void)[];
  /** The request that is silent. If another is silent at the same time (pipelining), that one has a gate. */
  request: IncomingMessage | undefined;
  /** How many of its listeners are suspended. */
  requestSuspensions: number;
  /** Its events since then. */
  queued: QueuedEvent[];
}

const states = new WeakMap<Duplex, ConnectionState>();

/** Silences the request among the arguments of a listener, if there is one, until `pending` settles, and defers `end`, `close` and `error` of its connection. */
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
 * Defers `end`, `close` and `error` of all connections that a stream is piped to, directly or through other streams, until `pending` settles: what the stream still
 * has to write must be sent before the connection ends.
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
    // Its `end` may be being emitted right now. Then only ending the connection can be deferred.
    const end = socket.readableEnded ? postponeEnd(socket) : undefined;
    if (end !== undefined) state.deferred.push(end);
  }
}

/** Ends a connection after the listeners of its `end`. If a stream that writes to it has suspended meanwhile, ending it is deferred again. */
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
    // Responses, which clients receive, are IncomingMessages with a status.
    if (request?.statusCode === null) return request;
  }
  return undefined;
}

/**
 * Silences a request without a gate, because making one for each request is expensive and most requests emit nothing that anybody listens to.
 *
 * @returns false if the request needs a gate
 */
function silenceRequest(state: ConnectionState, request: IncomingMessage): boolean {
  if (state.requestSuspensions > 0 ? state.request !== request : hasOwnOrder(request)) return false;
  state.request = request;
  state.requestSuspensions++;
  return true;
}

/** Emits the events that a request has queued, through its gate. */
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
  // Two ticks later: after ticks that the listener has left behind, and after its error. An answer is finished before its request closes.
  nextTick(() => nextTick(release, gate));
}

function hasListeners(request: IncomingMessage, { event, isPushedBack }: QueuedEvent): boolean {
  return isPushedBack || event === 'error' || request.listenerCount(event) > 0;
}

/** The `emit` of all messages once a request has been silenced. Shared, because defining one on each request costs more than everything else here. */
function emitOfMessage(this: IncomingMessage, ...args: [string | symbol, ...unknown[]]): boolean {
  const behind = emitBehind(IncomingMessage.prototype);
  // The ordered `emit` of the message itself has run already; behind it there is one of the program's that calls the inherited one.
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
 * Runs one piece of deferred work in a turn of the loop of its own, as the event loop does. By then further listeners may have been called and have suspended, and
 * immediates of the listener have run: a server that answers from an immediate does so before the loop reads that the client has ended.
 */
function scheduleDeferred(state: ConnectionState): void {
  if (state.deferred.length === 0 || state.suspended > 0) return;
  const { started } = state;
  setImmediate(() => {
    // Otherwise something has suspended meanwhile, and schedules again when it ends.
    if (state.started === started) runDeferred(state);
  });
}

/** Runs one piece of deferred work, and schedules the next even if a listener throws. */
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
        // A connection that the program has destroyed emits no `end`.
        if (event === 'end' && this.destroyed && this.errored === null && !this.writableFinished) return;
        context.runInAsyncScope(() => Reflect.apply(behind(), this, [event, ...args]));
        if (end !== undefined) endAfterListeners(this, state, end);
      });
      scheduleDeferred(state);
      return this.listenerCount(event) > 0;
    }
    if (event === 'timeout' && state.suspended > 0 && this.timeout !== undefined) {
      // The client is not idle, the listener is: restart the timeout.
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
