/**
 * Calls that keep a thread of libuv's pool busy for long. No more of them are handed to the pool than it has threads: all others, such as
 * those on files, would wait behind every one that is queued there.
 */
import type { Interruption } from '../green/interruption.js';
import { answer, type Done, type Offload } from './offload.js';

/** As libuv reads it, once, when the pool starts. */
const THREADS = Math.max(1, Math.trunc(Number(process.env.UV_THREADPOOL_SIZE)) || 4);

let running = 0;
/** Calls that wait for a thread; each tells whether it still is to be made, and then makes it. */
const waiting: (() => boolean)[] = [];

/** Whether a heavy call would have to wait. */
export function isPoolTaken(): boolean {
  return running >= THREADS;
}

/**
 * Starts `call` when a thread is free, first come, first served, unless it has been interrupted by then. Its arguments must not change
 * meanwhile.
 */
export function whenFree(call: Offload, interruption: Interruption | undefined): Offload {
  return {
    ...call,
    start(done) {
      if (!isPoolTaken()) begin(call, done);
      else {
        waiting.push(() => {
          if (interruption?.isInterrupted) return false;
          try {
            begin(call, done);
          } catch {
            // The callback form refuses the arguments: the blocking one says why.
            answer(call.block, done);
          }
          return true;
        });
      }
    },
  };
}

/** @throws what the callback form throws for bad arguments */
function begin({ start }: Offload, done: Done): void {
  running++;
  try {
    start((...outcome) => {
      end();
      done(...outcome);
    });
  } catch (error) {
    end();
    throw error;
  }
}

function end(): void {
  running--;
  if (isPoolTaken()) return;
  while (waiting.shift()?.() === false);
}
