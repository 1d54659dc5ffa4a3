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
