/** Which events the event loop itself emits, by class: their listeners are roots. */
import childProcess from 'node:child_process';
import cluster from 'node:cluster';
import dgram from 'node:dgram';
import fs from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import net from 'node:net';
import os from 'node:os';
import readline from 'node:readline';
import stream from 'node:stream';
import tls from 'node:tls';
import tty from 'node:tty';
import workerThreads from 'node:worker_threads';
import zlib from 'node:zlib';
import { http2 } from '../http2.js';

/**
 * - `concurrent`: invocations are independent of each other.
 * - `silencing`: also concurrent, but emitters among the arguments are silent until the listener has finished, because the listener may
 *   attach its own listeners late: a connection that fails meanwhile must not become an unhandled error.
 * - `serial`: invocations stay in order, with those of the emitter's other serial events.
 */
export type EventOrder = 'concurrent' | 'silencing' | 'serial';

interface LoopEvents {
  /** A prototype, or an emitter that is the only one of its kind. */
  readonly of: object;
  readonly concurrent?: string;
  readonly silencing?: string;
  readonly serial?: string;
  /**
   * True for emitters that keep their `emit`, because programs replace it or rely on events that must not wait. Only wrapped
   * listeners are in order there.
   */
  readonly keepsEmit?: true;
}

const READABLE = 'data end close error readable';
const WRITABLE = 'drain finish close error';
const HTTP = 'checkContinue checkExpectation clientError dropRequest';
const HTTP_TUNNELS = 'upgrade connect';

/** The prototype of a class that a module exports without a declared type. */
const prototypeIn = (module: object, name: string): object =>
  (module as Record<string, { prototype: object }>)[name]?.prototype ?? {};

const parent = (value: object): object => Object.getPrototypeOf(value) as object;

/** The events. A row for a prototype holds for those that inherit from it as well. */
export const LOOP_EVENTS: readonly LoopEvents[] = [
  { of: net.Server.prototype, concurrent: 'drop', silencing: 'connection', serial: 'listening close error' },
  {
    of: tls.Server.prototype,
    silencing: 'secureConnection',
    concurrent: 'tlsClientError newSession resumeSession OCSPRequest',
  },
  { of: http.Server.prototype, concurrent: `request ${HTTP}`, silencing: HTTP_TUNNELS },
  { of: https.Server.prototype, concurrent: `request ${HTTP}`, silencing: HTTP_TUNNELS },
  ...[http2.createServer(), http2.createSecureServer()].map((server) => ({
    of: parent(server),
    concurrent: `${HTTP} unknownProtocol sessionError timeout`,
    // If a request is cut off while its listener is suspended, its events come afterwards.
    silencing: 'session stream request',
  })),
  // Streams emit data within `write`, `push` and `read`, but the events that say that they are done from a tick of their own.
  { of: stream.Readable.prototype, serial: 'end close error' },
  { of: stream.Writable.prototype, serial: 'finish close error' },
  { of: stream.Duplex.prototype, serial: 'end finish close error' },
  { of: net.Socket.prototype, serial: `${READABLE} ${WRITABLE} connect ready timeout lookup` },
  { of: tls.TLSSocket.prototype, serial: 'secureConnect OCSPResponse keylog session' },
  { of: tty.WriteStream.prototype, serial: 'resize' },
  { of: http.IncomingMessage.prototype, serial: `${READABLE} aborted` },
  { of: http.OutgoingMessage.prototype, serial: WRITABLE },
  {
    of: http.ClientRequest.prototype,
    silencing: HTTP_TUNNELS,
    serial: 'response socket continue information timeout abort',
  },
  { of: http2.Http2ServerRequest.prototype, serial: `${READABLE} aborted` },
  { of: http2.Http2ServerResponse.prototype, serial: WRITABLE },
  { of: childProcess.ChildProcess.prototype, serial: 'exit close message error spawn disconnect' },
  { of: fs.ReadStream.prototype, serial: `${READABLE} open ready` },
  { of: fs.WriteStream.prototype, serial: `${WRITABLE} open ready` },
  { of: prototypeIn(fs, 'FSWatcher'), serial: 'change close error' },
  { of: prototypeIn(fs, 'StatWatcher'), serial: 'change stop' },
  { of: parent(parent(zlib.createGzip())), serial: `${READABLE} ${WRITABLE}` },
  { of: parent(readline.Interface.prototype), serial: 'line close history SIGINT SIGTSTP SIGCONT' },
  { of: dgram.Socket.prototype, serial: 'message listening close error connect' },
  { of: workerThreads.Worker.prototype, serial: 'message messageerror error exit online' },
  { of: prototypeIn(cluster, 'Worker'), serial: 'message exit online listening disconnect error' },
  { of: cluster, serial: 'message exit online listening disconnect fork setup' },
  { of: process, serial: `${Object.keys(os.constants.signals).join(' ')} message disconnect`, keepsEmit: true },
  { of: workerThreads.MessagePort.prototype, serial: 'message messageerror close', keepsEmit: true },
  { of: workerThreads.BroadcastChannel.prototype, serial: 'message messageerror', keepsEmit: true },
];

