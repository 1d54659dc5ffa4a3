/** Bytes that the program hands to a call that suspends. */

/**
 * Bytes up to which they are copied: that takes some microseconds at most. A blocking call saw no other bytes than those of the time of the call;
 * larger buffers must not be changed until it has ended.
 */
export const COPIED = 128 * 1024;

/** The bytes as they are now, whatever the program writes into them later, if they are few. */
export function bytesAsTheyAre(view: ArrayBufferView): ArrayBufferView {
  const { buffer, byteOffset, byteLength } = view;
  // There is nothing behind a view whose buffer has been transferred.
  return byteLength === 0 || byteLength > COPIED ? view : Buffer.from(new Uint8Array(buffer, byteOffset, byteLength));
}
