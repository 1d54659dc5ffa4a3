/** A pool of connections in blocking style. */

import { types } from 'node:util';
import { callInScope, isInterruption, outsideScopes } from '../green/interruption.js';
import { timeNow } from '../node/clock.js';
import {
  box,
  type Callable,
  linkTwin,
  SUSPENDED,
  suspend,
  take,
  takeOutermost,
  twinOf,
  unbox,
} from '../twin/protocol.js';
import { asWait } from '../twin/waits.js';
import { Client } from './client/client.js';
import { delayOf } from './delay.js';
import { PoolTimeoutError } from './errors.js';
import { interruptibly, type OnInterrupt } from './interrupting.js';
import { isTaken } from './turns.js';

/** What a pool needs of a connection: {@link Client}, and the clients of pg-native since version 3.9, have it. */
export interface PooledClient {
  connectSync(config: string): void;
  querySync(text: string, values?: readonly unknown[]): unknown[];
  getTransactionStatus(): string | null;
  end(): void;
  /** Where it runs, if that makes a difference: see {@link Client.thread}. */
  readonly thread?: 'main' | 'worker' | undefined;
}

export interface PoolOptions<C extends PooledClient = Client> {
  /** What each connection is made with: a connection URL. */
  readonly url: string;
  /** Makes a client that is not connected yet; one of {@link Client} by default. */
  readonly create?: () => C;
  /** How many connections there may be at a time; 10 by default. */
  readonly max?: number;
  /** How many connections are kept, however long they are not used; none by default. */
  readonly min?: number;
  /** Milliseconds after which a connection that is not used is closed; 30 seconds by default. */
  readonly idleTimeout?: number;
  /** Milliseconds after which a connection is not used again; unlimited by default. */
  readonly maxAge?: number;
  /** Milliseconds to wait for a connection; 30 seconds by default. */
  readonly checkoutTimeout?: number;
  /** A connection that was not used for this many milliseconds is tried before it is handed out; one second by default. */
  readonly validateAfter?: number;
}

interface Member<C> {
  readonly client: C;
  readonly since: number;
  usedAt: number;
}

/** A flow of control that waits for a connection. */
interface Waiter<C> {
  /** When it has waited too long. */
  readonly deadline: number;
  /** Gives it a connection, or the room for one. */
  begin(member: Member<C> | undefined): void;
  giveUp(error: PoolTimeoutError): void;
}

/** Calls a function of a client in the form that may suspend. */
async function ask(client: PooledClient, name: 'connectSync' | 'querySync', argument: string): Promise<void> {
  const fn = client[name] as Callable;
  if (Reflect.apply(twinOf(fn) ?? fn, client, [argument]) === SUSPENDED) await takeOutermost();
}

/**
 * Connections that are lent. Code that is not compiled blocks, and fails where none is free, since nobody could give one back; compiled code waits for one.
 */
export class Pool<C extends PooledClient = Client> {
  readonly #options: Required<PoolOptions<C>>;
  readonly #idle: Member<C>[] = [];
  /** Who came first is the first. */
  readonly #waiting: Waiter<C>[] = [];
  #expiry: NodeJS.Timeout | undefined;
  #size = 0;
  #isEnded = false;
  #sweeper: NodeJS.Timeout | undefined;

  constructor(options: PoolOptions<C>) {
    const create = (): C => new Client() as unknown as C;
    const times = {
      idleTimeout: 30_000,
      maxAge: Number.POSITIVE_INFINITY,
      checkoutTimeout: 30_000,
      validateAfter: 1000,
    };
    this.#options = { create, min: 0, max: 10, ...times, ...options };
  }

