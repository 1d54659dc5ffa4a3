/**
 * The twin protocol: how compiled code finds the asynchronous counterpart of a function, and how a call says that it
 * suspended.
 *
 * All state is reached through `Symbol.for` keys, so that several copies of this package in one process agree.
 */
import { inCommon } from './common.js';

/** Any callable, whatever it takes and returns. */
// biome-ignore lint/suspicious/noExplicitAny: the top type of callables; `unknown` parameters would reject every function.
export type Callable = (this: any, ...args: any[]) => any;

/** Any constructor, whatever it takes. */
// biome-ignore lint/suspicious/noExplicitAny: the top type of constructors, for the same reason.
export type Constructor = new (...args: any[]) => object;

/** Property of an original function: its twin, or its root adapter where it has no twin. */
export const TWIN: unique symbol = Symbol.for('unblock.twin') as never;
/** Property of a registering function: the adapter that takes callbacks with twins (see {@link linkRoot}). */
export const ROOT: unique symbol = Symbol.for('unblock.root') as never;
/** Property of a constructor: the function that does what `new` does, and may suspend (see {@link linkConstruction}). */
export const CONSTRUCTION: unique symbol = Symbol.for('unblock.construction') as never;
/** Property of a twin or adapter: the {@link Origin} that knows the function it stands for. Without it a link does not count. */
export const ORIGIN: unique symbol = Symbol.for('unblock.origin') as never;
/** Property of a root adapter that holds the place of a twin which is not there. */
export const ADAPTER: unique symbol = Symbol.for('unblock.adapter') as never;
/** What a twin returns instead of a result when it has left a continuation in the register. */
export const SUSPENDED: unique symbol = Symbol.for('unblock.suspended') as never;

export type Suspended = typeof SUSPENDED;

/** Carries a value across an `await` that must not be flattened, should the value be thenable. */
export interface Boxed {
  readonly value: unknown;
}

/**
 * Knows a function without exposing it. If a twin had a property with its function, code that walks over all properties of objects (such as a deep freeze) would run in a
 * circle.
 */
interface Origin {
  isOf(fn: unknown): boolean;
}

/** One call of a function that may suspend, from its beginning to its end. */
export interface Frame {
  /** The turn of the event loop that it belongs to, once it has suspended. Its value is the {@link Follower}'s. */
  turn?: unknown;
  /** For an `async` function, until it first suspends or awaits: how many emitters had been made when it began. Those made since are its own. */
  since?: number | undefined;
}

/** Follows turns of the event loop by the frames that suspend in them. */
export interface Follower {
  /**
   * A frame suspends until `pending` settles.
   *
   * @param inner the turn of the frame that it has called and that has suspended just before, if there is one
   * @returns the turn that both belong to
   */
  suspend(pending: Promise<unknown>, frame: Frame, inner: unknown): unknown;
  /** The turn of a frame that suspends before it has called anything. */
  begin(): unknown;
}

interface Shared {
  /** The register: the continuation of the call that has just returned {@link SUSPENDED}. */
  pending: Promise<unknown> | undefined;
  follower: Follower | undefined;
  /** The turn of the frame that took a continuation last, and is about to suspend itself. */
  taken: unknown;
  /** The turn of the frame whose continuation is in the register. */
  unwound: unknown;
  /** The frame of this package that runs: see {@link inFrame}. */
  running: Frame | undefined;
  /** The state of generators that may suspend: see `generators.ts`. */
  readonly activations: WeakMap<object, unknown>;
  /** Whether a module is being loaded. */
  isLoading: boolean;
  /** The activation of the generator that is about to run, until its body takes it. */
  entering: unknown;
  /** The call of the form that is about to run, until its body takes it: see `calls.ts`. */
  calling: unknown;
  readonly Box: new (value: unknown) => Boxed;
  readonly Origin: (new (fn: unknown) => Origin) & { is(value: unknown): value is Origin };
}

