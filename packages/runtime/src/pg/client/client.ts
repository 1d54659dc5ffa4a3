/** A client in blocking style over the package pg, with the functions of pg-native. */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { restack } from '../../node/offload.js';
import { box, type Callable, linkTwin, suspend } from '../../twin/protocol.js';
import { PostgresError, QueryTimeoutError } from '../errors.js';
import { interruptibly } from '../interrupting.js';
import { settingsOf } from '../settings.js';
import { busy, inTurn, isTaken } from '../turns.js';
import { waitEventLoop } from '../waitCallback.js';
import {
  type Answer,
  createSessions,
  type PgModule,
  type PlainResult,
  type Request,
  type Sessions,
} from './sessions.js';
import { type SessionWorker, startWorker } from './worker.js';

export interface ClientOptions {
  /** The file or directory from which the package pg is looked for: the program's main file, then the working directory, by default. */
  readonly from?: string;
  /** Rows are arrays of values rather than objects. */
  readonly arrayMode?: boolean;
  /** How values are read from text, by the id of their type; the package pg's own by default. */
  readonly types?: { getTypeParser(id: number): (text: string) => unknown };
}

export type Row = Record<string, unknown>;

interface Driver {
  readonly path: string;
  readonly pg: PgModule & { readonly types: Required<ClientOptions>['types'] };
  readonly here: Sessions;
  worker: SessionWorker | undefined;
}

const drivers = new Map<string, Driver>();
let lastSession = 0;

/** The package pg of the program. */
function driverFrom(from: string | undefined): Driver {
  const places = from === undefined ? [process.argv[1], join(process.cwd(), 'index.js')] : [from];
  for (const place of places) {
    if (place === undefined) continue;
    const load = createRequire(place);
    let path: string;
    try {
      path = load.resolve('pg');
    } catch {
      continue;
    }
    let driver = drivers.get(path);
    if (driver === undefined) {
      const pg = load(path) as Driver['pg'];
      driver = { path, pg, here: createSessions(pg), worker: undefined };
      drivers.set(path, driver);
    }
    return driver;
  }
  throw new Error('The package pg was not found. Install it, or say by the option from where to look for it.');
}

/** What the package takes of a connection URL or an object; `connect_timeout` of URLs counts, in seconds, as in libpq. */
function configOf(given: string | object): object {
  if (typeof given !== 'string') return given;
  const seconds = Number(/[?&]connect_timeout=(\d+)/.exec(given)?.[1] ?? 0);
  return { connectionString: given, connectionTimeoutMillis: seconds * 1000 };
}

/**
 * A connection in blocking style. Code that is not compiled, or has to stay synchronous, blocks: a worker thread runs the package pg. Compiled code
 * suspends, and runs it on the main thread. A connection moves from one to the other as long as nothing has been asked of it.
 */
export class Client {
  readonly #driver: Driver;
  readonly #options: ClientOptions;
  #sessions: Sessions | undefined;
  #session = 0;
  #config: object = {};
  #isFresh = false;
  #isUnwanted = false;
  #status = 'I';
  readonly #prepared = new Map<string, string>();

  constructor(options: ClientOptions = {}) {
    this.#options = options;
    this.#driver = driverFrom(options.from);
  }

  /** Whether the connection is open. */
  get connected(): boolean {
    return this.#sessions !== undefined;
  }

  /** Where queries run, once there was one. Code that has to stay synchronous cannot use `main`, and compiled code is slower on `worker`. */
  get thread(): 'main' | 'worker' | undefined {
    if (!this.connected || this.#isFresh) return undefined;
    return this.#sessions === this.#driver.worker ? 'worker' : 'main';
  }

  /**
   * Connects.
   *
   * @param config a connection URL, or the options of the package pg
   * @throws {PostgresError} why it could not
   */
  connectSync(config: string | object): void {
    this.#begin(config);
    this.#openSync();
  }

  /**
   * Runs a query; of several statements in one text, the rows of the last.
   *
   * @typeParam R what a row is taken for; nobody checks it
   * @param values of `$1`, `$2`..., sent apart from the text
   * @throws {PostgresError} what the server says; {@link QueryTimeoutError}
   */
  querySync<R extends object = Row>(text: string, values?: readonly unknown[]): R[] {
    return this.#rows(this.#askSync('query', text, undefined, values)) as R[];
  }

  /** Prepares a statement under a name. The number of parameters is not needed: it is there for pg-native's sake. */
  prepareSync(name: string, text: string, _parameters?: number): void {
    this.#askSync('prepare', text, name, undefined);
    this.#prepared.set(name, text);
  }

  /** Runs a prepared statement. */
  executeSync<R extends object = Row>(name: string, values: readonly unknown[] = []): R[] {
    return this.#rows(this.#askSync('query', this.#textOf(name), name, values)) as R[];
  }

  /** I outside of transactions, T inside, E inside of a failed one; null where the connection is closed. */
  getTransactionStatus(): string | null {
    return this.connected ? this.#status : null;
  }

  /** Closes the connection. Does not wait for it. */
  end(): void {
    const sessions = this.#sessions;
    this.#sessions = undefined;
    void sessions?.perform({ op: 'end', session: this.#session });
  }

  /** Has the server cancel what it does; closes a connection that is not open yet as soon as it is. */
  #cancel(): void {
    this.#isUnwanted = this.#sessions === undefined;
    void (this.#sessions ?? this.#driver.here).perform({ op: 'cancel', session: this.#session });
  }

  #begin(config: string | object): void {
    if (this.connected) throw new Error('The client is connected already. End it, or make another.');
    this.#config = configOf(config);
    this.#prepared.clear();
    this.#isUnwanted = false;
  }

  #request(): Request & { op: 'connect' } {
    this.#session = ++lastSession;
    return { op: 'connect', session: this.#session, config: this.#config };
  }

  #opened(sessions: Sessions, answer: Answer): void {
    this.#read(answer);
    this.#sessions = sessions;
    this.#isFresh = true;
    this.#status = 'I';
    if (this.#isUnwanted) this.end();
  }

  #openSync(): void {
    this.#driver.worker ??= startWorker(this.#driver.path);
    const { worker } = this.#driver;
    this.#opened(worker, worker.performSync(this.#request()));
  }

  async #open(): Promise<void> {
    const { here } = this.#driver;
    this.#opened(here, await here.perform(this.#request()));
  }

