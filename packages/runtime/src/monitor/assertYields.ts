/** For tests: a function must not hold the event loop. */
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { SUSPENDED, takeOutermost, twinOf, unbox } from '../twin/protocol.js';
import { type BlockedCall, CALL_CHANNEL, type HeldLoop } from './channels.js';
import { describeCall, describeTime } from './report.js';
import { watchCalls } from './watchCalls.js';
import { watchLoop } from './watchLoop.js';

/** What {@link assertYields} throws. */
export class BlockedLoopError extends Error {
  override readonly name = 'BlockedLoopError';
  /** The blocking calls that were seen, longest first. */
  readonly calls: readonly BlockedCall[];
  /** For how many milliseconds the event loop was held at most. */
  readonly duration: number;

  constructor(duration: number, limit: number, calls: readonly BlockedCall[], options: ErrorOptions) {
    const named = calls.slice(0, 5).map((call) => `\n  ${describeCall(call)}`);
    const what = calls.length === 0 ? ': no blocking call was seen, so JavaScript held it' : ` in${named.join('')}`;
    super(`The event loop was held for ${describeTime(duration)}, longer than ${describeTime(limit)}${what}`, options);
    this.duration = duration;
    this.calls = calls;
  }
}

export interface YieldLimits {
  /** Milliseconds for which the event loop may be held; 50 by default, and 5 at least. */
  readonly limit?: number;
}

/**
 * Runs `fn`, in its asynchronous form where it has one, and waits for what it returns. Whatever else runs in the process meanwhile counts, too.
 * The blocking functions of Node are watched from the first call on: those that a module has taken before, by destructuring `require`, are held
 * against `fn` without their names.
 *
 * @returns what `fn` returns or resolves to
 * @throws {BlockedLoopError} if the event loop was held for longer than the limit, with what `fn` throws as its cause; else what `fn` throws or
 *   rejects with
 * @throws {RangeError} if the limit is too low to be measured
 */
export async function assertYields<T>(fn: () => T, { limit = 50 }: YieldLimits = {}): Promise<Awaited<T>> {
  if (!(limit >= 5)) throw new RangeError(`assertYields: the limit is ${limit} ms. Set it to 5 or more.`);
  const calls: BlockedCall[] = [];
  const stretches: HeldLoop[] = [];
  const listen = (call: unknown): void => {
    calls.push(call as BlockedCall);
  };
  watchCalls(1);
  subscribe(CALL_CHANNEL, listen);
  const watch = watchLoop({ limit, onHeld: (stretch) => stretches.push(stretch) });
  const outcome = await settled(fn);
  watch.stop();
  unsubscribe(CALL_CHANNEL, listen);
  const longest = Math.max(0, ...[...stretches, ...calls].map(({ duration }) => duration));
  if (longest >= limit) {
    calls.sort((a, b) => b.duration - a.duration);
    throw new BlockedLoopError(longest, limit, calls, 'error' in outcome ? { cause: outcome.error } : {});
  }
  if ('error' in outcome) throw outcome.error;
  return outcome.value;
}

type Outcome<T> = { readonly value: T } | { readonly error: unknown };

async function settled<T>(fn: () => T): Promise<Outcome<Awaited<T>>> {
  try {
    const result = (twinOf(fn) ?? fn)();
    return { value: (result === SUSPENDED ? unbox(await takeOutermost()) : await result) as Awaited<T> };
  } catch (error) {
    return { error };
  }
}