/** What all copies of this package in the process have in common. */
export const shared = inCommon<Shared>('shared/4', () => ({
  pending: undefined,
  follower: undefined,
  taken: undefined,
  unwound: undefined,
  running: undefined,
  activations: new WeakMap(),
  isLoading: false,
  entering: undefined,
  calling: undefined,
  Box: class Box {
    value: unknown;
    constructor(value: unknown) {
      this.value = value;
    }
  },
  Origin: class Origin {
    readonly #fn: unknown;
    constructor(fn: unknown) {
      this.#fn = fn;
    }
    static is(value: unknown): value is Origin {
      return typeof value === 'object' && value !== null && #fn in value;
    }
    isOf(fn: unknown): boolean {
      return this.#fn === fn;
    }
  },
}));

const { Box, Origin } = shared;

/**
 * Boxes `value` if awaiting it could do anything but yield it. Objects and functions are boxed without looking at
 * their `then`, because looking may run a getter that the synchronous program never ran.
 */
export function box(value: unknown): unknown {
  return (typeof value === 'object' && value !== null) || typeof value === 'function' ? new Box(value) : value;
}

/** Undoes {@link box}; any value that is not a box is returned as it is. */
export function unbox(value: unknown): unknown {
  return value instanceof Box ? value.value : value;
}

/**
 * Leaves a continuation in the register. A twin suspends with `return suspend(promise)`.
 *
 * @param pending resolves to the result of the call ({@link box}ed where it may be thenable) or rejects with what the
 *   call throws. Every caller must {@link take} it before it calls anything else.
 */
export function suspend(pending: Promise<unknown>): Suspended {
  shared.pending = pending;
  shared.unwound = shared.taken;
  shared.taken = undefined;
  return SUSPENDED;
}

/**
 * Takes the continuation that the last {@link suspend} left; `unbox(await take())` is the result of the call.
 *
 * @param frame the call that suspends with it
 * @param isOutermost whether no frame waits for this one: its caller is the event loop, or has received a promise
 */
export function take(frame?: Frame, isOutermost = false): Promise<unknown> {
  const { pending, follower, unwound } = shared;
  if (pending === undefined) throw new Error('@unblock/runtime: take() without a suspended call');
  shared.pending = undefined;
  if (follower === undefined) return pending;
  shared.unwound = undefined;
  // The caller of a frame that has suspended before is waiting for it already.
  const isAgain = frame?.turn !== undefined;
  const turn = frame === undefined ? unwound : follower.suspend(pending, frame, unwound);
  shared.taken = isOutermost || isAgain ? undefined : turn;
  return pending;
}

/** {@link take} for callers that are no frame of a function, and for which no frame waits. */
export function takeOutermost(): Promise<unknown> {
  return take(undefined, true);
}

/** Lets `follower` know of the frames that suspend from now on. There is one in a process. */
export function followTurns(follower: Follower): void {
  shared.follower ??= follower;
}

/** The frame of a call that has called nothing yet, and {@link suspend}s next, because it has to wait for other calls. */
export function beginFrame(): Frame {
  const turn = shared.follower?.begin();
  shared.taken = turn;
  return { turn };
}

/** {@link take} for code that is run by {@link inFrame}. */
export function takeInFrame(): Promise<unknown> {
  return take(shared.running);
}

/** Runs `body`, which may {@link takeInFrame}, as a part of `frame`. */
export function inFrame<T>(frame: Frame, body: () => T): T {
  const { running } = shared;
  shared.running = frame;
  try {
    return body();
  } finally {
    shared.running = running;
  }
}

type Linked = Callable & {
  [TWIN]?: unknown;
  [ROOT]?: unknown;
  [CONSTRUCTION]?: unknown;
  [ORIGIN]?: unknown;
  [ADAPTER]?: unknown;
};

