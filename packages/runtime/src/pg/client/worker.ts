/** A worker thread with sessions, for code that has to wait synchronously, and for code that need not. */
import { MessageChannel, receiveMessageOnPort, Worker } from 'node:worker_threads';
import { type Answer, createSessions, type Request, type Sessions } from './sessions.js';

interface Message {
  readonly id: number;
  readonly answer: Answer;
}

/** As text, because a file of its own would have to be found from wherever a bundler has put this package. */
const PROGRAM = `
'use strict';
const { workerData } = require('node:worker_threads');
const { port, signal, driver } = workerData;
// Of bundlers that keep the names of functions.
const __name = (fn) => fn;
const createSessions = ${createSessions};
const sessions = createSessions(require(driver));
port.on('message', async ({ id, request }) => {
  const answer = await sessions.perform(request);
  port.postMessage({ id, answer });
  Atomics.add(signal, 0, 1);
  Atomics.notify(signal, 0);
});
`;

export interface SessionWorker extends Sessions {
  /** Does what is asked, and blocks until it is done. */
  performSync(request: Request): Answer;
}

/** @param driver path of the package pg */
export function startWorker(driver: string): SessionWorker {
  const signal = new Int32Array(new SharedArrayBuffer(4));
  const { port1: port, port2 } = new MessageChannel();
  const workerData = { port: port2, signal, driver };
  const worker = new Worker(PROGRAM, { eval: true, workerData, transferList: [port2] });
  worker.unref();
  const waiting = new Map<number, (answer: Answer) => void>();
  let last = 0;

  const deliver = ({ id, answer }: Message): void => {
    const resolve = waiting.get(id);
    waiting.delete(id);
    if (waiting.size === 0) port.unref();
    resolve?.(answer);
  };
  port.on('message', deliver);
  port.unref();

  function send(request: Request): number {
    port.postMessage({ id: ++last, request });
    return last;
  }

  return {
    perform: (request) =>
      new Promise((resolve) => {
        waiting.set(send(request), resolve);
        port.ref();
      }),
    performSync(request) {
      const id = send(request);
      for (;;) {
        const before = Atomics.load(signal, 0);
        const received = receiveMessageOnPort(port) as { readonly message: Message } | undefined;
        if (received === undefined) Atomics.wait(signal, 0, before);
        else if (received.message.id === id) return received.message.answer;
        else deliver(received.message);
      }
    },
  };
}
