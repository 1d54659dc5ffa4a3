import { types } from 'node:util';

/** Whether the language takes a value for an object. */
export function isObject(value: unknown): value is object {
  return (typeof value === 'object' && value !== null) || typeof value === 'function';
}

/** Whether a value is an error, of whichever realm: Node's own are those of the main one. */
export function isError(value: unknown): value is Error {
  return value instanceof Error || types.isNativeError(value);
}
