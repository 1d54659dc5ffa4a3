/** Parameters that are patterns, where compiled code destructures them in the body of a function. */

/**
 * A value that is about to be destructured as an object.
 *
 * @param fail a function with this parameter, which fails where the value cannot be destructured, with V8's own message
 */
export function coercible<T>(value: T, fail: (value: never) => void): T {
  if (value === undefined || value === null) fail(value as never);
  return value;
}

/** A value that is about to be destructured as an iterable; see {@link coercible}. */
export function iterable<T>(value: T, fail: (value: never) => void): T {
  if (value === undefined || value === null || !(Symbol.iterator in Object(value))) fail(value as never);
  return value;
}
