/**
 * Sessions of the package pg, asked by plain messages: on the main thread, and on a worker, which runs the source of {@link createSessions}.
 */

/** What is used of the package pg. */
export interface PgModule {
  readonly Client: new (config: object | undefined) => PgClient;
  readonly Query: new (
    text: string,
    values: readonly unknown[] | undefined,
    done: (error: unknown) => void,
  ) => { name: string | undefined; queryMode: string | undefined; readonly callback: (error: unknown) => void };
}

interface PgConnection {
  readonly stream: { destroy(): void };
  readonly parsedStatements: Record<string, string>;
  parse(statement: { name: string; text: string; types: readonly number[] }, more: boolean): void;
  sync(): void;
  on(event: string, listener: (message: { readonly status: string }) => void): void;
  once(event: string, listener: () => void): void;
  off(event: string, listener: () => void): void;
}

interface PgClient {
  readonly connection: PgConnection;
  connect(): Promise<void>;
  query(submittable: object): unknown;
  readonly readyForQuery: boolean;
  readonly host: string;
  readonly port: number;
  readonly processID: number | null;
  readonly secretKey: number;
  end(): Promise<void>;
  on(event: string, listener: (message: object) => void): void;
  once(event: string, listener: () => void): void;
  off(event: string, listener: () => void): void;
}

/** A column of a result: its name, and the id of its type. */
export interface Field {
  readonly name: string;
  readonly dataTypeID: number;
}

/** A result without the package's classes, its values as text. */
export interface PlainResult {
  readonly fields: readonly Field[];
  readonly rows: readonly (readonly (string | null)[])[];
}

export type Request =
  | { readonly op: 'connect'; readonly session: number; readonly config: object | undefined }
  /** Ends the session; or asks the server to cancel what it does. */
  | { readonly op: 'end'; readonly session: number }
  | { readonly op: 'cancel'; readonly session: number }
  | {
      readonly op: 'query' | 'prepare';
      readonly session: number;
      readonly text: string;
      readonly name: string | undefined;
      readonly values: readonly unknown[] | undefined;
      readonly timeout: number | null;
    };

type Asking = Request & { readonly op: 'query' | 'prepare' };