  /** How many connections there are, and how many of them are not lent. */
  get size(): { readonly total: number; readonly idle: number } {
    return { total: this.#size, idle: this.#idle.length };
  }

  /**
   * Lends a connection to `body`. When that has ended, in whatever way, an open transaction is rolled back; a connection on which that fails is closed.
   *
   * @returns what `body` returns. If that is a promise, the connection is lent until it settles
   * @throws what `body` throws; a {@link PoolTimeoutError} where no connection became free in time
   */
  withConnection<T>(body: (client: C) => T): T {
    const member = this.#takeSync();
    let result: T;
    try {
      result = body(member.client);
    } catch (error) {
      this.#giveBackSync(member);
      throw error;
    }
    if (types.isPromise(result)) return this.#untilSettled(result, member) as T;
    this.#giveBackSync(member);
    return result;
  }

  /** Closes the connections that are not lent, and the others when they come back. */
  end(): void {
    this.#isEnded = true;
    clearInterval(this.#sweeper);
    for (const member of this.#idle.splice(0)) this.#close(member);
    for (const next of this.#waiting.splice(0)) this.#giveRoom(next);
    this.#watchWaiting();
  }

  #takeSync(): Member<C> {
    for (let member = this.#nextIdle('main'); member !== undefined; member = this.#nextIdle('main')) {
      if (!this.#isDoubtful(member)) return member;
      try {
        member.client.querySync('select 1');
        return member;
      } catch {
        this.#close(member);
      }
    }
    if (this.#size >= this.#options.max) throw this.#exhausted('and code that blocks cannot wait for one');
    const member = this.#member();
    try {
      member.client.connectSync(this.#options.url);
      return member;
    } catch (error) {
      this.#close(member);
      throw error;
    }
  }

  async #take(): Promise<Member<C>> {
    const deadline = timeNow() + this.#options.checkoutTimeout;
    let member = this.#nextIdle('worker');
    let hasRoom = false;
    if (member === undefined && this.#size >= this.#options.max) {
      member = await asWait(interruptibly((onInterrupt) => this.#nextReturned(onInterrupt)));
      hasRoom = member === undefined;
    }
    for (; member !== undefined; member = this.#nextIdle('worker')) {
      if (!this.#isDoubtful(member)) return member;
      try {
        await this.#askInTime(member, 'querySync', 'select 1', deadline);
        return member;
      } catch (error) {
        this.#close(member);
        if (!isInterruption(error) && !(error instanceof PoolTimeoutError)) continue;
        this.#handOn(undefined);
        throw error;
      }
    }
    if (hasRoom) this.#size--;
    const made = this.#memberOrHandOn();
    try {
      await this.#askInTime(made, 'connectSync', this.#options.url, deadline);
      return made;
    } catch (error) {
      this.#close(made);
      this.#handOn(undefined);
      throw error;
    }
  }

  async #lendLater(body: Callable): Promise<unknown> {
    const result = this.#lend(await this.#take(), body);
    return result === SUSPENDED ? await takeOutermost() : box(result);
  }

  /** Lends a connection to the form of `body` that may suspend; returns what that returns, or suspends. */
  #lend(member: Member<C>, body: Callable): unknown {
    let result: unknown;
    try {
      result = (twinOf(body) ?? body)(member.client);
    } catch (error) {
      return suspend(this.#untilReturned(Promise.reject(error), member));
    }
    if (result === SUSPENDED) return suspend(this.#untilReturned(take(), member));
    if (types.isPromise(result)) return this.#untilSettled(result, member);
    if (this.#needsRollback(member)) return suspend(this.#untilReturned(Promise.resolve(box(result)), member));
    this.#putBack(member);
    return result;
  }

  /** @param pending what `body` has returned, boxed */
  async #untilReturned(pending: Promise<unknown>, member: Member<C>): Promise<unknown> {
    let boxed: unknown;
    try {
      boxed = await pending;
    } catch (error) {
      await this.#giveBack(member);
      throw error;
    }
    const result = unbox(boxed);
    if (types.isPromise(result)) return box(this.#untilSettled(result, member));
    if (this.#needsRollback(member)) await this.#giveBack(member);
    else this.#putBack(member);
    return boxed;
  }

  /** Asks a connection that is not lent yet, and gives it up at the end of the checkout's time. */
  async #askInTime(
    { client }: Member<C>,
    name: 'connectSync' | 'querySync',
    argument: string,
    deadline: number,
  ): Promise<void> {
    const { checkoutTimeout } = this.#options;
    const limit = new AbortController();
    const giveUp = (): void => {
      limit.abort(new PoolTimeoutError(`The server gave no connection to the pool, for ${checkoutTimeout} ms.`));
      client.end();
    };
    const timer = setTimeout(giveUp, delayOf(deadline - timeNow()));
    await callInScope(
      limit.signal,
      () => ask(client, name, argument),
      () => clearTimeout(timer),
    );
  }

  async #untilSettled(pending: Promise<unknown>, member: Member<C>): Promise<unknown> {
    try {
      return await pending;
    } finally {
      await this.#giveBack(member);
    }
  }

  #giveBackSync(member: Member<C>): void {
    try {
      if (this.#needsRollback(member)) member.client.querySync('rollback');
    } catch {
      // It is closed, below.
    }
    this.#putBack(member);
  }

  async #giveBack(member: Member<C>): Promise<void> {
    try {
      // What limits the work does not limit what cleans up behind it.
      if (this.#needsRollback(member)) await outsideScopes(ask, undefined, [member.client, 'querySync', 'rollback']);
    } catch {
      // It is closed, below.
    }
    this.#putBack(member);
  }

  #putBack(member: Member<C>): void {
    const now = timeNow();
    const isYoung = now - member.since < this.#options.maxAge;
    // What a flow of control that has outlived the body does on it would hit whoever is next.
    const isUsable = isYoung && member.client.getTransactionStatus() === 'I' && !isTaken(member.client);
    if (!isUsable || this.#isEnded) {
      this.#close(member);
      this.#handOn(undefined);
      return;
    }
    member.usedAt = now;
    this.#handOn(member);
  }

  /** Hands a connection, or the room for one, to whoever has waited longest. */
  #handOn(member: Member<C> | undefined): void {
    const next = this.#waiting.shift();
    if (next !== undefined) {
      this.#watchWaiting();
      if (member === undefined) this.#giveRoom(next);
      else next.begin(member);
    } else if (member !== undefined) {
      this.#idle.push(member);
      this.#sweepLater();
    }
  }

  /** The room is kept until whoever has waited comes to use it. */
  #giveRoom(waiter: Waiter<C>): void {
    this.#size++;
    waiter.begin(undefined);
  }

  /** A connection that somebody gives back; undefined where there is room for another. */
  #nextReturned(onInterrupt: OnInterrupt): Promise<Member<C> | undefined> {
    return new Promise((resolve, reject) => {
      const waiter: Waiter<C> = {
        deadline: timeNow() + this.#options.checkoutTimeout,
        begin: (member) => {
          // What comes after an interruption goes to the next.
          onInterrupt(() => (member === undefined ? this.#giveUpRoom() : this.#handOn(member)));
          resolve(member);
        },
        giveUp: reject,
      };
      onInterrupt((error) => {
        const at = this.#waiting.indexOf(waiter);
        if (at >= 0) this.#waiting.splice(at, 1);
        this.#watchWaiting();
        reject(error);
      });
      this.#waiting.push(waiter);
      this.#watchWaiting();
    });
  }

  /** Gives up those who have waited too long. Nobody waits longer than who came first, so that one timer is enough. */
  #watchWaiting(): void {
    const [first] = this.#waiting;
    if (first === undefined) {
      clearTimeout(this.#expiry);
      this.#expiry = undefined;
    } else {
      this.#expiry ??= setTimeout(() => this.#expire(), delayOf(first.deadline - timeNow()));
    }
  }

  #expire(): void {
    this.#expiry = undefined;
    const now = timeNow();
    while ((this.#waiting[0]?.deadline ?? Number.POSITIVE_INFINITY) <= now) {
      this.#waiting.shift()?.giveUp(this.#exhausted(`for ${this.#options.checkoutTimeout} ms`));
    }
    this.#watchWaiting();
  }

  /** Gives up room that was kept. */
  #giveUpRoom(): void {
    this.#size--;
    this.#handOn(undefined);
  }

  #member(): Member<C> {
    this.#checkOpen();
    const client = this.#options.create();
    this.#size++;
    const since = timeNow();
    return { client, since, usedAt: since };
  }

  /** Whoever waits gets the room for a connection that cannot be made. */
  #memberOrHandOn(): Member<C> {
    try {
      return this.#member();
    } catch (error) {
      this.#handOn(undefined);
      throw error;
    }
  }

  #checkOpen(): void {
    if (this.#isEnded) throw new Error('The pool is closed.');
  }

  /** The connection that was used last, of those that run where they are of use. Where there is none, one of the others makes room. */
  #nextIdle(unfit: 'main' | 'worker'): Member<C> | undefined {
    this.#checkOpen();
    const now = timeNow();
    const place = () => this.#idle.findLastIndex(({ client }) => client.thread !== unfit);
    for (let at = place(); at >= 0; at = place()) {
      const [member] = this.#idle.splice(at, 1) as [Member<C>];
      if (this.#isFit(member, now)) return member;
      this.#close(member);
    }
    const oldest = this.#size >= this.#options.max ? this.#idle.shift() : undefined;
    if (oldest !== undefined) this.#close(oldest);
    return undefined;
  }

  /** Whether it may be lent: it may have been lost meanwhile. */
  #isFit({ client, usedAt, since }: Member<C>, now: number): boolean {
    const { idleTimeout, maxAge, min } = this.#options;
    const isKept = now - usedAt < idleTimeout || this.#size <= min;
    return isKept && now - since < maxAge && client.getTransactionStatus() !== null;
  }

  #isDoubtful({ usedAt }: Member<C>): boolean {
    return timeNow() - usedAt > this.#options.validateAfter;
  }

  #needsRollback({ client }: Member<C>): boolean {
    const status = client.getTransactionStatus();
    return status !== null && status !== 'I';
  }

