/**
 * Whether a server still answers, asked on a connection of its own. The cancel request of libpq blocks until the server has taken it, however
 * long that is: it is sent only where something like it was answered just before.
 */
import { readFileSync, readlinkSync } from 'node:fs';
import { connect } from 'node:net';
import { Worker } from 'node:worker_threads';
import { timeNow } from '../node/clock.js';
import type { Libpq } from './driver.js';

export interface Address {
  readonly host: string;
  readonly port: number;
}

/** GSSENCRequest of the protocol: servers since Postgres 12 and poolers answer it with one byte, whatever they are set to. */
const REQUEST = [0, 0, 0, 8, 4, 210, 22, 48];

/** As text, because a file of its own would have to be found from wherever a bundler has put this package. */
const ASK = `
const { host, port, request, signal } = require('node:worker_threads').workerData;
const socket = require('node:net').connect(port, host);
const end = () => { Atomics.store(signal, 0, 1); Atomics.notify(signal, 0); socket.destroy(); };
socket.once('data', end).once('error', end).once('close', end).write(Buffer.from(request));
`;

/** @returns resolves to true where nothing came back within `timeout` milliseconds; a refusal is an answer, too */
export function isSilent({ host, port }: Address, timeout: number): Promise<boolean> {
  return new Promise((resolve) => {
    // Whoever waits for the operation keeps the event loop alive.
    const socket = connect(port, host).unref();
    const end = (silent: boolean): void => {
      socket.destroy();
      resolve(silent);
    };
    socket.setTimeout(timeout, () => end(true));
    for (const event of ['data', 'error', 'close']) socket.once(event, () => end(false));
    socket.write(Buffer.from(REQUEST));
  });
}

/** As {@link isSilent}, and blocks. */
export function isSilentSync({ host, port }: Address, timeout: number): boolean {
  const signal = new Int32Array(new SharedArrayBuffer(4));
  const worker = new Worker(ASK, { eval: true, workerData: { host, port, request: REQUEST, signal } });
  worker.on('error', () => {});
  const outcome = Atomics.wait(signal, 0, 0, timeout);
  void worker.terminate();
  return outcome === 'timed-out';
}

interface Place {
  /** Of its socket. */
  readonly inode: string;
  readonly address: Address | undefined;
}

/** Where connections have been found: the kernel's tables take the longer to read, the more sockets the machine has. */
const places = new WeakMap<Libpq, Place>();

interface Tables {
  readonly text: string;
  /** By `performance.now()`. */
  readonly at: number;
}

let tables: Tables = { text: '', at: Number.NEGATIVE_INFINITY };

/**
 * The kernel's tables of sockets: a line each, with the remote address and the inode in columns 2 and 9.
 *
 * @param age how old they may be, in milliseconds
 */
function tablesOf(age: number): string {
  if (timeNow() - tables.at > age) {
    const text = ['tcp', 'tcp6'].map((name) => readFileSync(`/proc/self/net/${name}`, 'latin1')).join('');
    tables = { text, at: timeNow() };
  }
  return tables.text;
}

/** Many connections are looked for at a time where a server does not answer any more. */
const RECENT = 1000;

/**
 * Where the server of a connection is. The package does not tell: Linux does.
 *
 * @returns undefined for sockets of the own machine, which nothing can cut, and where it cannot be known
 */
export function addressOf(pq: Libpq): Address | undefined {
  try {
    const inode = /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/self/fd/${pq.socket()}`))?.[1];
    if (inode === undefined) return undefined;
    let place = places.get(pq);
    if (place?.inode !== inode) {
      place = { inode, address: peerIn(tablesOf(RECENT), inode) ?? peerIn(tablesOf(0), inode) };
      places.set(pq, place);
    }
    return place.address;
  } catch {
    return undefined;
  }
}

function peerIn(text: string, inode: string): Address | undefined {
  for (let at = text.indexOf(` ${inode} `); at >= 0; at = text.indexOf(` ${inode} `, at + 1)) {
    const columns = text
      .slice(text.lastIndexOf('\n', at) + 1, text.indexOf('\n', at))
      .trim()
      .split(/\s+/);
    if (columns[9] !== inode) continue;
    const [host = '', port = ''] = (columns[2] ?? '').split(':');
    return { host: hostOf(host), port: Number.parseInt(port, 16) };
  }
  return undefined;
}

/** An address as the kernel prints it: 32 bits at a time, in the order of bytes of the machine. */
function hostOf(printed: string): string {
  const words = printed.match(/.{8}/g) ?? [];
  const bytes = Buffer.concat(words.map((word) => Buffer.from(new Uint32Array([Number.parseInt(word, 16)]).buffer)));
  if (bytes.length === 4) return bytes.join('.');
  return Array.from({ length: 8 }, (_, at) => bytes.readUInt16BE(2 * at).toString(16)).join(':');
}
