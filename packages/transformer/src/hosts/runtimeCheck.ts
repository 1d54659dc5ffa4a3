/** Whether compiled code will find what it imports. */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { UnblockError } from '../errors.js';

/**
 * @param places directories from one of which the runtime has to be found
 * @param runtime specifier from which compiled code imports
 * @throws {UnblockError} `no-runtime`
 */
export function requireRuntime(places: readonly string[], runtime: string): void {
  for (const place of places) {
    try {
      createRequire(join(place, 'package.json')).resolve(runtime);
      return;
    } catch {
      // The next one.
    }
  }
  throw new UnblockError(
    'no-runtime',
    `${places.at(-1)}: ${runtime}, which compiled code imports, cannot be found from here. Install @unblock/runtime, or correct the option runtime.`,
  );
}
