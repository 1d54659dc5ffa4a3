/** What holds for all connections of the process, and for single ones. */
import { inCommon } from '../twin/common.js';
import type { WaitCallback } from './waitCallback.js';

export interface Settings {
  /** How a command waits for the server; null: it blocks the event loop, as the original does. */
  waitCallback: WaitCallback | null;
  /** Milliseconds that a command may take, from its call to its end; null: as long as it takes. */
  queryTimeout: number | null;
  /** What a call does while another flow's is under way on the same connection. */
  concurrentUse: 'queue' | 'refuse';
  /** Milliseconds that a queued call waits for the connection. */
  queueTimeout: number;
}

interface Shared {
  readonly process: Partial<Settings>;
  readonly connections: WeakMap<object, Partial<Settings>>;
}

const shared = inCommon<Shared>('pg.settings/1', () => ({ process: {}, connections: new WeakMap() }));

const QUEUE_TIMEOUT = 30_000;

/** Sets what is given for one connection, or for all that have no setting of their own. */
export function set(settings: Partial<Settings>, connection: object | undefined): void {
  const target = connection === undefined ? shared.process : (shared.connections.get(connection) ?? {});
  if (connection !== undefined) shared.connections.set(connection, target);
  Object.assign(target, settings);
}

/** @param byDefault how commands wait where nobody has said */
export function settingsOf(connection: object, byDefault: WaitCallback): Settings {
  const { process: all } = shared;
  const own = shared.connections.get(connection) ?? all;
  return {
    waitCallback: chosen(own.waitCallback, all.waitCallback, byDefault),
    queryTimeout: chosen(own.queryTimeout, all.queryTimeout, null),
    concurrentUse: chosen(own.concurrentUse, all.concurrentUse, 'queue'),
    queueTimeout: chosen(own.queueTimeout, all.queueTimeout, QUEUE_TIMEOUT),
  };
}

function chosen<T>(own: T | undefined, all: T | undefined, byDefault: T): T {
  if (own !== undefined) return own;
  return all === undefined ? byDefault : all;
}
