/**
 * Keeps data in a stream while a listener is suspended: the chunk that was about to be delivered is put back. The stream reads ahead no further than a paused one,
 * and the program may still pause it, destroy it or unshift data.
 */
import { Readable } from 'node:stream';

/** The part of the internal state of a readable stream that is used here (Node 20 to 26). */
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
 * Puts the chunk that a flowing stream has just emitted back into the stream, and stops the stream until {@link resumeFlow}.
 *
 * @returns false if `emitter` is not a flowing stream, or `chunk` is not one of its chunks: nothing has been done then
 */
export function pushBack(emitter: object, chunk: unknown): emitter is Readable {
  if (!(emitter instanceof Readable)) return false;
  const state = stateOf(emitter);
  // The program may emit `data` itself, with any value.
  const isChunk = state.objectMode || typeof chunk === 'string' || chunk instanceof Uint8Array;
  if (!isChunk || state.flowing !== true || state.destroyed || state.errored || state.endEmitted) return false;
  // `null` is the state before the first listener; `false` would look as if the program had paused the stream.
  state.flowing = null;
  halted.add(emitter);
  emitter.unshift(chunk, state.encoding ?? undefined);
  return true;
}

/**
 * Stops a flowing stream until {@link resumeFlow}: it would find its end, or read ahead, while a listener of its data is suspended.
 *
 * @returns false if `emitter` is not a flowing stream
 */
export function stopFlow(emitter: object): emitter is Readable {
  if (!(emitter instanceof Readable)) return false;
  const state = stateOf(emitter);
  if (state.flowing !== true || state.destroyed) return false;
  state.flowing = null;
  halted.add(emitter);
  return true;
}

/**
 * Lets a stream flow on, and emits what it has buffered at once, before any other event of it. Does nothing if the program has paused or destroyed the stream meanwhile.
 *
 * @param tell is called with the buffered chunks of a stream that has failed meanwhile: such a stream no longer emits them itself
 */
export function resumeFlow(stream: Readable, tell: (chunk: unknown) => void): void {
  const state = stateOf(stream);
  const wasHalted = halted.delete(stream);
  if (state.flowing === false || (state.flowing === null && !wasHalted)) return;
  if (state.errored) {
    for (let chunk: unknown = stream.read(); chunk !== null; chunk = stream.read()) tell(chunk);
    return;
  }
  // A program that destroys a stream gets no more data from it.
  if (stream.destroyed) return;
  if (state.flowing === null) stream.resume();
  while (state.flowing && stream.read() !== null);
}
