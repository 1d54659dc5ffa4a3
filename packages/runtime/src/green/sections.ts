/**
 * Atomic sections: code that runs to its end before other code enters a section of the same lock. Where nothing suspends they cost a
 * look at the lock, and nobody ever waits.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { types } from 'node:util';
import { setTimeout } from '../node/clock.js';
import { inCommon } from '../twin/common.js';
import { beginFrame, box, SUSPENDED, suspend, take } from '../twin/protocol.js';
import { asWait } from '../twin/waits.js';
import { currentScope, type Interruption, throwIfInterrupted, unlessInterrupted } from './interruption.js';

/** A lock, while somebody holds it. */
interface Lock {
  readonly key: unknown;
  holder: Section;
  /** Sections that have been promised the lock, in the order in which they asked. */
  readonly waiting: { readonly section: Section; readonly begin: () => void }[];
}

/** A run through a section. */
interface Section {
  /** The lock; undefined before and after the section holds it. */
  lock: Lock | undefined;
  /** The section around this one, in the same flow of control. */
  readonly outer: Section | undefined;
  /** Locks that code inside this section waits for. */
  readonly waitsFor: Lock[];
}

interface Shared {
  /** Locks that are held, by key. */
  readonly locks: Map<unknown, Lock>;
  /** The innermost section around the code that runs. It follows the flow of control through every suspension. */
  readonly current: AsyncLocalStorage<Section>;
  /** Whether {@link restLater} will look whether there are sections. */
  isResting: boolean;
}

/** Of all copies of this package in the process. */
const shared = inCommon<Shared>('sections/2', () => ({
  locks: new Map(),
  current: new AsyncLocalStorage(),
  isResting: false,
}));
const { locks, current } = shared;

/** Milliseconds after which the flow of control is followed no more where there is no section. */
const REST = 100;

/** Waiting for each other, or for oneself. */
export class DeadlockError extends Error {
  override readonly name = 'DeadlockError';
  readonly code = 'ERR_UNBLOCK_DEADLOCK';
}

/**
 * Runs `body` as a section of the lock that `key` stands for; in a section of that lock, at once.
 *
 * @param body returns its result or suspends. If the result is a promise, the section lasts until it settles
 * @returns the result, or SUSPENDED, also where the lock has to be waited for
 * @throws {DeadlockError} if the lock's holder waits for a lock that this flow of control holds
 */
export function inSection(key: unknown, body: () => unknown): unknown {
  // Sections that have ended would be kept for ever by a chain of flows that start each other.
  const outer = locks.size === 0 ? undefined : current.getStore();
  const held = locks.get(key);
  if (held === undefined) {
    const section: Section = { lock: undefined, outer, waitsFor: [] };
    section.lock = { key, holder: section, waiting: [] };
    locks.set(key, section.lock);
    return enter(section, body);
  }
  if (chain(outer).some(({ lock }) => lock === held)) return body();
  return suspend(whenFree(held, outer, body));
}

/** A section and those around it, innermost first. */
function chain(section: Section | undefined): Section[] {
  const sections: Section[] = [];
  for (let at = section; at !== undefined; at = at.outer) sections.push(at);
  return sections;
}

function enter(section: Section, body: () => unknown): unknown {
  let result: unknown;
  try {
    result = current.run(section, body);
  } catch (error) {
    leave(section);
    throw error;
  }
  if (result === SUSPENDED) return suspend(untilSettled(take(), section));
  if (types.isPromise(result)) return untilSettled(result, section);
  leave(section);
  return result;
}

async function untilSettled(pending: Promise<unknown>, section: Section): Promise<unknown> {
  try {
    return await pending;
  } finally {
    leave(section);
  }
}

async function whenFree(lock: Lock, outer: Section | undefined, body: () => unknown): Promise<unknown> {
  const frame = beginFrame();
  const own = chain(outer);
  if (leadsTo(lock, new Set(own))) {
    const keys = [...new Set([lock, ...own.flatMap((section) => section.lock ?? [])])].map(({ key }) => nameOf(key));
    throw new DeadlockError(
      `atomic: sections wait for each other; they hold ${keys.join(' and ')}. Enter them in the same order everywhere.`,
    );
  }
  const section: Section = { lock: undefined, outer, waitsFor: [] };
  for (const { waitsFor } of own) waitsFor.push(lock);
  try {
    await asWait(turn(lock, section));
  } finally {
    for (const { waitsFor } of own) waitsFor.splice(waitsFor.indexOf(lock), 1);
  }
  const result = enter(section, body);
  return result === SUSPENDED ? await take(frame) : box(result);
}

/** Waits until `section` has the lock. */
async function turn(lock: Lock, section: Section): Promise<void> {
  const scope = currentScope();
  if (scope !== undefined) throwIfInterrupted(scope);
  let place: Lock['waiting'][number] | undefined;
  const pending = new Promise<void>((begin) => {
    place = { section, begin };
    lock.waiting.push(place);
  });
  if (scope === undefined) return pending;
  const interruption: Interruption = { isInterrupted: false, release: undefined };
  interruption.release = () => {
    const at = lock.waiting.indexOf(place as Lock['waiting'][number]);
    if (at >= 0) lock.waiting.splice(at, 1);
    // It has just been handed over.
    else leave(section);
  };
  await unlessInterrupted(scope, pending, interruption, undefined);
}

/** Whether who holds the lock waits, maybe by way of others, for what one of `sections` holds. */
function leadsTo(lock: Lock, sections: ReadonlySet<Section>, seen = new Set<Lock>()): boolean {
  if (seen.has(lock)) return false;
  seen.add(lock);
  return sections.has(lock.holder) || lock.holder.waitsFor.some((next) => leadsTo(next, sections, seen));
}

function leave(section: Section): void {
  const lock = section.lock as Lock;
  section.lock = undefined;
  const next = lock.waiting.shift();
  if (next === undefined) {
    locks.delete(lock.key);
    if (locks.size === 0) restLater();
    return;
  }
  // The lock is handed over before its new holder runs, so that nobody comes in between.
  lock.holder = next.section;
  next.section.lock = lock;
  next.begin();
}

/**
 * Up to Node 22, following the flow of control makes every promise of the process several times as expensive, and beginning and ending it takes longer
 * than a short section. What the flows hold of sections that have ended is of no use to anybody.
 */
function restLater(): void {
  if (shared.isResting) return;
  shared.isResting = true;
  const rest = () => {
    shared.isResting = false;
    if (locks.size === 0) current.disable();
  };
  setTimeout(rest, REST).unref();
}

function nameOf(key: unknown): string {
  if (typeof key === 'string') return JSON.stringify(key);
  return typeof key === 'symbol'
    ? (key.description ?? 'a symbol')
    : typeof key === 'object'
      ? 'an object'
      : String(key);
}
