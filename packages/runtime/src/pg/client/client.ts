/** A client in blocking style over the package pg, with the synchronous functions of pg-native. */
import { EventEmitter } from 'node:events';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { restack } from '../../node/offload.js';
import { box, type Callable, linkTwin, suspend } from '../../twin/protocol.js';
import { PostgresError, QueryTimeoutError } from '../errors.js';
import { interruptibly } from '../interrupting.js';
import { withoutSecrets } from '../secrets.js';
import { settingsOf } from '../settings.js';
import { busy, inTurn, isTaken } from '../turns.js';
import { waitEventLoop } from '../waitCallback.js';
import { createRowShapes } from './rowShapes.js';
import {
  type Answer,
  createSessions,
  type Incident,
  type PgModule,
  type PlainError,
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
  readonly pg: PgModule & {
    readonly types: Required<ClientOptions>['types'];
    readonly Client: {
      readonly prototype: { escapeLiteral(text: string): string; escapeIdentifier(text: string): string };
    };
  };
  readonly here: Sessions;
  readonly shapeOf: ReturnType<typeof createRowShapes>;
  worker: SessionWorker | undefined;
}

const drivers = new Map<string, Driver>();
let lastSession = 0;

/** What hears of incidents, by session. */
const listening = new Map<number, (incident: Incident) => void>();

function tell(incident: Incident): void {
  listening.get(incident.session)?.(incident);
}

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
      driver = { path, pg, here: createSessions(pg, tell), shapeOf: createRowShapes(), worker: undefined };
      drivers.set(path, driver);
    }
    return driver;
  }
  throw new Error('The package pg was not found. Install it, or say by the option from where to look for it.');
}

/** What the package takes of a connection URL or an object; `connect_timeout` of URLs counts, in seconds, as in libpq. */
function configOf(given: string | object | undefined): object | undefined {
  if (typeof given !== 'string') return given;
  const seconds = Number(/[?&]connect_timeout=(\d+)/.exec(given)?.[1] ?? 0);
  return { connectionString: given, connectionTimeoutMillis: seconds * 1000 };
}

/**
 * A connection in blocking style. Code that is not compiled, or has to stay synchronous, blocks: a worker thread runs the package pg. Compiled code
 * suspends, and runs it on the main thread. A connection moves from one to the other as long as nothing has been asked of it.
 *
 * It emits `notification` with `relname`, `extra` and `be_pid`, as pg-native does, `notice` with the fields of the notice, and, if somebody listens,
 * `error` where the connection is lost while nothing is asked of it. Code that blocks lets the events wait.
 */
export class Client extends EventEmitter {
  /** Rows are arrays of values rather than objects. */
  arrayMode: boolean;

  readonly #driver: Driver;
  readonly #options: ClientOptions;
  #sessions: Sessions | SessionWorker | undefined;
  #session = 0;
  #given: string | object | undefined;
  #lost: PlainError | undefined;
  #letGo: (() => void) | undefined;
  #isFresh = false;
  #isUnwanted = false;
  #status = 'I';
  readonly #prepared = new Map<string, string>();

