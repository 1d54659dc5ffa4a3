/**
 * Rejections of promises that nobody handles yet: while something is suspended, Node is told of them later. What made such a promise may be suspended, and
 * attach behind what attached in time when it blocked.
 *
 * See docs/decisions/0030-rejections-wait-for-what-is-suspended.md.
 */
import { AsyncResource } from 'node:async_hooks';
import { writeSync } from 'node:fs';
import { inspect, types } from 'node:util';
import { runInThisContext } from 'node:vm';
import { inCommon } from '../twin/common.js';
import { type Callable, linkTwin } from '../twin/protocol.js';
import { dropWatch, isGoingOn, isWaiting, type Watch, watchWaits } from '../twin/waits.js';
import { emitTwin } from './roots/emitTwin.js';

/** Milliseconds after which a rejection is told in any case: what is suspended may be a loop without end. */
const LIMIT = 10_000;

/** What Node has been told to do about rejections. What a command line says counts for more than what the environment does. */
function modeOf(process: NodeJS.Process): string {
  const given = `${process.env.NODE_OPTIONS ?? ''} ${process.execArgv.join(' ')}`;
  return [...given.matchAll(/--unhandled[-_]rejections[= ]"?([\w-]+)/g)].at(-1)?.[1] ?? 'throw';
}

/** Replaces the `emit` of the process, by which Node tells of rejections. In the mode `strict` it ends the process before it does. */
export function installRejections(): void {
  inCommon('rejections/2', () => {
    // That of a realm of Jest's is another.
    const host = runInThisContext('process') as NodeJS.Process;
    const mode = modeOf(host);
    if (mode === 'strict') return {};
    const own = Object.getOwnPropertyDescriptor(host, 'emit')?.value as Callable | undefined;
    const behind = (): Callable => own ?? (Object.getPrototypeOf(host) as NodeJS.Process).emit;
    // In the other modes, Node does the same whether somebody listens or not, and has done it before.
    const emit = emitOf(behind, ['throw', 'warn-with-error-codes'].includes(mode));
    // What somebody has put in the place of Node's has to run, and calls the listeners itself.
    if (own === undefined) linkTwin(emit, emitTwin(emit));
    Object.defineProperty(host, 'emit', { value: emit, configurable: true, writable: true, enumerable: false });
    return emit;
  });
}

interface Kept {
  readonly reason: unknown;
  /** Tells the listeners; whether there are any. */
  readonly tell: () => boolean;
  readonly watch: Watch;
}

/**
 * @param behind the `emit` before this one
 * @param asksListeners whether Node does something about a rejection where nobody listens, and only there
 */
function emitOf(behind: () => Callable, asksListeners: boolean): Callable {
  const kept = new Map<unknown, Kept>();
  /** Those that have been told, or stand for one that has. */
  const told = new WeakSet<Promise<unknown>>();

  function release(promise: Promise<unknown>): Kept | undefined {
    const found = kept.get(promise);
    if (found === undefined) return undefined;
    kept.delete(promise);
    dropWatch(found.watch);
    told.add(promise);
    return found;
  }

  function tellNow(promise: Promise<unknown>): void {
    const found = release(promise);
    if (found === undefined || found.tell() || !asksListeners) return;
    // What Node does where nobody listens, it does for a rejection of the same reason.
    told.add(Promise.reject(found.reason));
  }

  /** What goes on in this turn ends the process before anybody would have been told. Else Node would have ended it before. */
  function tellAtExit(process: NodeJS.Process): void {
    for (const promise of [...kept.keys()] as Promise<unknown>[]) {
      const found = release(promise);
      if (found === undefined || isGoingOn(found.watch) || found.tell() || !asksListeners) continue;
      writeSync(2, `Unhandled rejection: ${inspect(found.reason)}\n`);
      process.exitCode ||= 1;
    }
  }

  return function emit(this: NodeJS.Process, event: string | symbol, ...args: unknown[]): unknown {
    const tell = () => Reflect.apply(behind(), this, [event, ...args]) as boolean;
    if (event === 'exit' && kept.size > 0) {
      tellAtExit(this);
      args[0] = this.exitCode ?? 0;
    }
    // Nothing is left that what is suspended could wait for.
    if (event === 'beforeExit') for (const promise of [...kept.keys()]) tellNow(promise as Promise<unknown>);
    if (event === 'rejectionHandled' && release(args[0] as Promise<unknown>) !== undefined) return true;
    if (event !== 'unhandledRejection' || !isWaiting()) return tell();
    const [reason, promise] = args;
    if (!types.isPromise(promise) || told.has(promise)) return tell();
    const watch = watchWaits(() => tellNow(promise), LIMIT);
    kept.set(promise, { reason, tell: AsyncResource.bind(tell), watch });
    return true;
  };
}
