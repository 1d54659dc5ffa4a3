/** Patching the drivers that a program has. */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pack } from '../packs/install.js';
import { set } from './settings.js';
import { waitEventLoop } from './waitCallback.js';

const DRIVERS = ['libpq', 'pg-native'] as const;

/**
 * Links the blocking functions of libpq and pg-native to forms that wait on the event loop, and has all connections wait so: what
 * psycogreen's `patch_psycopg()` does. Compiled modules that import a driver do it by themselves; this is for drivers that only
 * uncompiled packages import.
 *
 * @param from the file or directory from which the drivers are looked for; the working directory by default
 * @returns the names of the drivers that were found
 */
export function patchPg(from: string = join(process.cwd(), 'index.js')): string[] {
  const load = createRequire(from);
  set({ waitCallback: waitEventLoop }, undefined);
  return DRIVERS.filter((name) => {
    const exports = tryToLoad(load, name);
    pack(name, exports);
    return exports !== undefined;
  });
}

function tryToLoad(load: NodeJS.Require, name: string): unknown {
  try {
    return load(name);
  } catch (error) {
    // A driver that is there and does not load is a mistake to be seen.
    if ((error as NodeJS.ErrnoException).code === 'MODULE_NOT_FOUND') return undefined;
    throw error;
  }
}
