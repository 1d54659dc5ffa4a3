/** From the paths of tables to functions of the running Node. */
import { type Callable, linkRoot } from '../../twin/protocol.js';
import { adapter, type Positions, type Replace } from './wrap.js';

/** What `path` (`Server.prototype.close`) leads to from `from`; undefined where a step is missing. */
export function resolve(from: unknown, path: string): unknown {
  let value = from;
  for (const key of path.split('.')) {
    if (value === undefined || value === null) return undefined;
    value = (value as Record<string, unknown>)[key];
  }
  return value;
}

/**
 * Links adapters to the functions that `paths` (separated by blanks) lead to. Those that are missing here get none.
 *
 * @param prepare see {@link adapter}
 */
export function linkPaths(
  from: unknown,
  paths: string,
  positions: Positions,
  replace: Replace,
  prepare?: (made: unknown) => void,
): void {
  for (const path of paths.split(' ')) {
    const fn = resolve(from, path);
    if (typeof fn === 'function') linkRoot(fn as Callable, adapter(fn as Callable, positions, replace, prepare));
  }
}