  #command(op: 'query' | 'prepare', text: string, name?: string, values?: readonly unknown[]): Request {
    const { queryTimeout: timeout } = settingsOf(this, waitEventLoop);
    this.#isFresh = false;
    return { op, session: this.#session, text, name, values, timeout };
  }

  #askSync(op: 'query' | 'prepare', text: string, name?: string, values?: readonly unknown[]): PlainResult | undefined {
    if (isTaken(this)) throw busy();
    if (this.connected && this.#sessions !== this.#driver.worker) {
      if (!this.#isFresh) {
        throw new Error(
          'Code that has to stay synchronous cannot use a connection that compiled code has begun to use. Give it a client of its own.',
        );
      }
      this.end();
      this.#openSync();
    }
    const { worker } = this.#driver;
    if (!this.connected || worker === undefined) throw closed();
    return this.#read(worker.performSync(this.#command(op, text, name, values)));
  }

  async #ask(
    op: 'query' | 'prepare',
    text: string,
    name?: string,
    values?: readonly unknown[],
  ): Promise<PlainResult | undefined> {
    if (this.connected && this.#isFresh && this.#sessions !== this.#driver.here) {
      this.end();
      await this.#open();
    }
    if (this.#sessions === undefined) throw closed();
    return this.#read(await this.#sessions.perform(this.#command(op, text, name, values)));
  }

  #textOf(name: string): string {
    return this.#prepared.get(name) ?? '-- a statement that is not known here';
  }

  #read({ result, error, timedOut, closed, status }: Answer): PlainResult | undefined {
    this.#status = status;
    if (closed) this.#sessions = undefined;
    if (error === undefined) return result;
    if (timedOut === true) throw new QueryTimeoutError('The query timed out, and was cancelled.');
    throw Object.assign(new PostgresError(error.message), error.fields, { name: 'PostgresError' });
  }

  #rows(result: PlainResult | undefined): Row[] {
    if (result === undefined) return [];
    const { types = this.#driver.pg.types, arrayMode = false } = this.#options;
    const parsers = result.fields.map(({ dataTypeID }) => types.getTypeParser(dataTypeID));
    const read = (values: readonly (string | null)[]) =>
      values.map((value, at) => (value === null ? null : parsers[at]?.(value)));
    if (arrayMode) return result.rows.map(read) as unknown as Row[];
    return result.rows.map((values) => {
      const row: Row = {};
      read(values).forEach((value, at) => {
        row[result.fields[at]?.name ?? ''] = value;
      });
      return row;
    });
  }

  static {
    const turn = (client: Client, body: () => Promise<unknown>): unknown => {
      const { concurrentUse, queueTimeout, queryTimeout } = settingsOf(client, waitEventLoop);
      const rules = {
        concurrentUse,
        queueTimeout: Math.min(queueTimeout, queryTimeout ?? Number.POSITIVE_INFINITY),
        isFree: () => client.getTransactionStatus() !== 'T' && client.getTransactionStatus() !== 'E',
      };
      const asked = interruptibly((onInterrupt) =>
        inTurn(client, rules, onInterrupt, async () => {
          onInterrupt(() => client.#cancel());
          return box(await body());
        }),
      );
      return suspend(
        asked.catch((error) => {
          throw restack(error, turn);
        }),
      );
    };
    const { prototype } = Client;
    linkTwin(prototype.connectSync as Callable, function (this: Client, config: string | object): unknown {
      return turn(this, async () => {
        this.#begin(config);
        await this.#open();
      });
    });
    linkTwin(
      prototype.querySync as Callable,
      function (this: Client, text: string, values?: readonly unknown[]): unknown {
        const given = values && [...values];
        return turn(this, async () => this.#rows(await this.#ask('query', text, undefined, given)));
      },
    );
    linkTwin(prototype.prepareSync as Callable, function (this: Client, name: string, text: string): unknown {
      return turn(this, async () => {
        await this.#ask('prepare', text, name);
        this.#prepared.set(name, text);
      });
    });
    linkTwin(
      prototype.executeSync as Callable,
      function (this: Client, name: string, values: readonly unknown[] = []): unknown {
        const given = [...values];
        return turn(this, async () => this.#rows(await this.#ask('query', this.#textOf(name), name, given)));
      },
    );
  }
}

function closed(): Error {
  return new Error('The client is not connected.');
}
