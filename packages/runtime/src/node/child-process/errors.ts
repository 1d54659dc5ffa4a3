/** System errors by their codes. */
import { constants } from 'node:os';

/** The negative error number that libuv reports for a code such as `ENOENT`. */
export function errno(code: string): number {
  return -((constants.errno as Readonly<Record<string, number>>)[code] ?? 0);
}
