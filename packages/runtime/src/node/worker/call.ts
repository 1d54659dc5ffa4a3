/**
 * Blocking calls of node:fs on a worker thread, for those without an asynchronous form that agrees. One thread serves them all, in their
 * order. It starts with the first call, and keeps the process alive only while calls are under way.
 */
import { Worker } from 'node:worker_threads';
import { type Answer, type Message, PROGRAM, type Request } from './program.js';

interface Waiting {
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
}

const waiting = new Map<number, Waiting>();
let worker: Worker | undefined;
let count = 0;

/**
 * Makes a call on the worker thread.
 *
 * @param name the export of node:fs
 * @param args what structured cloning carries over whole; relative paths would be those of another time
 * @returns undefined where there can be no such thread
 */
export function callOnWorker(name: string, args: readonly unknown[]): Promise<Answer> | undefined {
  // Worker threads have permissions of their own.
  if ((process as { permission?: unknown }).permission !== undefined) return undefined;
  const request: Request = { id: count++, name, args };
  try {
    worker ??= start();
    worker.postMessage(request);
  } catch {
    return undefined;
  }
  worker.ref();
  return new Promise((resolve, reject) => waiting.set(request.id, { resolve, reject }));
}

function start(): Worker {
  // Without the options and variables of the process: modules that those preload have no business in this thread. File descriptors
  // opened here are nobody's to close at the end.
  const started = new Worker(PROGRAM, { eval: true, env: {}, execArgv: [], trackUnmanagedFds: false });
  started.on('message', ({ id, answer }: Message) => {
    const call = waiting.get(id);
    waiting.delete(id);
    if (waiting.size === 0) started.unref();
    call?.resolve(answer);
  });
  const fail = (error: unknown): void => {
    if (worker !== started) return;
    worker = undefined;
    const calls = [...waiting.values()];
    waiting.clear();
    for (const { reject } of calls) reject(error);
  };
  started.on('error', fail);
  started.on('exit', () => fail(new Error('@unblock/runtime: the worker thread has ended')));
  started.unref();
  return started;
}
