/** What the callback forms of node:fs report otherwise than the blocking forms do, where the call must not be repeated to find out. */
import { asTwinsCall } from '../../monitor/twinForm.js';
import { isError } from '../../twin/objects.js';
import type { Callable } from '../../twin/protocol.js';
import type { Done } from '../offload.js';

/** A descriptor that no process has. */
const NO_DESCRIPTOR = 0x7fffffff;

type SystemFailure = Error & { readonly syscall?: unknown; path?: unknown };

/**
 * Hands on the failure of a call.
 *
 * @param original the blocking form
 * @param args what it was called with
 */
export type Tell = (error: unknown, original: Callable, args: readonly unknown[], done: Done) => void;

/**
 * Of calls that write. Which keys an error has in which order, and whether nothing is written to no effect or not at all, depends on the
 * Node and on the data: the blocking form tells, of a descriptor that is none.
 */
export const tellOfWriting: Tell = (error, original, args, done) => {
  if (!failedIn('write', error)) {
    done(error);
    return;
  }
  try {
    Reflect.apply(asTwinsCall(original), undefined, [NO_DESCRIPTOR, ...args.slice(1)]);
    // It does not write.
    done(undefined);
  } catch (sample) {
    if (failedIn('write', sample)) reorder(error, Object.keys(sample));
    done(error);
  }
};

/** Of reading a whole file: the callback form tells the path where a read fails (Node 26), as the blocking form does not. */
export const tellOfReading: Tell = (error, _original, _args, done) => {
  if (failedIn('read', error) && typeof error.path === 'string') {
    const { message, path } = error;
    const plainly = message.slice(0, -` '${path}'`.length);
    error.stack = error.stack?.replace(message, () => plainly) ?? '';
    error.message = plainly;
    delete error.path;
  }
  done(error);
};

function failedIn(syscall: string, error: unknown): error is SystemFailure {
  return isError(error) && (error as SystemFailure).syscall === syscall;
}

/** Sets own properties again, those of `keys` first. */
function reorder(error: object, keys: readonly string[]): void {
  const fields = error as Record<string, unknown>;
  for (const key of [...keys, ...Object.keys(fields).filter((own) => !keys.includes(own))]) {
    if (!Object.hasOwn(fields, key)) continue;
    const value = fields[key];
    delete fields[key];
    fields[key] = value;
  }
}
