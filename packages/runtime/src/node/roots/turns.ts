/**
 * What is made in a turn of the event loop stays silent until that turn is over, however often the functions that run in it are suspended: where they
 * blocked, nobody could miss what it tells, however late he began to listen.
 *
 * A turn is what the synchronous program did in one go: from where the loop calls a function to where that ends, or awaits something itself. It is known
 * by the frames that are suspended on top of each other.
 *
 * See docs/decisions/0029-what-a-turn-makes-stays-silent.md.
 */
import { types } from 'node:util';
import { inCommon } from '../../twin/common.js';
import { type Callable, type Follower, type Frame, followTurns } from '../../twin/protocol.js';
import { nextTick, queueMicrotask } from '../nextTick.js';
import { type Silence, silenceEmitters } from './silence.js';

/** That of the language: programs may replace it, or the promises that build tools make of `async` functions. */
const { then } = Promise.prototype;

class Turn {
  /** Those of its suspensions that have to be over before it tells what it has made. */
  suspended = 0;
  held: Silence[] = [];
  /** Whether its frames have gone on as far as they can without the loop. */
  isEnding = false;
  /** The number of the last of {@link Turns.made} that it has taken over. */
  seen = 0;
  /** The turn that this one has turned out to be a part of. */
  whole: Turn | undefined;
}

interface Made {
  readonly value: unknown;
  /** In which frame, if in one that may suspend. */
  readonly frame: Frame | undefined;
  readonly number: number;
}

interface Turns {
  /** What has been made since the last tick, and whose turn is not known: whoever suspends until the next one may have called what has made it. */
  made: Made[];
  /** How much has been made so far. */
  count: number;
  /** Whether the suspension that is being handed from frame to frame is one of those that are counted. */
  isCounted: boolean;
}

/** Of all copies of this package in the process. */
const turns = inCommon<Turns>('turns/1', () => ({ made: [], count: 0, isCounted: false }));

/** Follows the turns of the process from now on. Modules that make something call it before they do anything else. */
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
 * Keeps silent what has just been made, until the turn is over. Nothing happens as long as nothing suspends.
 *
 * @param value any value: what is no emitter, nor a list of them, is left alone
 * @param frame in which it has been made
 * @returns `value`
 */
export function hush<T>(value: T, frame?: Frame): T {
  if (turns.made.length === 0) nextTick(forgetSoon);
  turns.made.push({ value, frame, number: ++turns.count });
  // What its turn has made before comes first, and is silent still.
  const turn = frame?.turn === undefined ? undefined : wholeOf(frame.turn as Turn);
  if (turn !== undefined && turn.held.length > 0) silenceIn(turn, value);
  return value;
}

/** Lets all that has been made in the turn of a frame tell what it has to: the frame is about to wait for it. */
export function tell(frame: Frame | undefined): void {
  if (frame === undefined) return;
  turns.made = turns.made.filter((made) => made.frame !== frame);
  if (frame.turn !== undefined) endSilences(wholeOf(frame.turn as Turn));
}

/** The frame of an `async` function, which begins. */
export function entered(): Frame {
  return { since: turns.count };
}

/**
 * An `async` function awaits something itself: its turn is over, and so is what runs in the microtasks that follow.
 *
 * @returns `value`, which it awaits
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

/** Behind the callbacks of promises that the job of the loop has left: they come after the first of its ticks, and are of the same turn. */
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

/** The turn of two frames one of which has called the other. */
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
  // One that tells when it is over is enough for all frames.
  const isCounted = inner !== undefined && turns.isCounted;
  turns.isCounted = isCounted || turn.held.length > 0;
  if (isCounted || turn.held.length === 0) return turn;
  turn.suspended++;
  const resume = (): void => {
    const whole = wholeOf(turn);
    whole.suspended--;
    if (whole.suspended === 0) nextTick(endSoon, whole);
  };
  // Before the frame goes on. Only here: of a promise that two wait for, V8 does not tell in stacks who does.
  const handle = types.isPromise(pending) ? then : ((pending as Promise<unknown>).then as Callable);
  Reflect.apply(handle, pending, [resume, resume]);
  return turn;
}

/** What has been made, and may have been in a turn, becomes silent with it. */
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

/** Behind the ticks that the frames have left where they have gone on. */
function endSoon(turn: Turn): void {
  const whole = wholeOf(turn);
  whole.isEnding = true;
  nextTick(endIfOver, whole);
}

/** Promise callbacks come before ticks: the frames have gone on by then, to their ends or to what they await themselves. */
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
