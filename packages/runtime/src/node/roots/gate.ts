/**
 * A gate keeps the events of one object in order: while a listener is suspended the gate is closed, and later events wait in its queue.
 *
 * Gates are shared by all copies of this package in the process, so their fields keep their names and meanings.
 */
import { AsyncResource } from 'node:async_hooks';
import { inCommon } from '../../twin/common.js';
import { nextTick, queueMicrotask } from '../nextTick.js';
import { throwUncaught } from './uncaught.js';

/** A run of a listener that suspended. */
export interface SuspendedRun {
  /** True once it has thrown: the listeners that follow it in its emission are not called then, as if it had thrown at once. */
  failed: boolean;
}

interface Job {
  readonly run: () => void;
  /** Jobs that were queued without a microtask in between have the same number. */
  readonly step: number;
}

export interface Gate {
  /** How many suspended runs and holders keep the gate closed. */
  suspended: number;
  /** The latest run that has suspended. */
  last: SuspendedRun | undefined;
  /** The queue. */
  readonly waiting: Job[];
  /** The step of the job that ran last, or in which the gate was closed; undefined when the queue has been worked off. */
  step: number | undefined;
  /** Called when the gate is open and the queue is empty. */
  idle: (() => void)[] | undefined;
  /** While a job runs: where in `waiting` the jobs that it queues are inserted, before all that were queued after it. */
  insertAt: number | undefined;
  /** Set while the emitter is silenced. Each function tells whether one of those who have silenced it is suspended. */
  holders: ReadonlySet<() => boolean> | undefined;
}

/** Shared by all copies of this package: several of them may start listeners of one object. */
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

/** A gate that belongs to no object. */
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

/** True while new jobs have to wait. */
export function isClosed(gate: Gate): boolean {
  return gate.suspended > 0;
}

/** True if no holder of the gate is suspended: the program is running and emits the event itself, so it is delivered at once. */
export function isEmittedByHolder({ holders }: Gate): boolean {
  if (holders === undefined) return false;
  for (const isSuspended of holders) if (isSuspended()) return false;
  return true;
}

/** Shared by all copies of this package, because gates are. */
const steps = inCommon('steps/1', () => ({ count: 0, isCounting: false }));

/** The number of the current step, which lasts until the next microtask. */
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

/** The current asynchronous context. `AsyncLocalStorage.snapshot` would do the same, but takes 20 to 100 times as long up to Node 26. */
export function contextNow(): AsyncResource {
  return new AsyncResource('UNBLOCK_TURN', { requireManualDestroy: true });
}

/**
 * Queues `job`, which runs once the gate is open and all jobs before it have run. An error that it throws is uncaught, as in a callback of the event loop.
 *
 * @param first true to insert it at the front of the queue
 * @param context the asynchronous context in which it runs
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
      // In the synchronous program the error was handled before the next event.
      nextTick(release, gate);
    },
  );
}

/** Calls `job` once the gate is open and its queue is empty: now, if that is so. */
export function whenIdle(gate: Gate, job: () => void): void {
  if (!isClosed(gate) && gate.waiting.length === 0) job();
  else if (gate.idle === undefined) gate.idle = [job];
  else gate.idle.push(job);
}

/** Closes the gate until {@link release} is called. */
export function acquire(gate: Gate): void {
  gate.suspended++;
}

/** Runs `body` as if the gate were open, for code that is itself the reason why the gate is closed. */
export function bypass<T>(gate: Gate, body: () => T): T {
  const { suspended } = gate;
  gate.suspended = 0;
  try {
    return body();
  } finally {
    gate.suspended += suspended;
  }
}

/** Undoes one {@link acquire}. When the last has been undone the queued jobs run. */
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

/** Runs the next job after pending promise callbacks and ticks: in the synchronous program they ran between the two events, too. */
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
