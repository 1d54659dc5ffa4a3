/** Adapters of node:http2. Only programs that import the module have it loaded: it looks at the standard error, and from then on a pipe no longer blocks. */

import { linkServers } from '../node/roots/callbacks.js';
import { linkPaths } from '../node/roots/resolve.js';
import { uncaughtCallback } from '../node/roots/wrap.js';
import type { Callable } from '../twin/protocol.js';

/** Links those of `http2`, the exports of the module or a namespace object with them. */
export function applyHttp2(http2: unknown): void {
  const exports = ((http2 as { default?: unknown }).default ?? http2) as Readonly<Record<string, Callable>>;
  linkPaths(
    exports,
    'connect Http2ServerRequest.prototype.setTimeout Http2ServerResponse.prototype.write ' +
      'Http2ServerResponse.prototype.end Http2ServerResponse.prototype.setTimeout',
    'last',
    uncaughtCallback,
  );
  linkServers(exports, 'createServer createSecureServer', 'concurrent');
}
