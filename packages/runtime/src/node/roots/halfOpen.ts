/** Sockets that Node ends by itself when the other side has ended its own. */
import { Duplex } from 'node:stream';
import { nextTick } from '../nextTick.js';

/** Streams that somebody else ends in time. */
const postponed = new WeakSet<Duplex>();

/**
 * To be called where `end` of `stream` has to wait, or what it starts: right behind it, Node ends a stream that may not be half open, and
 * what is still written would come too late.
 *
 * @returns ends the stream unless somebody has; undefined where Node would not, or somebody has been told to before
 */
export function postponeEnd(stream: object): (() => void) | undefined {
  if (!(stream instanceof Duplex) || stream.allowHalfOpen !== false || postponed.has(stream)) return undefined;
  postponed.add(stream);
  stream.allowHalfOpen = true;
  nextTick(() => {
    stream.allowHalfOpen = false;
  });
  return () => {
    if (stream.writable && !stream.writableEnded && !stream.destroyed) stream.end();
  };
}
