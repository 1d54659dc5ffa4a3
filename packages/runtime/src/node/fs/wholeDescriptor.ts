/** Reading all that is left behind a descriptor: readFile does not tell when that fails. */
import fs from 'node:fs';
import type { Done } from '../offload.js';

const CHUNK = 64 * 1024;

/**
 * Reads as readFileSync does: a regular file up to its size, anything else up to its end.
 *
 * @param options those of readFileSync
 * @throws for options that readFileSync refuses or has to heed itself
 */
export function readDescriptor(fd: number, options: unknown, done: Done): void {
  const encoding = encodingOf(options);
  if (!isEncoding(encoding) || namesBuffer(options)) throw new TypeError('left to the blocking form');
  fs.fstat(fd, (error, stats) => {
    if (error) {
      done(error);
      return;
    }
    const size = stats.isFile() ? stats.size : 0;
    const chunks: Buffer[] = [];
    let length = 0;
    const next = (): void => {
      const chunk = Buffer.allocUnsafeSlow(size === 0 ? CHUNK : size - length);
      fs.read(fd, chunk, 0, chunk.length, null, (failure, count) => {
        if (failure) {
          done(failure);
          return;
        }
        chunks.push(chunk.subarray(0, count));
        length += count;
        if (count > 0 && (size === 0 || length < size)) {
          next();
          return;
        }
        const whole = chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks);
        done(undefined, encoding === undefined ? whole : whole.toString(encoding));
      });
    };
    next();
  });
}

/** Whether the program says where to read to, which later Nodes heed. */
function namesBuffer(options: unknown): boolean {
  return typeof options === 'object' && (options as { buffer?: unknown } | null)?.buffer !== undefined;
}

function encodingOf(options: unknown): unknown {
  const encoding = typeof options === 'object' ? (options as { encoding?: unknown } | null)?.encoding : options;
  return encoding === null || encoding === '' ? undefined : encoding;
}

function isEncoding(encoding: unknown): encoding is BufferEncoding | undefined {
  return encoding === undefined || (typeof encoding === 'string' && Buffer.isEncoding(encoding));
}
