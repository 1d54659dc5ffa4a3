/** Sockets with `allowHalfOpen: false`: Node ends them when the other side has ended. */
import { Duplex } from 'node:stream';
import { nextTick } from '../nextTick.js';

/** Sockets whose end has been taken over by a caller of {@link postponeEnd}. */
const postponed = new WeakSet<Duplex>();

/**
 * Keeps Node from ending a socket right after its `end` event, because listeners that wait or are suspended may still write to it.
 *
 * @returns ends the socket unless the program has; undefined if Node would not end it, or if an earlier caller has been given that function
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
