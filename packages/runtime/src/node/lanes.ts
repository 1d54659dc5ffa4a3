/**
 * Lanes to libuv's thread pool for calls that keep a thread of it for long. No more of them are handed to the pool than a lane is wide: all others,
 * such as those on files, would wait behind every one that is queued there.
 */

import type { Interruption } from '../green/interruption.js';
import { timeNow } from './clock.js';
import { answer, type Done, type Offload, starts } from './offload.js';

/** Threads of the pool, as libuv reads their number, once, when it starts. */
export const THREADS = Math.max(1, Math.trunc(Number(process.env.UV_THREADPOOL_SIZE)) || 4);

/** What is known of the calls of one kind. */
export interface Pace {
  /** How many of them may be queued on the pool behind those that a lane is wide. */
  ahead: number;
}

/** A pace that nothing is known of. */
export function newPace(): Pace {
  return { ahead: 0 };
}

/**
 * Milliseconds of work that may be queued on the pool behind calls that run. A thread that waits for the event loop between two short calls is idle
 * for a good part of the time, and has to be woken; others wait for so much longer at most.
 */
const AHEAD = 1;
/** How many times the threads there are may be queued, however short the calls are: the next one may be another. */
const MOST_AHEAD = 4;

export interface Lane {
  /** Whether a call would have to wait. */
  isTaken(pace?: Pace): boolean;
  /**
   * Starts `call` when there is room, first come, first served, unless it is interrupted before: then it ends at once. Its arguments must not
   * change meanwhile.
   *
   * @param pace that of calls of its kind, if they end by themselves
   */
  whenFree(call: Offload, interruption: Interruption | undefined, pace?: Pace): Offload;
}

/** Calls that compute: they end by themselves. */
export const computing = lane(THREADS);

/** Calls that wait for what other processes or people do, as long as that takes: one thread stays free of them, if there are several. */
export const endless = lane(Math.max(1, THREADS - 1));

interface Waiting {
  readonly enter: () => void;
  readonly pace: Pace | undefined;
}

function lane(width: number): Lane {
  let running = 0;
  /** Calls that wait for room. */
  const waiting: Waiting[] = [];
  const hasRoom = (pace: Pace | undefined) => running < width + (pace?.ahead ?? 0);
  const isTaken = (pace: Pace | undefined) => waiting.length > 0 || !hasRoom(pace);
  return { isTaken, whenFree };

  function whenFree(call: Offload, interruption: Interruption | undefined, pace?: Pace): Offload {
    return {
      ...call,
      start(done) {
        if (!isTaken(pace)) {
          begin(call, done, pace);
          return;
        }
        const enter = () => {
          if (!starts({ ...call, start: (finish) => begin(call, finish, pace) }, done)) answer(call.block, done);
        };
        const own = { enter, pace };
        waiting.push(own);
        if (interruption === undefined) return;
        interruption.release = () => {
          const at = waiting.indexOf(own);
          if (at < 0) return;
          waiting.splice(at, 1);
          // Nobody takes the outcome, but others may wait for the end: calls on the same file.
          done(undefined);
        };
      },
    };
  }

  /** @throws what the callback form throws for bad arguments */
  function begin({ start }: Offload, done: Done, pace: Pace | undefined): void {
    running++;
    const rank = running;
    const started = timeNow();
    try {
      start((error, first, second) => {
        if (pace !== undefined) pace.ahead = aheadOf(timeNow() - started, rank);
        end();
        done(error, first, second);
      });
    } catch (error) {
      end();
      throw error;
    }
  }

  function end(): void {
    running--;
    for (let next = waiting[0]; next !== undefined && hasRoom(next.pace); next = waiting[0]) {
      waiting.shift();
      next.enter();
    }
  }
}

/**
 * @param took milliseconds until a call had ended
 * @param rank how many there were with it: those that found no thread have waited for one
 */
function aheadOf(took: number, rank: number): number {
  const alone = (took * THREADS) / Math.max(rank, THREADS);
  return Math.min(MOST_AHEAD * THREADS, Math.floor((AHEAD * THREADS) / alone));
}
