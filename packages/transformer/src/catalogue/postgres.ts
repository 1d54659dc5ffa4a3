/** What blocks in the drivers of Postgres, and in the runtime's own client and pool. */

/** Packages whose main export is a class of connections, and the runtime's module with such classes. */
export const POSTGRES_MODULES: readonly string[] = ['libpq', 'pg-native', '@unblock/runtime/pg'];

function methods(cls: string, names: string): string[] {
  return names.split(' ').map((name) => `${cls}.prototype.${name}`);
}

/** Of the runtime: lends a connection to the function that it is given. */
export const WITH_CONNECTION = '@unblock/runtime/pg.Pool.prototype.withConnection';

const OF_CLIENTS = 'connectSync querySync prepareSync executeSync';

/** Blocking functions that have a twin. */
export const POSTGRES_TWINS: readonly string[] = [
  ...methods('libpq', 'connectSync exec execParams prepare execPrepared getResult getCopyData putCopyData putCopyEnd'),
  ...methods('pg-native', OF_CLIENTS),
  ...methods('@unblock/runtime/pg.Client', OF_CLIENTS),
  WITH_CONNECTION,
];

/** Blocking functions of which the packages have no other form. */
export const POSTGRES_BLOCKING: readonly string[] = methods('libpq', 'cancel describePrepared');
