/** An error for people: bad input or configuration, told in one message that names the place and the remedy. */
export class UnblockError extends Error {
  override readonly name = 'UnblockError';
  /** Stable identifier, such as `syntax-error`. */
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** A defect of the compiler itself; `cause` is what was thrown. */
export class InternalError extends Error {
  override readonly name = 'InternalError';
  readonly fileName: string;

  constructor(fileName: string, cause: unknown) {
    super(`${fileName}: internal error: ${messageOf(cause)}`, { cause });
    this.fileName = fileName;
  }
}

/** Whether a file nests more deeply than the stack of the process has room for. */
export function isTooDeep(error: unknown): error is InternalError {
  return error instanceof InternalError && error.cause instanceof RangeError && /call stack/i.test(error.cause.message);
}

/**
 * Does `work` on behalf of one source file.
 *
 * @throws {UnblockError} as it comes
 * @throws {InternalError} for anything else, so that the file is named
 */
export function compiling<T>(fileName: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof UnblockError || error instanceof InternalError) throw error;
    throw new InternalError(fileName, error);
  }
}

/** What an error says, without a full stop at its end; anything can be thrown. */
export function messageOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).replace(/\.$/, '');
}
