/**
 * Adapters of EventTarget, and of the emitter methods that MessagePort adds to it, for events that the event loop dispatches. Listeners
 * of other events are registered as they are. EventTarget has no convention for listeners that stand for others, so that a listener
 * which compiled code adds can be removed by compiled code only.
 */
import { MessagePort } from 'node:worker_threads';
import { type Callable, linkRoot, SUSPENDED, takeOutermost, twinOf } from '../../twin/protocol.js';
import { closeUntil, enqueue, gateIfAny, gateOf, isClosed } from './gate.js';
import { declareLate, isRegistered, isToldLater, tellLater } from './lateDispatch.js';
import { orderOf } from './loopEvents.js';
import { isEmittedByProgram } from './stackOrigin.js';
import { throwUncaught } from './uncaught.js';
import { dress } from './wrap.js';

type Target = object & Record<string, Callable>;

export function installEventTargets(): void {
  // In a sandbox there may be no EventTarget.
  if (typeof EventTarget === 'function') {
    const { addEventListener } = EventTarget.prototype as unknown as Target;
    linkAdding(addEventListener as Callable, addEventListener as Callable, isOnce);
    linkRemoving(EventTarget.prototype, 'removeEventListener');
  }
  const port = MessagePort.prototype as unknown as Target;
  for (const name of ['on', 'addListener']) linkAdding(port[name] as Callable, port[name] as Callable, () => false);
  linkAdding(port.once as Callable, port.on as Callable, () => true);
  for (const name of ['off', 'removeListener']) linkRemoving(port, name);
}

/**
 * Links an adapter to a method that adds listeners.
 *
 * @param add adds a wrapper in its place. Not `once`: Node would remove a wrapper whose listener is not to run yet, and another may be in its place by then
 * @param takesOne tells from the options whether the listener is to be called once
 */
function linkAdding(original: Callable, add: Callable, takesOne: (options: unknown) => boolean): void {
  linkRoot(original, function (this: EventTarget, type: unknown, listener: unknown, ...rest: unknown[]) {
    const twin = twinOf(listener);
    // Events that the loop emits have names.
    if (twin === undefined || typeof type !== 'string' || orderOf(this, type) === undefined) {
      return Reflect.apply(original, this, [type, listener, ...rest]);
    }
    const callsOnce = takesOne(rest[0]);
    const wrapper = wrapperFor(this, type, listener as Callable, twin, callsOnce ? captureOf(rest[0]) : undefined);
    const options = callsOnce && isObject(rest[0]) ? [Object.create(rest[0], { once: { value: false } })] : rest;
    return Reflect.apply(add, this, [type, wrapper, ...options]);
  });
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function isOnce(options: unknown): boolean {
  return isObject(options) && Boolean((options as { once?: unknown }).once);
}

function captureOf(options: unknown): boolean {
  return Boolean(isObject(options) ? (options as { capture?: unknown }).capture : options);
}

type Wrappers = WeakMap<Callable, Callable>;

/** What stands for listeners, by target and type. */
const wrappers = new WeakMap<object, Map<unknown, Wrappers>>();

function wrappersOf(target: object, type: unknown): Wrappers {
  const ofTarget = wrappers.get(target) ?? new Map<unknown, Wrappers>();
  const ofType = ofTarget.get(type) ?? new WeakMap<Callable, Callable>();
  wrappers.set(target, ofTarget.set(type, ofType));
  return ofType;
}

/**
 * There is one wrapper for a listener that is registered, because a target calls a listener once however often it has been added.
 *
 * @param onceIn of a listener that is to be called once: the `capture` with which it is registered
 */
function wrapperFor(target: EventTarget, type: string, listener: Callable, twin: Callable, onceIn?: boolean): Callable {
  const known = wrappersOf(target, type);
  const registered = known.get(listener);
  if (registered !== undefined && isRegistered(target, type, registered)) return registered;
  const claim = (): void => {
    if (onceIn !== undefined) target.removeEventListener(type, wrapper, onceIn);
  };
  const run = (args: unknown[]): void => {
    const gate = gateOf(target);
    if (isClosed(gate)) {
      enqueue(gate, () => {
        if (isRegistered(target, type, wrapper)) run(args);
      });
      return;
    }
    claim();
    if (Reflect.apply(twin, target, args) !== SUSPENDED) return;
    closeUntil(gate, takeOutermost(), throwUncaught);
    tellLater(target);
  };
  const wrapper: Callable = dress((...args: unknown[]) => {
    const gate = gateIfAny(target);
    if (gate !== undefined && isClosed(gate)) {
      if (!isToldLater(target, type)) run(args);
    } else if (isEmittedByProgram(wrapper)) {
      claim();
      Reflect.apply(listener, target, args);
    } else run(args);
  }, listener);
  declareLate(wrapper);
  known.set(listener, wrapper);
  return wrapper;
}

/** Removes both the wrapper and the listener, because code that is not compiled adds the listener itself. */
function linkRemoving(prototype: object, name: string): void {
  const original = (prototype as Target)[name] as Callable;
  linkRoot(original, function (this: object, type: unknown, listener: unknown, ...rest: unknown[]) {
    const ofType = wrappers.get(this)?.get(type);
    const wrapper = typeof listener === 'function' ? ofType?.get(listener as Callable) : undefined;
    if (wrapper !== undefined) Reflect.apply(original, this, [type, wrapper, ...rest]);
    return Reflect.apply(original, this, [type, listener, ...rest]);
  });
}
