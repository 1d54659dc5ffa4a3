/**
 * `Headers`, which Node loads when a program first reads it, together with its HTTP client: that takes longer than all else that this package does,
 * and looks at the standard error, so that from then on a pipe there no longer blocks.
 */
import { subscribe, unsubscribe } from 'node:diagnostics_channel';

/** Published for each request of `fetch`: the answer has headers, whether or not the program has read the global. */
const REQUESTED = 'undici:request:create';

type HeadersClass = typeof Headers;
const host = globalThis as { Headers: HeadersClass };

/** Calls `loaded` with the class when the program first reads `Headers`, or calls `fetch`. The global is then what it was before. */
export function onHeaders(loaded: (headers: HeadersClass) => void): void {
  const original = descriptor();
  // Has been read, or replaced.
  if (original.get === undefined) {
    loaded(host.Headers);
    return;
  }
  const restore = (): void => {
    unsubscribe(REQUESTED, restore);
    // The program may have put something else in its place.
    if (Object.getOwnPropertyDescriptor(host, 'Headers')?.get !== replacement?.get) return;
    Object.defineProperty(host, 'Headers', original);
    loaded(host.Headers);
  };
  const accessor = {
    get Headers() {
      restore();
      return host.Headers;
    },
    set Headers(value) {
      restore();
      host.Headers = value;
    },
  };
  const replacement = Object.getOwnPropertyDescriptor(accessor, 'Headers');
  // Defining it anew would look at it.
  Reflect.deleteProperty(host, 'Headers');
  Object.defineProperty(host, 'Headers', { ...replacement, enumerable: false });
  subscribe(REQUESTED, restore);
}

/**
 * How the global is defined. Up to Node 20 it is an accessor until it is read. From Node 22 on it is a property that V8 fills in when it is
 * looked at in any way; its value is then taken from a response.
 */
function descriptor(): PropertyDescriptor {
  if (Number.parseInt(process.versions.node, 10) < 22) return Object.getOwnPropertyDescriptor(host, 'Headers') ?? {};
  const define = (value: unknown): void => {
    Object.defineProperty(host, 'Headers', { value, writable: true, enumerable: false, configurable: true });
  };
  return {
    get() {
      define(new Response().headers.constructor);
      return host.Headers;
    },
    set: define,
    configurable: true,
  };
}
