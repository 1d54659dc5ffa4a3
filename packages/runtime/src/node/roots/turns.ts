/**
 * Emitters that are made in a turn of the event loop are silent until that turn is over, even if its functions suspend: in the synchronous program no event
 * came before the end of the turn, so that listeners could be attached anywhere in it.
 *
 * A turn is what the synchronous program did in one go: from where the loop calls a function to where that function ends, or awaits something itself. It
 * consists of the frames that are suspended on top of each other.
 *
 * See docs/decisions/0029-what-a-turn-makes-stays-silent.md.
 */
import { types } from 'node:util';
import { inCommon } from '../../twin/common.js';
import { type Callable, type Follower, type Frame, followTurns } from '../../twin/protocol.js';
import { nextTick, queueMicrotask } from '../nextTick.js';
import { type Silence, silenceEmitters } from './silence.js';

/** The genuine `then`, which the program may replace. */
const { then } = Promise.prototype;

class Turn {
  /** How many suspensions have to be over before the silence ends. */
  suspended = 0;
  held: Silence[] = [];
  /** True for one tick after the last suspension, while the frames go on as far as they can without the event loop. */
  isEnding = false;
  /** The number of the last entry of {@link Turns.made} that it has silenced. */
  seen = 0;
  /** Set if it has been merged into another turn. */
  whole: Turn | undefined;
}

interface Made {
  readonly value: unknown;
  /** The frame that has made it, if that may suspend. */
  readonly frame: Frame | undefined;
  readonly number: number;
}

interface Turns {
  /** What has been made since the last tick. Any frame that suspends until the next tick may have called the code that has made it. */
  made: Made[];
  /** How much has been made so far. */
  count: number;
  /** Whether the suspension that is now passed from an inner frame to the frames around it has been counted in {@link Turn.suspended}. */
  isCounted: boolean;
}

/** Of all copies of this package in the process. */
const turns = inCommon<Turns>('turns/1', () => ({ made: [], count: 0, isCounted: false }));

/** Follows the turns of the process from now on. Compiled modules that make emitters call it first of all. */
export function hushing(): void {
  followTurns(follower);
}

const follower: Follower = {
  suspend: suspendIn,
  begin: () => {
    turns.isCounted = false;
    return new Turn();
  },
};

/**
 * Notes that `value` has just been made: if the turn suspends, it is silent until the turn is over.
 *
 * @param value any value; it is ignored if it is neither an emitter nor a list of emitters
 * @param frame the frame that has made it
 * @returns `value`
 */
export function hush<T>(value: T, frame?: Frame): T {
  if (turns.made.length === 0) nextTick(forgetSoon);
  turns.made.push({ value, frame, number: ++turns.count });
  // The turn has suspended before, and what it has made is silent: events of `value` must not come before theirs.
  const turn = frame?.turn === undefined ? undefined : wholeOf(frame.turn as Turn);
  if (turn !== undefined && turn.held.length > 0) silenceIn(turn, value);
  return value;
}

/** Ends the silence of everything that the turn of a frame has made, because the frame is about to wait for its events. */
export function tell(frame: Frame | undefined): void {
  if (frame === undefined) return;
  turns.made = turns.made.filter((made) => made.frame !== frame);
  if (frame.turn !== undefined) endSilences(wholeOf(frame.turn as Turn));
}

/** A frame for an `async` function that begins. */
export function entered(): Frame {
  return { since: turns.count };
}

/**
 * Called where an `async` function awaits something itself: the function leaves its turn.
 *
 * @returns `value`, which is then awaited
 */
export function leave<T>(value: T, frame: Frame | undefined): T {
  if (frame === undefined) return value;
  frame.since = undefined;
  if (frame.turn === undefined) return value;
  const turn = wholeOf(frame.turn as Turn);
  frame.turn = undefined;
  nextTick(endIfOver, turn);
  return value;
}

/** Forgets one tick after the pending promise callbacks, because these belong to the same turn. They run after the first tick. */
function forgetSoon(): void {
  queueMicrotask(() => nextTick(forget));
}

function forget(): void {
  turns.made = [];
}

function wholeOf(turn: Turn): Turn {
  let whole = turn;
  while (whole.whole !== undefined) whole = whole.whole;
  return whole;
}

/** Merges the turns of two frames one of which has called the other. */
function united(first: Turn | undefined, second: Turn | undefined): Turn {
  if (first === undefined || second === undefined) return wholeOf(first ?? second ?? new Turn());
  const whole = wholeOf(first);
  const part = wholeOf(second);
  if (part === whole) return whole;
  part.whole = whole;
  whole.suspended += part.suspended;
  for (const silence of part.held) whole.held.push(silence);
  whole.seen = Math.min(whole.seen, part.seen);
  return whole;
}

/**
 * A frame suspends.
 *
 * @param inner the turn of the frame that has suspended before, which this one has called; undefined where it has called something else
 */
function suspendIn(pending: Promise<unknown>, frame: Frame, inner: unknown): Turn {
  const turn = united(frame.turn as Turn | undefined, inner as Turn | undefined);
  frame.turn = turn;
  takeOver(turn, frame);
  // Only the innermost suspension is counted; the outer frames wait for it.
  const isCounted = inner !== undefined && turns.isCounted;
  turns.isCounted = isCounted || turn.held.length > 0;
  if (isCounted || turn.held.length === 0) return turn;
  turn.suspended++;
  const resume = (): void => {
    const whole = wholeOf(turn);
    whole.suspended--;
    if (whole.suspended === 0) nextTick(endSoon, whole);
  };
  // Called before the frame goes on, because this reaction is added before that of its `await`. It is added to one promise only, because V8 cannot follow a stack through a promise with two reactions.
  const handle = types.isPromise(pending) ? then : ((pending as Promise<unknown>).then as Callable);
  Reflect.apply(handle, pending, [resume, resume]);
  return turn;
}

/** Silences everything that may have been made in `turn`. What the suspending frame has certainly made is not left to other turns. */
function takeOver(turn: Turn, frame: Frame): void {
  const { since } = frame;
  frame.since = undefined;
  if (turns.made.length === 0) return;
  const isOwn = (made: Made) => made.frame === frame || (since !== undefined && made.number > since);
  for (const made of turns.made) {
    if (made.number > turn.seen) silenceIn(turn, made.value);
  }
  turn.seen = turns.count;
  if (turns.made.some(isOwn)) turns.made = turns.made.filter((made) => !isOwn(made));
}

function silenceIn(turn: Turn, value: unknown): void {
  const isSuspended = (): boolean => {
    const { suspended, isEnding } = wholeOf(turn);
    return isEnding || suspended > 0;
  };
  for (const silence of silenceEmitters(value, isSuspended)) turn.held.push(silence);
}

/** Waits for the ticks that the frames have left behind. */
function endSoon(turn: Turn): void {
  const whole = wholeOf(turn);
  whole.isEnding = true;
  nextTick(endIfOver, whole);
}

/** Runs in a tick, after all promise callbacks: by then the frames have gone on to their ends, to an `await` of their own, or have suspended again. */
function endIfOver(turn: Turn): void {
  const whole = wholeOf(turn);
  whole.isEnding = false;
  if (whole.suspended === 0) endSilences(whole);
}

function endSilences(turn: Turn): void {
  const { held } = turn;
  turn.held = [];
  for (const silence of held) silence.end();
}
