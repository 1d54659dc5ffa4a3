/** Twins of the package pg-native: what its functions do, over the twins of its connection's. */
import { bag, mainExport } from '../packs/exports.js';
import { type Callable, linkTwin, SUSPENDED, suspend, take, twinOf } from '../twin/protocol.js';
import type { Libpq } from './driver.js';
import { applyLibpq } from './libpq.js';
import { SILENT, whenAnswering } from './roundTrip.js';

interface NativeClient {
  readonly pq: Libpq & Readonly<Record<string, Callable>>;
  _consumeQueryResults(pq: Libpq): { readonly rows: readonly unknown[] };
}

/** Calls a function of the connection, in the form that does not block, and then `after`. */
function call(client: NativeClient, name: string, args: readonly unknown[], after: () => unknown): unknown {
  const { pq } = client;
  applyLibpq(pq.constructor);
  const result = Reflect.apply(twinOf(pq[name]) ?? (pq[name] as Callable), pq, args);
  return result === SUSPENDED ? suspend(take().then(after)) : after();
}

function throwIfError(pq: Libpq): void {
  const message = pq.resultErrorMessage() || pq.errorMessage();
  if (message) throw new Error(message);
}

function rowsOf(client: NativeClient): unknown {
  throwIfError(client.pq);
  return client._consumeQueryResults(client.pq).rows;
}

type Method = (client: NativeClient, args: readonly unknown[], block: () => unknown) => unknown;

const METHODS: Readonly<Record<string, Method>> = {
  connectSync: (client, [parameters]) => call(client, 'connectSync', [parameters], () => undefined),
  querySync: (client, [text, values]) =>
    values
      ? call(client, 'execParams', [text, values], () => rowsOf(client))
      : call(client, 'exec', [text], () => rowsOf(client)),
  prepareSync: (client, [name, text, parameters]) =>
    call(client, 'prepare', [name, text, parameters], () => throwIfError(client.pq)),
  executeSync: (client, [name, values]) => call(client, 'execPrepared', [name, values], () => rowsOf(client)),
  cancel: (client, [done], block) =>
    typeof done === 'function'
      ? whenAnswering(client.pq, block, () => setImmediate(() => done(new Error(SILENT))))
      : block(),
};

/** Links the blocking functions of `pg-native`, the package's main export. */
export function applyPgNative(pgNative: unknown): void {
  const { prototype } = bag(mainExport(pgNative));
  for (const [name, method] of Object.entries(METHODS)) {
    const original = bag(prototype)[name];
    if (typeof original !== 'function' || typeof bag(prototype)._consumeQueryResults !== 'function') continue;
    linkTwin(original as Callable, function (this: NativeClient, ...args: unknown[]): unknown {
      return method(this, args, () => Reflect.apply(original, this, args));
    });
  }
}