/** The fields of an error. */
export interface PlainError {
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

export interface Answer {
  readonly result?: PlainResult | undefined;
  readonly error?: PlainError;
  /** The query was cancelled, since its time was over. */
  readonly timedOut?: boolean;
  /** The connection is closed. */
  readonly closed: boolean;
  /** The state of the transaction: I for none, T, E for a failed one. */
  readonly status: string;
}

/** What comes without being asked for. */
export interface Incident {
  readonly session: number;
  /** `error`: the connection was lost while nothing was asked of it. */
  readonly event: 'notification' | 'notice' | 'error';
  readonly details: PlainError;
}

export interface Sessions {
  /** Does what is asked. Never rejects. */
  perform(request: Request): Promise<Answer>;
}

/**
 * Makes sessions. Uses nothing but its parameters and the globals of Node: its source is run by the worker.
 */
export function createSessions(pg: PgModule, tell: (incident: Incident) => void): Sessions {
  interface Session {
    readonly client: PgClient;
    /** Something is asked of it: it answers to that, also with its end. */
    isAsked: boolean;
    status: string;
    closed: boolean;
    /** The requests to cancel what it has done. */
    cancellation: Promise<unknown> | undefined;
  }
  const sessions = new Map<number, Session>();
  const net = process.getBuiltinModule('node:net');
  const GRACE = 2000;
  const RECANCEL = 100;
  const LONGEST = 2 ** 31 - 1;
  const CANCELED = '57014';

  function plain(error: unknown): PlainError {
    const { message, ...fields } = Object(error) as Error & Record<string, unknown>;
    const kept = Object.entries(fields).filter(([name, value]) => name !== 'stack' && typeof value === 'string');
    return { message: String(message ?? (error as Error).message), fields: Object.fromEntries(kept) };
  }

  function prepare({ client }: Session, name: string, text: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const ignore = (): void => {};
      client.query({
        ...{ name, text, handleRowDescription: ignore, handleCommandComplete: ignore, handleEmptyQuery: ignore },
        submit(connection: PgConnection) {
          connection.parse({ name, text, types: [] }, true);
          connection.sync();
        },
        handleError: reject,
        handleReadyForQuery: () => resolve(),
      });
    });
  }

  /** A query that keeps the values as they come, which is what its caller reads, and of several statements the result of the last. */
  class Asked extends pg.Query {
    declare fields: readonly Field[];
    declare taken: (readonly (string | null)[])[];
    declare result: PlainResult | undefined;

    constructor({ text, name, values }: Asking, done: (error: unknown) => void) {
      super(text, values, done);
      this.name = name;
      if (values !== undefined) this.queryMode = 'extended';
      this.fields = [];
      this.taken = [];
      this.result = undefined;
    }

    handleRowDescription({ fields }: { readonly fields: readonly Field[] }): void {
      this.fields = fields;
    }

    handleDataRow({ fields }: { readonly fields: readonly (string | null)[] }): void {
      this.taken.push(fields);
    }

    handleCommandComplete(): void {
      this.result = { fields: this.fields, rows: this.taken };
      this.fields = [];
      this.taken = [];
    }

    handleReadyForQuery(): void {
      this.callback(null);
    }
  }

  async function ask(session: Session, request: Asking): Promise<PlainResult | undefined> {
    const { name, text } = request;
    if (request.op === 'prepare') {
      await prepare(session, name ?? '', text);
      return undefined;
    }
    // The package prepares no statement that it takes for prepared: the server says where it is not.
    if (name !== undefined) session.client.connection.parsedStatements[name] = text;
    return await new Promise((resolve, reject) => {
      const query = new Asked(request, (error) => (error ? reject(error) : resolve(query.result)));
      session.client.query(query);
    });
  }

  async function within<T>(session: Session, timeout: number, work: Promise<T>): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    const isLate = new Promise<'late'>((resolve) => {
      timer = setTimeout(resolve, Math.min(timeout, LONGEST), 'late');
    });
    const first = await Promise.race([work.catch(() => 'failed'), isLate]);
    clearTimeout(timer);
    if (first !== 'late') return await work;
    interrupt(session);
    try {
      return await work;
    } catch (error) {
      const isEnded = (error as { code?: unknown }).code === CANCELED || session.closed;
      throw isEnded ? Object.assign(error as Error, { timedOut: true }) : error;
    }
  }

  /** Has the server cancel what it does, and closes the connection where it does not answer. */
  function interrupt(session: Session): void {
    const { client } = session;
    if (client.readyForQuery) return;
    if (!client.processID) {
      // It is not connected yet.
      client.connection.stream.destroy();
      return;
    }
    const end = Date.now() + GRACE;
    const ask = (): void => {
      session.cancellation = Promise.all([session.cancellation, cancel(client)]);
    };
    // A request that comes before the query itself is lost.
    const again = setInterval(() => (Date.now() < end ? ask() : client.connection.stream.destroy()), RECANCEL);
    whenSettled(client, () => clearInterval(again));
    ask();
  }

  /**
   * The request that ends what the server does for a connection, on a connection of its own. Where it fails, the query goes on. Resolves when the
   * server has heard of it: until then, it could end another query.
   */
  function cancel({ host, port, processID, secretKey }: PgClient): Promise<void> {
    const request = Buffer.alloc(16);
    request.writeInt32BE(16, 0);
    request.writeInt32BE(80877102, 4);
    request.writeInt32BE(processID ?? 0, 8);
    request.writeInt32BE(secretKey, 12);
    const socket = host.startsWith('/') ? net.connect(`${host}/.s.PGSQL.${port}`) : net.connect(port, host);
    socket.on('error', () => {});
    socket.setTimeout(GRACE, () => socket.destroy());
    socket.end(request);
    return new Promise((resolve) => {
      socket.once('close', () => resolve());
      // It ends with what the server says, which is nothing.
      socket.resume();
    });
  }

  /** Calls `settled` when the server is ready for another query, or gone. */
  function whenSettled(client: PgClient, settled: () => void): void {
    const done = (): void => {
      client.connection.off('readyForQuery', done);
      client.off('end', done);
      settled();
    };
    client.connection.once('readyForQuery', done);
    client.once('end', done);
  }

  /** After an error, the server says in which state the connection is. */
  async function settled({ client, ...session }: Session): Promise<void> {
    if (client.readyForQuery || session.closed) return;
    await new Promise<void>((resolve) => whenSettled(client, resolve));
  }

  /** No request to cancel is on its way any more that could end another query. */
  async function canceled(session: Session): Promise<void> {
    if (!session.closed && session.cancellation !== undefined) await session.cancellation;
  }

  async function connect(id: number, config: object | undefined): Promise<void> {
    const client = new pg.Client(config);
    const session: Session = { client, isAsked: true, status: 'I', closed: false, cancellation: undefined };
    const pass = (event: Incident['event']) => (details: object) =>
      tell({ session: id, event, details: plain(details) });
    client.on('notification', (details) => {
      const { channel, payload, processId } = details as Readonly<Record<string, unknown>>;
      tell({ session: id, event: 'notification', details: { message: '', fields: { channel, payload, processId } } });
    });
    client.on('notice', pass('notice'));
    const lose = pass('error');
    client.on('error', (error) => {
      if (!session.isAsked && !session.closed) lose(error);
      session.closed = true;
    });
    client.on('end', () => {
      session.closed = true;
    });
    client.connection.on('readyForQuery', ({ status }) => {
      session.status = status;
    });
    sessions.set(id, session);
    try {
      await client.connect();
      session.isAsked = false;
    } catch (error) {
      sessions.delete(id);
      client.connection.stream.destroy();
      throw error;
    }
  }

  async function perform(request: Request): Promise<Answer> {
    try {
      if (request.op === 'connect') {
        await connect(request.session, request.config);
        return { closed: false, status: 'I' };
      }
      const session = sessions.get(request.session);
      if (session === undefined) throw new Error('The connection is closed.');
      if (request.op === 'end') {
        sessions.delete(request.session);
        await session.client.end();
        return { closed: true, status: 'I' };
      }
      if (request.op === 'cancel') {
        interrupt(session);
        return { closed: session.closed, status: session.status };
      }
      session.isAsked = true;
      const asked = ask(session, request);
      const result = await (request.timeout === null ? asked : within(session, request.timeout, asked));
      if (session.cancellation !== undefined) await canceled(session);
      session.isAsked = false;
      return { result, closed: session.closed, status: session.status };
    } catch (error) {
      const session = sessions.get(request.session);
      if (session !== undefined) await settled(session);
      if (session !== undefined) await canceled(session);
      if (session !== undefined) session.isAsked = false;
      if (session?.closed === true) sessions.delete(request.session);
      const { timedOut = false } = error as { timedOut?: boolean };
      return { error: plain(error), timedOut, closed: session?.closed ?? true, status: session?.status ?? 'I' };
    }
  }

  return { perform };
}
