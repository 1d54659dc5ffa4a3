/** Applying a pack where compiled code imports a package. */
import { pack as apply } from '../packs/install.js';

/**
 * Applies the pack of the package `name`, if there is one, to what the package exports.
 *
 * @returns `exports`, so that `require(name)` can be wrapped in place
 */
export function pack<T>(name: string, exports: T): T {
  apply(name, exports);
  return exports;
}
