/**
 * Blocking calls of node:fs on a worker thread, for those without an asynchronous form that agrees. One thread serves them all, in their
 * order, but for those behind a call that has been interrupted. It starts with the first call, and keeps the process alive only while calls are
 * under way.
 */
import { Worker } from 'node:worker_threads';
import type { Interruption } from '../../green/interruption.js';
import { type Answer, type Message, PROGRAM, type Request } from './program.js';

interface Waiting {
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
}

interface Thread {
  readonly worker: Worker;
  readonly waiting: Map<number, Waiting>;
}

/** The thread that calls are made on. */
let current: Thread | undefined;
/** One that finishes, unseen, what has been interrupted. There is one at most: many interruptions must not make many threads. */
let finishing: Thread | undefined;
let count = 0;

/**
 * Makes a call on the worker thread.
 *
 * @param name the export of node:fs
 * @param args what structured cloning carries over whole; relative paths would be those of another time
 * @returns undefined where there can be no such thread
 */
export function callOnWorker(
  name: string,
  args: readonly unknown[],
  interruption: Interruption | undefined,
): Promise<Answer> | undefined {
  // Worker threads have permissions of their own.
  if ((process as { permission?: unknown }).permission !== undefined) return undefined;
  const request: Request = { id: count++, name, args };
  let thread: Thread;
  try {
    current ??= start();
    thread = current;
    thread.worker.postMessage(request);
  } catch {
    return undefined;
  }
  thread.worker.ref();
  if (interruption !== undefined) interruption.release = () => leave(thread);
  return new Promise((resolve, reject) => thread.waiting.set(request.id, { resolve, reject }));
}

/** Has later calls not wait for what is under way on `thread`. */
function leave(thread: Thread): void {
  if (thread !== current || thread.waiting.size === 0 || finishing !== undefined) return;
  finishing = thread;
  current = undefined;
}

function start(): Thread {
  // Without the options and variables of the process: modules that those preload have no business in this thread. File descriptors
  // opened here are nobody's to close at the end.
  const worker = new Worker(PROGRAM, { eval: true, env: {}, execArgv: [], trackUnmanagedFds: false });
  const thread: Thread = { worker, waiting: new Map() };
  worker.on('message', ({ id, answer }: Message) => {
    const call = thread.waiting.get(id);
    thread.waiting.delete(id);
    if (thread.waiting.size === 0) rest(thread);
    call?.resolve(answer);
  });
  worker.on('error', (error) => fail(thread, error));
  worker.on('exit', () => fail(thread, new Error('@unblock/runtime: the worker thread has ended')));
  worker.unref();
  return thread;
}

/** Of a thread that has nothing to do: it waits for more calls, if there is no other that does. */
function rest(thread: Thread): void {
  thread.worker.unref();
  if (thread !== finishing) return;
  finishing = undefined;
  if (current === undefined) current = thread;
  else void thread.worker.terminate();
}

function fail(thread: Thread, error: unknown): void {
  if (thread === current) current = undefined;
  if (thread === finishing) finishing = undefined;
  const calls = [...thread.waiting.values()];
  thread.waiting.clear();
  for (const { reject } of calls) reject(error);
}