function defineLink(from: Callable | Constructor, key: symbol, to: Callable | Constructor): void {
  // Enumerable, since only code that walks over everything sees properties of twins and adapters. A plain write takes a tenth of the time, which matters for closures.
  (to as Linked)[ORIGIN] = new Origin(from);
  // A frozen function stays without a link, and so keeps blocking.
  Reflect.defineProperty(from, key, { value: to, configurable: true, writable: true });
}

function follow(from: unknown, key: typeof TWIN | typeof ROOT | typeof CONSTRUCTION): Callable | undefined {
  if (typeof from !== 'function') return undefined;
  try {
    const to = (from as Linked)[key] as Linked | undefined;
    if (to === undefined || to === null) return undefined;
    const origin = to[ORIGIN];
    return Origin.is(origin) && origin.isOf(from) ? to : undefined;
  } catch {
    // Only a Proxy can get here: its `get` trap threw, which the synchronous program would not have provoked.
    return undefined;
  }
}

/**
 * Whether `fn` is a function without twin and root adapter, and not a Proxy that throws when asked. Written so that V8 inlines it: it reads a single property, because
 * each read counts at calls of functions of many shapes.
 */
export function isUnlinked(fn: unknown): fn is Callable {
  try {
    return typeof fn === 'function' && (fn as Linked)[TWIN] === undefined;
  } catch {
    return false;
  }
}

/** The twin of `fn`, which returns its result or {@link SUSPENDED}; undefined where there is none. */
export function twinOf(fn: unknown): Callable | undefined {
  const found = follow(fn, TWIN) as Linked | undefined;
  // A root adapter holds the place of a twin that is not there.
  return found === undefined || found[ADAPTER] === true ? undefined : found;
}

/** What compiled code calls in place of `fn`: its twin, unless a module is being loaded (see `loading.ts`); undefined for `fn` itself. */
export function twinToCall(fn: unknown): Callable | undefined {
  return shared.isLoading ? undefined : twinOf(fn);
}

/** The root adapter of `fn` (see {@link linkRoot}); undefined where there is none. */
export function rootOf(fn: unknown): Callable | undefined {
  return follow(fn, ROOT);
}

/** What does the work of `new ctor(...)` and may suspend; undefined where there is nothing of the kind. */
export function constructionOf(ctor: unknown): Callable | undefined {
  return follow(ctor, CONSTRUCTION);
}

/**
 * Links `twin` to `fn` by the protocol: `twin` returns the result of the call, or `suspend(...)`.
 * Does nothing if `fn` has a twin already (two copies of the runtime install the same twins).
 *
 * @returns fn
 */
export function linkTwin<F extends Callable>(fn: F, twin: Callable): F {
  if (twinOf(fn) === undefined) defineLink(fn, TWIN, twin);
  return fn;
}

/**
 * Links to a registering function (`setTimeout`, `emitter.on`, `promise.then`, ...) an adapter that compiled code calls in its
 * place, with the same receiver and arguments, whenever an argument may have a twin. The adapter replaces such
 * callbacks by ones that start the twin, and calls the original.
 *
 * @returns fn
 */
export function linkRoot<F extends Callable | Constructor>(fn: F, adapter: Callable | Constructor): F {
  if (rootOf(fn) !== undefined) return fn;
  const hasTwin = twinOf(fn) !== undefined;
  defineLink(fn, ROOT, adapter);
  // The adapter is linked as a twin, too, so that one look-up can find out that there is neither.
  if (hasTwin) return fn;
  Object.defineProperty(adapter, ADAPTER, { value: true, configurable: true });
  defineLink(fn, TWIN, adapter);
  return fn;
}

/**
 * Links to a constructor the function that compiled code calls in place of `new`, with what is to be `new.target` and a list of arguments. It is no
 * twin, because `new` drops what a constructor returns unless it is an object, and so would drop {@link SUSPENDED}.
 */
export function linkConstruction(ctor: Constructor, construct: Callable): void {
  if (constructionOf(ctor) === undefined) defineLink(ctor, CONSTRUCTION, construct);
}
