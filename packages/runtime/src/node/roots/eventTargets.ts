/**
 * Adapters of EventTarget, and of the emitter methods that MessagePort adds to it, for events that the event loop dispatches. Listeners
 * of other events are registered as they are. EventTarget has no convention for listeners that stand for others, so that a listener
 * which compiled code adds can be removed by compiled code only.
 */
import { MessagePort } from 'node:worker_threads';
import { type Callable, linkRoot, SUSPENDED, takeOutermost, twinOf } from '../../twin/protocol.js';
import { closeUntil, enqueue, gateIfAny, gateOf, isClosed } from './gate.js';
import { orderOf } from './loopEvents.js';
import { isEmittedByProgram } from './stackOrigin.js';
import { throwUncaught } from './uncaught.js';
import { dress } from './wrap.js';

type Target = object & Record<string, Callable>;

export function installEventTargets(): void {
  // In a sandbox there may be no EventTarget.
  if (typeof EventTarget === 'function') {
    linkAdding(EventTarget.prototype, 'addEventListener');
    linkRemoving(EventTarget.prototype, 'removeEventListener');
  }
  const port = MessagePort.prototype as unknown as Target;
  for (const name of ['on', 'addListener', 'once']) linkAdding(port, name);
  for (const name of ['off', 'removeListener']) linkRemoving(port, name);
}

/** One wrapper per listener, because a target calls a listener once however often it has been added. */
const wrappers = new WeakMap<Callable, Callable>();

function wrapperFor(listener: Callable, twin: Callable): Callable {
  const known = wrappers.get(listener);
  if (known !== undefined) return known;
  const run = (target: object, args: unknown[]): void => {
    const gate = gateOf(target);
    if (isClosed(gate)) enqueue(gate, () => run(target, args));
    else if (Reflect.apply(twin, target, args) === SUSPENDED) closeUntil(gate, takeOutermost(), throwUncaught);
  };
  const wrapper: Callable = dress(function (this: object, ...args: unknown[]) {
    const gate = gateIfAny(this);
    if ((gate !== undefined && isClosed(gate)) || !isEmittedByProgram(wrapper)) run(this, args);
    else Reflect.apply(listener, this, args);
  }, listener);
  wrappers.set(listener, wrapper);
  return wrapper;
}

function linkAdding(prototype: object, name: string): void {
  const original = (prototype as Target)[name] as Callable;
  linkRoot(original, function (this: object, type: unknown, listener: unknown, ...rest: unknown[]) {
    const twin = twinOf(listener);
    const wrapped =
      twin !== undefined && orderOf(this, type) !== undefined ? wrapperFor(listener as Callable, twin) : listener;
    return Reflect.apply(original, this, [type, wrapped, ...rest]);
  });
}

/** Removes both the wrapper and the listener, because code that is not compiled adds the listener itself. */
function linkRemoving(prototype: object, name: string): void {
  const original = (prototype as Target)[name] as Callable;
  linkRoot(original, function (this: object, type: unknown, listener: unknown, ...rest: unknown[]) {
    const wrapper = typeof listener === 'function' ? wrappers.get(listener as Callable) : undefined;
    if (wrapper !== undefined) Reflect.apply(original, this, [type, wrapper, ...rest]);
    return Reflect.apply(original, this, [type, listener, ...rest]);
  });
}
