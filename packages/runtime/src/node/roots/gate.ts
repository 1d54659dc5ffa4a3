/** Keeps what happens to one object in order while something that happened to it is suspended. */
import { AsyncResource } from 'node:async_hooks';
import { inCommon } from '../../twin/common.js';
import { nextTick, queueMicrotask } from '../nextTick.js';
import { throwUncaught } from './uncaught.js';

/** A run that suspended. */
export interface SuspendedRun {
  /** Whether it threw in the end; a throw also ends the emission that it was part of. */
  failed: boolean;
}

interface Job {
  readonly run: () => void;
  /** Jobs that have come without any microtask in between have the same number. */
  readonly step: number;
}

export interface Gate {
  /** How many runs are suspended. */
  suspended: number;
  /** The run that suspended last. */
  last: SuspendedRun | undefined;
  readonly waiting: Job[];
  /** The step of what has been told last, as long as anything waits. */
  step: number | undefined;
  /** What comes behind all that waits, and behind what comes until then. */
  idle: (() => void)[] | undefined;
  /** Where in `waiting` the job that is running puts what it leaves over: before everything that came after the job. */
  insertAt: number | undefined;
  /** Where those who want to hear what happens may not be there yet: whether they are suspended. */
  holders: ReadonlySet<() => boolean> | undefined;
}

/** Of all copies of this package in the process, which may each start what happens to one object. */
const gates = inCommon('gates/2', () => new WeakMap<object, Gate>());

/** The gate of `owner`, made on first use. */
export function gateOf(owner: object): Gate {
  let gate = gates.get(owner);
  if (gate === undefined) {
    gate = createGate();
    gates.set(owner, gate);
  }
  return gate;
}

/** The gate of `owner`, if it has been made. */
export function gateIfAny(owner: object): Gate | undefined {
  return gates.get(owner);
}

/** A gate of no object. */
export function createGate(): Gate {
  return {
    suspended: 0,
    last: undefined,
    waiting: [],
    step: undefined,
    idle: undefined,
    insertAt: undefined,
    holders: undefined,
  };
}

/** Whether what comes now has to wait. */
export function isClosed(gate: Gate): boolean {
  return gate.suspended > 0;
}

/** Whether what comes now comes from who keeps the gate closed, and not from the loop: he is not suspended. */
export function isEmittedByHolder({ holders }: Gate): boolean {
  if (holders === undefined) return false;
  for (const isSuspended of holders) if (isSuspended()) return false;
  return true;
}

/** Of all copies of this package in the process, which share gates. */
const steps = inCommon('steps/1', () => ({ count: 0, isCounting: false }));

/** The number of what runs now, up to the next microtask. */
function stepNow(): number {
  if (!steps.isCounting) {
    steps.isCounting = true;
    queueMicrotask(() => {
      steps.isCounting = false;
      steps.count++;
    });
  }
  return steps.count;
}

/** The asynchronous context of this call. A snapshot of AsyncLocalStorage, which is the same, takes 20 to 100 times as long up to Node 26. */
export function contextNow(): AsyncResource {
  return new AsyncResource('UNBLOCK_TURN', { requireManualDestroy: true });
}

/**
 * Runs `job` when its turn has come; a throw goes where one on the loop goes.
 *
 * @param first whether it comes before all that wait already
 * @param context what it runs in
 */
export function enqueue(gate: Gate, job: () => void, first = false, context = contextNow()): void {
  const isLeftOver = gate.insertAt !== undefined && gate.step !== undefined;
  const step = isLeftOver ? (gate.step as number) : stepNow();
  const at = first ? 0 : (gate.insertAt ?? gate.waiting.length);
  gate.waiting.splice(at, 0, { run: () => context.runInAsyncScope(job), step });
  if (gate.insertAt !== undefined) gate.insertAt++;
}

/**
 * Closes the gate until `pending` settles.
 *
 * @param onFailure what to do with a rejection
 */
export function closeUntil(gate: Gate, pending: Promise<unknown>, onFailure: (error: unknown) => void): void {
  const run: SuspendedRun = { failed: false };
  gate.last = run;
  gate.suspended++;
  gate.step ??= stepNow();
  pending.then(
    () => release(gate),
    (error) => {
      run.failed = true;
      onFailure(error);
      // The error has to be handled before the next event, as it was when it was thrown.
      nextTick(release, gate);
    },
  );
}

/** Runs `job` as soon as the gate is open and nothing waits any more. */
export function whenIdle(gate: Gate, job: () => void): void {
  if (!isClosed(gate) && gate.waiting.length === 0) job();
  else if (gate.idle === undefined) gate.idle = [job];
  else gate.idle.push(job);
}

/** Closes the gate until somebody leaves it. */
export function acquire(gate: Gate): void {
  gate.suspended++;
}

/** Runs `body` as if the gate were open: it is called by who keeps it closed. */
export function bypass<T>(gate: Gate, body: () => T): T {
  const { suspended } = gate;
  gate.suspended = 0;
  try {
    return body();
  } finally {
    gate.suspended += suspended;
  }
}

/** Ends what has closed the gate; when all has ended, what waits has its turn. */
export function release(gate: Gate): void {
  gate.suspended--;
  while (!isClosed(gate)) {
    const next = gate.waiting[0];
    if (next === undefined) {
      becomeIdle(gate);
      return;
    }
    if (gate.step !== undefined && gate.step !== next.step) {
      continueInNextStep(gate);
      return;
    }
    gate.waiting.shift();
    gate.insertAt = 0;
    gate.step = next.step;
    try {
      next.run();
    } catch (error) {
      // The next job waits until the error has been handled.
      gate.suspended++;
      throwUncaught(error);
      nextTick(release, gate);
    } finally {
      gate.insertAt = undefined;
    }
  }
}

/** Between what comes next and what has been told, promise callbacks and ticks have run: so they do now. */
function continueInNextStep(gate: Gate): void {
  gate.step = undefined;
  gate.suspended++;
  queueMicrotask(() => nextTick(release, gate));
}

function becomeIdle(gate: Gate): void {
  gate.step = undefined;
  const { idle } = gate;
  if (idle === undefined) return;
  gate.idle = undefined;
  for (const job of idle) job();
}
