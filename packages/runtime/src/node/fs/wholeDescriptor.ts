/** Reading all that is left behind a descriptor: readFile does not tell when that fails. */
import fs from 'node:fs';
import type { Done } from '../offload.js';

const CHUNK = 64 * 1024;

/**
 * Reads as readFileSync does: a regular file up to its size, anything else up to its end.
 *
 * @param options those of readFileSync
 * @throws what readFileSync throws for options that it refuses
 */
export function readDescriptor(fd: number, options: unknown, done: Done): void {
  const encoding = encodingOf(options);
  if (!isEncoding(encoding)) throw new TypeError('the blocking form says what is wrong');
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
        done(undefined, encoding === undefined || encoding === 'buffer' ? whole : whole.toString(encoding));
      });
    };
    next();
  });
}

function encodingOf(options: unknown): unknown {
  const encoding = typeof options === 'object' ? (options as { encoding?: unknown } | null)?.encoding : options;
  return encoding === null || encoding === '' ? undefined : encoding;
}

function isEncoding(encoding: unknown): encoding is BufferEncoding | 'buffer' | undefined {
  return (
    encoding === undefined || encoding === 'buffer' || (typeof encoding === 'string' && Buffer.isEncoding(encoding))
  );
}
