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