interface Row {
  readonly order: ReadonlyMap<unknown, EventOrder>;
  readonly hasSerial: boolean;
  readonly keepsEmit: boolean;
}

const row = (order: ReadonlyMap<unknown, EventOrder>, keepsEmit: boolean): Row => ({
  order,
  hasSerial: [...order.values()].includes('serial'),
  keepsEmit,
});

const rows = new Map<object, Row>(
  LOOP_EVENTS.map(({ of, keepsEmit, ...byOrder }): [object, Row] => {
    const order = Object.entries(byOrder).flatMap(([order, names]) =>
      names.split(' ').map((name): [string, EventOrder] => [name, order as EventOrder]),
    );
    return [of, row(new Map(order), keepsEmit === true)];
  }),
);

/** Rows of web standard classes, by name: Node loads these classes when they are first used, and looking for the row must not load them. */
const LAZY: Readonly<Record<string, Row>> = {
  WebSocket: row(serial('open message error close'), true),
  EventSource: row(serial('open message error'), true),
};

function serial(names: string): ReadonlyMap<unknown, EventOrder> {
  return new Map(names.split(' ').map((name) => [name, 'serial']));
}

function lazyRow(prototype: object): Row | undefined {
  const made = (prototype as { constructor?: unknown }).constructor;
  // A class may have any value under this name.
  const name: unknown = typeof made === 'function' ? made.name : undefined;
  if (typeof name !== 'string') return undefined;
  const lazy = Object.hasOwn(LAZY, name) ? LAZY[name] : undefined;
  return lazy !== undefined && (globalThis as Record<string, unknown>)[name] === made ? lazy : undefined;
}

/**
 * The first result of `choose` that is not undefined, over the rows of `emitter` and of its prototype chain. Not a generator, because this runs for every event
 * of a request.
 */
function firstRow<T>(emitter: object, choose: (row: Row) => T | undefined): T | undefined {
  for (let at: object | null = emitter; at !== null; at = Object.getPrototypeOf(at) as object | null) {
    const found = rows.get(at) ?? (at === emitter ? undefined : lazyRow(at));
    const chosen = found === undefined ? undefined : choose(found);
    if (chosen !== undefined) return chosen;
  }
  return undefined;
}

/** The order that listeners of `event` on `emitter` keep; undefined where it is not the event loop that emits it. */
export function orderOf(emitter: object, event: unknown): EventOrder | undefined {
  return firstRow(emitter, ({ order }) => order.get(event));
}

/** Whether `emitter` must keep its `emit`; see {@link LoopEvents.keepsEmit}. */
export function keepsEmit(emitter: object): boolean {
  return firstRow(emitter, ({ keepsEmit }) => keepsEmit || undefined) === true;
}

/** Whether the loop emits any serial event on `emitter`. */
export function hasSerialEvents(emitter: object): boolean {
  return firstRow(emitter, ({ hasSerial }) => hasSerial || undefined) === true;
}

/** The events of `emitter` that are serial. */
export function serialEventsOf(emitter: object): string[] {
  const names: string[] = [];
  const order = firstRow(emitter, (row) => (row.hasSerial ? row.order : undefined)) ?? new Map<unknown, EventOrder>();
  for (const [name, kind] of order) if (kind === 'serial') names.push(name as string);
  return names;
}
