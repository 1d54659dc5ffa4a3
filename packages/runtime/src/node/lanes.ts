/**
 * Lanes to libuv's thread pool for calls that keep a thread of it for long. No more of them are handed to the pool than a lane is wide: all others,
 * such as those on files, would wait behind every one that is queued there.
 */
import type { Interruption } from '../green/interruption.js';
import { answer, type Done, type Offload, starts } from './offload.js';

/** As libuv reads it, once, when the pool starts. */
const THREADS = Math.max(1, Math.trunc(Number(process.env.UV_THREADPOOL_SIZE)) || 4);

export interface Lane {
  /** Whether a call would have to wait. */
  isTaken(): boolean;
  /**
   * Starts `call` when there is room, first come, first served, unless it is interrupted before: then it ends at once. Its arguments must not
   * change meanwhile.
   */
  whenFree(call: Offload, interruption: Interruption | undefined): Offload;
}

/** Calls that compute: they end by themselves. */
export const computing = lane(THREADS);

/** Calls that wait for what other processes or people do, as long as that takes: one thread stays free of them, if there are several. */
export const endless = lane(Math.max(1, THREADS - 1));

function lane(width: number): Lane {
  let running = 0;
  /** Calls that wait for room. */
  const waiting: (() => void)[] = [];
  const isTaken = () => running >= width;
  return { isTaken, whenFree };

  function whenFree(call: Offload, interruption: Interruption | undefined): Offload {
    return {
      ...call,
      start(done) {
        if (!isTaken()) {
          begin(call, done);
          return;
        }
        const enter = () => {
          if (!starts({ ...call, start: (finish) => begin(call, finish) }, done)) answer(call.block, done);
        };
        waiting.push(enter);
        if (interruption === undefined) return;
        interruption.release = () => {
          const at = waiting.indexOf(enter);
          if (at < 0) return;
          waiting.splice(at, 1);
          // Nobody takes the outcome, but others may wait for the end: calls on the same file.
          done(undefined);
        };
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
    if (!isTaken()) waiting.shift()?.();
  }
}
