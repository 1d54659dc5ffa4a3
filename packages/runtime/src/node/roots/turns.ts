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
import { nextTick } from '../nextTick.js';
import { type Hold, keepSilent } from './holding.js';

/** That of the language: programs may replace it, or the promises that build tools make of `async` functions. */
const { then } = Promise.prototype;

class Turn {
  /** Those of its suspensions that have to be over before it tells what it has made. */
  suspended = 0;
  held: Hold[] = [];
  /** The turn that this one has turned out to be a part of. */
  whole: Turn | undefined;
}

interface Made {
  readonly value: unknown;
  /** In which frame, if in one that may suspend. */
  readonly frame: Frame | undefined;
}

interface Turns {
  /** What has been made since the last tick, and whose turn is not known: whoever suspends until the next one may have called what has made it. */
  made: Made[];
  /** Whether the suspension that is being handed from frame to frame is one of those that are counted. */
  isCounted: boolean;
}

/** Of all copies of this package in the process. */
const turns = inCommon<Turns>('turns/1', () => ({ made: [], isCounted: false }));

/** Follows the turns of the process from now on. Modules that make something call it before they do anything else. */
export function hushing(): void {
  followTurns(follower);
}

const follower: Follower = {
  suspend: suspendIn,
  begin: () => new Turn(),
  join: (frame, turn) => {
    frame.turn = united(frame.turn as Turn | undefined, turn as Turn);
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
  if (turns.made.length === 0) nextTick(forget);
  turns.made.push({ value, frame });
  return value;
}

/** Lets all that has been made in the turn of a frame tell what it has to: the frame is about to wait for it. */
export function tell(frame: Frame | undefined): void {
  if (frame?.turn !== undefined) release(wholeOf(frame.turn as Turn));
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
  whole.held.push(...part.held);
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
  if (turns.made.length > 0) {
    for (const { value } of turns.made) turn.held.push(...keepSilent(value, () => wholeOf(turn).suspended > 0));
    turns.made = turns.made.filter((made) => made.frame !== frame);
  }
  // One that tells when it is over is enough for all frames.
  const isCounted = inner !== undefined && turns.isCounted;
  turns.isCounted = isCounted || turn.held.length > 0;
  if (isCounted || turn.held.length === 0) return turn;
  turn.suspended++;
  const resume = (): void => {
    const whole = wholeOf(turn);
    whole.suspended--;
    if (whole.suspended === 0) nextTick(endIfOver, whole);
  };
  // Before the frame goes on. Only here: of a promise that two wait for, V8 does not tell in stacks who does.
  const handle = types.isPromise(pending) ? then : ((pending as Promise<unknown>).then as Callable);
  Reflect.apply(handle, pending, [resume, resume]);
  return turn;
}

/** Promise callbacks come before ticks: the frames have gone on by then, to their ends or to what they await themselves. */
function endIfOver(turn: Turn): void {
  if (wholeOf(turn).suspended === 0) release(wholeOf(turn));
}

function release(turn: Turn): void {
  const { held } = turn;
  turn.held = [];
  for (const hold of held) hold.end();
}
