/** Loading modules of Node's that look at the standard error when they are loaded. */
import { isatty } from 'node:tty';

/** What Node asks it. */
const NO_TERMINAL = { isTTY: false };

/**
 * What `load` returns. Meanwhile the standard error cannot be seen: Node asks it for colours, and to look at it opens it, whereupon a pipe no longer blocks
 * whoever writes to its descriptor. A terminal may be looked at.
 */
export function quietly<T>(load: () => T): T {
  const own = Object.getOwnPropertyDescriptor(process, 'stderr');
  if (own?.get === undefined || own.configurable !== true || isatty(2)) return load();
  Object.defineProperty(process, 'stderr', { ...own, get: () => NO_TERMINAL });
  try {
    return load();
  } finally {
    Object.defineProperty(process, 'stderr', own);
  }
}
