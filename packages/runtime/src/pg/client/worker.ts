/** A worker thread with sessions, for code that has to wait synchronously, and for code that need not. */
import { MessageChannel, receiveMessageOnPort, SHARE_ENV, Worker } from 'node:worker_threads';
import { type Answer, createSessions, type Incident, type Request, type Sessions } from './sessions.js';

type Message = { readonly id: number; readonly answer: Answer } | { readonly incident: Incident };

/** As text, because a file of its own would have to be found from wherever a bundler has put this package. */
const PROGRAM = `
'use strict';
const { workerData } = require('node:worker_threads');
const { port, signal, driver } = workerData;
// Of bundlers that keep the names of functions.
const __name = (fn) => fn;
const createSessions = ${createSessions};
const tell = (incident) => port.postMessage({ incident });
const sessions = createSessions(require(driver), tell);
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
  /** Keeps the process alive for incidents, until the function that it returns is called. */
  hold(): () => void;
}

/**
 * @param driver path of the package pg
 * @param tell is called for incidents, on turns of the event loop
 */
export function startWorker(driver: string, tell: (incident: Incident) => void): SessionWorker {
  const signal = new Int32Array(new SharedArrayBuffer(4));
  const { port1: port, port2 } = new MessageChannel();
  const workerData = { port: port2, signal, driver };
  const worker = new Worker(PROGRAM, { eval: true, workerData, transferList: [port2], env: SHARE_ENV });
  worker.unref();
  const waiting = new Map<number, (answer: Answer) => void>();
  let last = 0;
  let held = 0;

  const letGo = (): void => {
    if (waiting.size + held === 0) port.unref();
  };
  const deliver = (message: Message): void => {
    if ('incident' in message) {
      tell(message.incident);
      return;
    }
    const resolve = waiting.get(message.id);
    waiting.delete(message.id);
    letGo();
    resolve?.(message.answer);
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
        else if ('incident' in received.message) setImmediate(deliver, received.message);
        else if (received.message.id === id) return received.message.answer;
        else deliver(received.message);
      }
    },
    hold() {
      held++;
      port.ref();
      return () => {
        held--;
        letGo();
      };
    },
  };
}
