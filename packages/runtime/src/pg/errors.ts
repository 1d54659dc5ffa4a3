/** Errors of the Postgres adapters. None of them carries a connection string, a password or a parameter. */

/** A query did not end within its time. The server was asked to cancel it; the connection is usable, or closed. */
export class QueryTimeoutError extends Error {
  override readonly name = 'QueryTimeoutError';
  readonly code = 'ERR_UNBLOCK_PG_TIMEOUT';
}

/** A connection is in use by another flow of control. */
export class ConnectionBusyError extends Error {
  override readonly name = 'ConnectionBusyError';
  readonly code = 'ERR_UNBLOCK_PG_BUSY';
}

/** What the server, or the way to it, says of a failed command: the fields of the error of the package pg, such as `code` and `detail`. */
export class PostgresError extends Error {
  override readonly name = 'PostgresError';
  /** SQLSTATE, or the code of a system error. */
  readonly code: string | undefined = undefined;
}

/** No connection of a pool became free in time. */
export class PoolTimeoutError extends Error {
  override readonly name = 'PoolTimeoutError';
  readonly code = 'ERR_UNBLOCK_PG_POOL';
}
