/**
 * Twins of the blocking functions of node:crypto: they run the callback form, on libuv's thread pool.
 *
 * Memory: Node copies keys, passwords, salts and the data of `sign` and `verify` before it hands a job to the pool, so that other
 * tasks may change them meanwhile. `randomFill` writes into the caller's buffer from the pool; tasks that read it before the
 * call has returned see it half filled.
 */
import { types } from 'node:util';
import { interruptible } from '../../green/interruption.js';
import { type Callable, linkTwin, rootOf } from '../../twin/protocol.js';
import { blockingCall } from '../blockingCall.js';
import { computing, newPace } from '../lanes.js';
import { type Offload, offload } from '../offload.js';
import { BLOCKING_CRYPTO, type BlockingCrypto, exportsOfCrypto, takesCallback } from './table.js';

/** Links the twins. Functions that the running Node lacks, or that take no callback there, get none. */
export function installCrypto(): void {
  for (const row of BLOCKING_CRYPTO) {
    const original = exportsOfCrypto[row.name];
    const callbackForm = exportsOfCrypto[row.callbackForm];
    if (typeof original !== 'function' || typeof callbackForm !== 'function') continue;
    if (takesCallback(row, callbackForm))
      linkTwin(original as Callable, twinFor(row, original as Callable, callbackForm as Callable));
  }
}

function twinFor(row: BlockingCrypto, original: Callable, callbackForm: Callable): Callable {
  const { arity, cheap, collect, defaults, heavy } = row;
  const pace = newPace();
  const callbackIsOptional = original === callbackForm;
  return function twin(this: unknown, ...args: unknown[]): unknown {
    // A callback makes the call a registration, which compiled code would have asked the root adapter for but for this twin.
    if (callbackIsOptional && args.some((arg) => typeof arg === 'function')) {
      return Reflect.apply(rootOf(original) ?? original, this, args);
    }
    const block = () => blockingCall(original, this, args, twin);
    if (callbackIsOptional && args[arity] !== undefined) return block();
    const own = args.slice(0, arity);
    // The callback forms take a function in an earlier place for the callback; the blocking ones refuse it or ignore it.
    if (own.some((arg) => typeof arg === 'function') || cheap?.(own)) return block();
    for (let at = 0; at < arity; at++) own[at] = own[at] === undefined ? defaults?.[at] : own[at];
    // Node copies what it is given when it starts.
    const kept = heavy && computing.isTaken(pace) ? own.map(copied) : undefined;
    const call: Offload = {
      start: (done) => Reflect.apply(callbackForm, this, [...(kept ?? own), done]),
      block: kept === undefined ? block : () => blockingCall(original, this, kept, twin),
      collect,
      // The callback errors of sign and verify lack library, reason and code (Node 20 to 24).
      repeatOnFailure: true,
    };
    return interruptible((interruption) => offload(heavy ? computing.whenFree(call, interruption, pace) : call));
  };
}

/** An argument as it is now: of bytes and of options the caller may change later. */
function copied(value: unknown): unknown {
  if (ArrayBuffer.isView(value)) return Buffer.from(new Uint8Array(value.buffer, value.byteOffset, value.byteLength));
  if (types.isArrayBuffer(value)) return value.slice(0);
  const isPlain = typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
  return isPlain ? { ...value } : value;
}