  constructor(options: ClientOptions = {}) {
    super();
    this.#options = options;
    this.arrayMode = options.arrayMode ?? false;
    this.#driver = driverFrom(options.from);
    this.on('newListener', (event) => {
      if (event === 'notification') this.#hold();
    });
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
   * @param config a connection URL, or the options of the package pg; what the environment says by default
   * @throws {PostgresError} why it could not
   */
  connectSync(config?: string | object): void {
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

  /** `value` as a literal of SQL. */
  escapeLiteral(value: string): string {
    return value ? this.#driver.pg.Client.prototype.escapeLiteral(String(value)) : value;
  }

  /** `value` as a name in SQL. */
  escapeIdentifier(value: string): string {
    return value ? this.#driver.pg.Client.prototype.escapeIdentifier(String(value)) : value;
  }

  /**
   * Has the server cancel what another flow of control waits for. Does not block.
   *
   * @param done is called when the server has been asked
   */
  cancel(done?: (error?: Error) => void): void {
    if (this.#sessions === undefined) {
      setImmediate(() => done?.(closed()));
      return;
    }
    void this.#sessions.perform({ op: 'cancel', session: this.#session }).then(() => done?.());
  }

  /**
   * Closes the connection. Does not block.
   *
   * @param done is called when it is closed
   */
  end(done?: () => void): void {
    const ended = this.#sessions?.perform({ op: 'end', session: this.#session });
    this.#leave();
    if (done !== undefined) void (ended ?? Promise.resolve()).then(() => done());
  }

  #leave(): void {
    this.#sessions = undefined;
    this.#letGo?.();
    this.#letGo = undefined;
    listening.delete(this.#session);
  }

  /** Keeps the process alive for notifications: on the main thread, the connection itself does. */
  #hold(): void {
    const sessions = this.#sessions;
    if (sessions !== undefined && 'hold' in sessions) this.#letGo ??= sessions.hold();
  }

  #hear({ event, details: { message, fields } }: Incident): void {
    if (event === 'error') {
      this.#lost = { message, fields };
      this.#leave();
      if (this.listenerCount('error') > 0) this.emit('error', errorOf(this.#lost));
    } else if (event === 'notice') {
      this.emit('notice', { message, ...fields });
    } else {
      this.emit('notification', { relname: fields.channel, extra: fields.payload, be_pid: fields.processId });
    }
  }

  /** Has the server cancel what it does; closes a connection that is not open yet as soon as it is. */
  #cancel(): void {
    this.#isUnwanted = this.#sessions === undefined;
    void (this.#sessions ?? this.#driver.here).perform({ op: 'cancel', session: this.#session });
  }

  #begin(config: string | object | undefined): void {
    if (this.connected) throw new Error('The client is connected already. End it, or make another.');
    this.#given = config;
    this.#prepared.clear();
    this.#isUnwanted = false;
    this.#lost = undefined;
  }

  #request(): Request & { op: 'connect' } {
    this.#session = ++lastSession;
    listening.set(this.#session, (incident) => this.#hear(incident));
    return { op: 'connect', session: this.#session, config: configOf(this.#given) };
  }

  #opened(sessions: Sessions, answer: Answer): void {
    const { error } = answer;
    this.#read(error === undefined ? answer : { ...answer, error: this.#withoutSecrets(error) });
    this.#sessions = sessions;
    if (this.listenerCount('notification') > 0) this.#hold();
    this.#isFresh = true;
    this.#status = 'I';
    if (this.#isUnwanted) this.end();
  }

  #withoutSecrets({ message, fields }: PlainError): PlainError {
    // What could not be understood, as Node's errors of URLs have it.
    const { input: _, ...rest } = fields;
    return { message: withoutSecrets(message, this.#given), fields: rest };
  }

  #openSync(): void {
    let { worker } = this.#driver;
    if (worker === undefined || worker.hasEnded()) {
      worker = startWorker(this.#driver.path, tell);
      this.#driver.worker = worker;
    }
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
    if (this.#sessions === this.#driver.here) {
      if (!this.#isFresh) {
        throw new Error(
          'Code that has to stay synchronous cannot use a connection that compiled code has begun to use. Give it a client of its own.',
        );
      }
      this.end();
      this.#openSync();
    }
    const sessions = this.#sessions;
    if (sessions === undefined || !('performSync' in sessions)) throw closed(this.#lost);
    return this.#read(sessions.performSync(this.#command(op, text, name, values)));
  }

  /** @param read makes the boxed result of the call */
  #ask(
    op: 'query' | 'prepare',
    read: (result: PlainResult | undefined) => unknown,
    text: string,
    name?: string,
    values?: readonly unknown[],
  ): Promise<unknown> {
    const sessions = this.#sessions;
    if (sessions !== undefined && this.#isFresh && sessions !== this.#driver.here) {
      this.end();
      return this.#open().then(() => this.#ask(op, read, text, name, values));
    }
    if (sessions === undefined) return Promise.reject(closed(this.#lost));
    return sessions.perform(this.#command(op, text, name, values)).then((answer) => read(this.#read(answer)));
  }

  #textOf(name: string): string {
    return this.#prepared.get(name) ?? '-- a statement that is not known here';
  }

  #read({ result, error, timedOut, closed, status }: Answer): PlainResult | undefined {
    this.#status = status;
    if (closed) this.#leave();
    if (error === undefined) return result;
    if (timedOut === true) throw new QueryTimeoutError('The query timed out, and was cancelled.');
    throw errorOf(error);
  }

  #rows(result: PlainResult | undefined): Row[] {
    if (result === undefined) return [];
    const { types = this.#driver.pg.types } = this.#options;
    const { fields, rows } = result;
    const parsers = fields.map(({ dataTypeID }) => types.getTypeParser(dataTypeID));
    if (this.arrayMode) return rows.map((values) => values.map((value, at) => parsed(parsers[at], value))) as never;
    const { names, empty } = this.#driver.shapeOf(fields);
    return rows.map((values) => {
      const row: Row = { ...empty };
      for (let at = 0; at < names.length; at++) row[names[at] as string] = parsed(parsers[at], values[at]);
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
        inTurn(client, rules, onInterrupt, () => {
          onInterrupt(() => client.#cancel());
          return body();
        }),
      );
      return suspend(
        asked.catch(function thrown(error): never {
          throw restack(error, thrown);
        }),
      );
    };
    const { prototype } = Client;
    linkTwin(prototype.connectSync as Callable, function (this: Client, config?: string | object): unknown {
      return turn(this, async () => {
        this.#begin(config);
        await this.#open();
      });
    });
    linkTwin(
      prototype.querySync as Callable,
      function (this: Client, text: string, values?: readonly unknown[]): unknown {
        const given = listOf(values);
        return turn(this, () => this.#ask('query', (result) => box(this.#rows(result)), text, undefined, given));
      },
    );
    linkTwin(prototype.prepareSync as Callable, function (this: Client, name: string, text: string): unknown {
      const keep = (): void => void this.#prepared.set(name, text);
      return turn(this, () => this.#ask('prepare', keep, text, name));
    });
    linkTwin(
      prototype.executeSync as Callable,
      function (this: Client, name: string, values: readonly unknown[] = []): unknown {
        const given = listOf(values);
        return turn(this, () =>
          this.#ask('query', (result) => box(this.#rows(result)), this.#textOf(name), name, given),
        );
      },
    );
  }
}

function parsed(parser: ((text: string) => unknown) | undefined, value: string | null | undefined): unknown {
  return value === null || value === undefined ? null : parser?.(value);
}

/** The list as it is now: the call may have to wait for its turn. What is no list is refused by the package pg. */
function listOf(values: readonly unknown[] | undefined): readonly unknown[] | undefined {
  return Array.isArray(values) ? [...values] : values;
}

function errorOf({ message, fields }: PlainError): PostgresError {
  return Object.assign(new PostgresError(message), fields, { name: 'PostgresError' });
}

/** @param lost why the connection has gone, if nobody was told of it yet */
function closed(lost?: PlainError): Error {
  return lost === undefined ? new Error('The client is not connected.') : errorOf(lost);
}
