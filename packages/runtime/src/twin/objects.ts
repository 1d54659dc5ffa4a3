import { types } from 'node:util';

/** Whether a value is an object of the language, which functions are, too. */
export function isObject(value: unknown): value is object {
  return (typeof value === 'object' && value !== null) || typeof value === 'function';
}

/** Whether a value is an error of any realm. Errors that Node throws belong to the main realm. */
export function isError(value: unknown): value is Error {
  return value instanceof Error || types.isNativeError(value);
}
