/**
 * When children are spawned: first come, first served. `spawn` forks on the main thread, for milliseconds at a time: a burst of them would starve
 * the event loop, so that each turn of the loop has a budget for them. And each child takes up descriptors of this process as long as it runs, so
 * that no more than some run at a time.
 */
import { setImmediate, timeNow } from '../clock.js';
import { isExhaustion, mostChildren } from './capacity.js';
import { collect, type Outcome, type Request } from './collect.js';

/**
 * Milliseconds of spawning after which the rest waits for the next turn of the loop. Turns have a price: in each in which a child has ended, libuv
 * asks the system about every child.
 */
const BUDGET = 10;

/** A child that is still to be spawned. */
interface Waiting {
  /** Earlier calls have lower ones. */
  readonly number: number;
  readonly spawn: () => void;
}

const waiting: Waiting[] = [];
let count = 0;
/** Children that have been spawned and have not ended. */
let running = 0;
/** Whether the system has refused one more child, until one has ended. */
let isExhausted = false;
let spent = 0;
let turnEnds = false;
let blocked = 0;
let since = 0;

/** Milliseconds over which {@link blockedBySpawns} adds up. */
const WINDOW = 1000;

/** How many milliseconds of the second that runs, and began with a spawn, have gone into spawning here. */
export function blockedBySpawns(): number {
  return timeNow() - since > WINDOW ? 0 : blocked;
}

/** Whether a child of which somebody asks now may be spawned later than in this call. Where no other runs, the system's refusal is final. */
export function mayWait(): boolean {
  return running > 0 || waiting.length > 0 || !maySpawn();
}

function maySpawn(): boolean {
  return spent < BUDGET && !isExhausted && running < mostChildren();
}

/** Of a child that was stopped before it was spawned: nobody looks at it. */
const NEVER_SPAWNED: Outcome = { code: 'ECANCELED', status: null, signal: null, output: null, pid: 0 };

/**
 * Runs a child when it is its turn. Where the system has no room for it, it waits until another one of these has ended: calls that block make one
 * child at a time, and have that room.
 *
 * @param request is asked right before the child is spawned
 * @param ended is called once, after this has returned
 * @returns stops the child as a time limit does, or takes it out of the queue
 */
export function collectInTurn(request: () => Request, ended: (outcome: Outcome) => void): () => void {
  let stop = leave;
  let isStopped = false;
  const own: Waiting = { number: count++, spawn };
  enter(own);
  spawnWaiting();
  return () => {
    isStopped = true;
    stop();
  };

  function leave(): void {
    waiting.splice(waiting.indexOf(own), 1);
    ended(NEVER_SPAWNED);
  }

  function spawn(): void {
    running++;
    stop = collect(request(), (outcome) => {
      running--;
      isExhausted = isExhaustion(outcome.code) && outcome.output === null && running > 0;
      if (isExhausted && !isStopped) {
        stop = leave;
        enter(own);
      } else ended(outcome);
      spawnWaiting();
    });
  }
}

/** Puts a child in its place among those that wait: a new one comes last, one that was refused before those that came later. */
function enter(own: Waiting): void {
  const at = waiting.findLastIndex(({ number }) => number < own.number);
  waiting.splice(at + 1, 0, own);
}

/** Spawns what may be spawned in this turn; the end of the turn, or of a child, goes on with the rest. */
function spawnWaiting(): void {
  while (maySpawn()) {
    const next = waiting.shift();
    if (next === undefined) return;
    timed(next.spawn);
  }
}

function timed(spawn: () => void): void {
  if (!turnEnds) {
    turnEnds = true;
    setImmediate(nextTurn);
  }
  const start = timeNow();
  if (start - since > WINDOW) {
    since = start;
    blocked = 0;
  }
  spawn();
  const took = timeNow() - start;
  spent += took;
  blocked += took;
}

function nextTurn(): void {
  spent = 0;
  turnEnds = false;
  spawnWaiting();
}
