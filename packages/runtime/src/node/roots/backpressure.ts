/**
 * Streams whose listeners are suspended: what such a stream has for them stays in it. It reads no further than it would for a program that has paused it, and
 * the program may still pause it, end it, or give it something back.
 */
import { Readable } from 'node:stream';

/** A part of the state of Node's streams, from Node 20 to 26. */
interface State {
  flowing: boolean | null;
  readonly objectMode: boolean;
  readonly encoding: BufferEncoding | null;
  readonly destroyed: boolean;
  readonly errored: Error | null | undefined;
  readonly endEmitted: boolean;
}

function stateOf(stream: Readable): State {
  return (stream as unknown as { _readableState: State })._readableState;
}

const halted = new WeakSet<Readable>();

/**
 * Puts a chunk back into the stream that gives it, which gives no more until {@link resumeFlow}.
 *
 * @returns false for what is no stream that flows: it gives what it has all the same
 */
export function pushBack(emitter: object, chunk: unknown): emitter is Readable {
  if (!(emitter instanceof Readable)) return false;
  const state = stateOf(emitter);
  // What the program emits itself may be anything.
  const isChunk = state.objectMode || typeof chunk === 'string' || chunk instanceof Uint8Array;
  if (!isChunk || state.flowing !== true || state.destroyed || state.errored || state.endEmitted) return false;
  // As before anybody has listened: `false` would say that the program has paused it.
  state.flowing = null;
  halted.add(emitter);
  emitter.unshift(chunk, state.encoding ?? undefined);
  return true;
}

/**
 * Lets a stream that flows, or was halted, tell what it has before anything else is told of it, unless the program has stopped or ended it meanwhile.
 *
 * @param tell tells of what a stream that has failed since then had before
 */
export function resumeFlow(stream: Readable, tell: (chunk: unknown) => void): void {
  const state = stateOf(stream);
  const wasHalted = halted.delete(stream);
  if (state.flowing === false || (state.flowing === null && !wasHalted)) return;
  if (state.errored) {
    for (let chunk: unknown = stream.read(); chunk !== null; chunk = stream.read()) tell(chunk);
    return;
  }
  // Whoever ends a stream wants no more of it.
  if (stream.destroyed) return;
  if (state.flowing === null) stream.resume();
  while (state.flowing && stream.read() !== null);
}
