/** Postgres in blocking style: `@unblock/runtime/pg`. */
import { set } from './settings.js';
import type { WaitCallback } from './waitCallback.js';

export { Client, type ClientOptions, type Row } from './client/client.js';
export { ConnectionBusyError, PoolTimeoutError, PostgresError, QueryTimeoutError } from './errors.js';
export { patchPg } from './patch.js';
export { Pool, type PooledClient, type PoolOptions } from './pool.js';
export {
  POLL_OK,
  POLL_READ,
  POLL_WRITE,
  type PollState,
  type WaitCallback,
  type WaitingConnection,
  waitBlocking,
  waitEventLoop,
} from './waitCallback.js';

/**
 * Sets how compiled code waits for commands of libpq and pg-native: psycopg2's `set_wait_callback`.
 *
 * @param callback null: as the drivers do, blocking the event loop
 * @param connection a connection of libpq, or a client of pg-native; without, all that have no callback of their own
 */
export function setWaitCallback(callback: WaitCallback | null, connection?: object): void {
  set({ waitCallback: callback }, connectionOf(connection));
}

export interface QueryOptions {
  /** Milliseconds that a command may take, waiting for its turn included; null, the default: as long as it takes. */
  readonly queryTimeout?: number | null;
  /**
   * What a call does while another flow's is under way on the same connection: `queue`, the default, waits until that is done
   * and in no transaction; `refuse` throws a {@link ConnectionBusyError}.
   */
  readonly concurrentUse?: 'queue' | 'refuse';
  /** Milliseconds that a queued call waits; 30 seconds by default. Then it throws a {@link ConnectionBusyError}. */
  readonly queueTimeout?: number;
}

/**
 * Sets options of commands, as compiled code runs them.
 *
 * @param connection as for {@link setWaitCallback}
 */
export function setQueryOptions(options: QueryOptions, connection?: object): void {
  set(options, connectionOf(connection));
}

/** The connection of a client of pg-native. */
function connectionOf(given: object | undefined): object | undefined {
  const { pq } = (given ?? {}) as { readonly pq?: unknown };
  return typeof pq === 'object' && pq !== null ? pq : given;
}