  #close({ client }: Member<C>): void {
    this.#size--;
    client.end();
  }

  #sweep(): void {
    const now = timeNow();
    for (const member of [...this.#idle]) {
      if (this.#isFit(member, now)) continue;
      this.#idle.splice(this.#idle.indexOf(member), 1);
      this.#close(member);
    }
    if (this.#idle.length > 0) return;
    clearInterval(this.#sweeper);
    this.#sweeper = undefined;
  }

  #sweepLater(): void {
    const { idleTimeout } = this.#options;
    if (!Number.isFinite(idleTimeout)) return;
    this.#sweeper ??= setInterval(() => this.#sweep(), delayOf(idleTimeout / 2)).unref();
  }

  #exhausted(how: string): PoolTimeoutError {
    return new PoolTimeoutError(
      `All ${this.#options.max} connections of the pool are in use, ${how}. Raise max, or hold connections for a shorter time.`,
    );
  }

  static {
    linkTwin(Pool.prototype.withConnection as Callable, function (this: Pool, body: Callable): unknown {
      const member = this.#nextIdle('worker');
      if (member !== undefined && !this.#isDoubtful(member)) return this.#lend(member, body);
      // Whatever has to be waited for is done there.
      if (member !== undefined) this.#idle.push(member);
      return suspend(this.#lendLater(body));
    });
  }
}
