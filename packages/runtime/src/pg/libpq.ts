/** Twins of the package libpq. */

import { interruptible } from '../green/interruption.js';
import { setImmediate } from '../node/clock.js';
import { computing } from '../node/lanes.js';
import { type Offload, offload } from '../node/offload.js';
import { bag, mainExport } from '../packs/exports.js';
import { type Callable, linkTwin, SUSPENDED, suspend, takeOutermost } from '../twin/protocol.js';
import { type Command, run } from './command.js';
import { copied, nextCopied, nextResult, sent } from './copy.js';
import type { Libpq } from './driver.js';
import { isOwnCall, settingsFor } from './operation.js';
import { describe, SILENT, whenAnswering } from './roundTrip.js';
import { withoutSecrets } from './secrets.js';
import { busy, inTurn, isTaken } from './turns.js';

type Method = (pq: Libpq, block: () => unknown, args: readonly unknown[]) => unknown;

const METHODS: Readonly<Record<string, Method>> = {
  connectSync: (pq, block, [parameters]) => connect(pq, block, parameters),
  exec: (pq, block, [text]) =>
    run(
      pq,
      command(block, () => pq.sendQuery(text as string)),
    ),
  execParams: (pq, block, [text, values]) =>
    withList(values, block, (list) =>
      run(
        pq,
        command(block, () => pq.sendQueryParams(text as string, list)),
      ),
    ),
  prepare: (pq, block, args) =>
    args.length === 3
      ? run(
          pq,
          command(block, () => pq.sendPrepare(...(args as [string, string, number]))),
        )
      : block(),
  execPrepared: (pq, block, [name, values]) =>
    withList(values, block, (list) =>
      run(
        pq,
        command(block, () => pq.sendQueryPrepared(name as string, list)),
      ),
    ),
  describePrepared: (pq, block) => describe(pq, block),
  cancel: (pq, block) => whenAnswering(pq, block, () => SILENT),
  getResult: (pq, block) => nextResult(pq, block),
  getCopyData: (pq, block, [isAsync]) => (isAsync ? block() : nextCopied(pq, block)),
  putCopyData: (pq, block, [data]) =>
    data instanceof Buffer ? copied(pq, () => pq.putCopyData(data), block) : block(),
  putCopyEnd: (pq, block, [message]) => copied(pq, () => pq.putCopyEnd(message as string), block),
  sendQuery: (pq, block, [text]) => sent(pq, () => pq.sendQuery(text as string), block),
  sendQueryParams: (pq, block, [text, values]) =>
    withList(values, block, (list) => sent(pq, () => pq.sendQueryParams(text as string, list), block)),
  sendPrepare: (pq, block, args) =>
    args.length === 3 ? sent(pq, () => pq.sendPrepare(...(args as [string, string, number])), block) : block(),
  sendQueryPrepared: (pq, block, [name, values]) =>
    withList(values, block, (list) => sent(pq, () => pq.sendQueryPrepared(name as string, list), block)),
  pipelineSync: (pq, block) => sent(pq, () => pq.pipelineSync(), block),
  sendFlushRequest: (pq, block) => sent(pq, () => pq.sendFlushRequest(), block),
  // They send what is left, which is what they may wait for.
  exitPipelineMode: (pq, block) => sent(pq, () => true, block, block),
  flush: (pq, block) => sent(pq, () => true, block, block),
};

function command(block: () => unknown, send: () => boolean): Command {
  return { send, block };
}

/** The list of parameters as it is now: the call may have to wait for its turn. What is no list is refused by the blocking form. */
function withList(values: unknown, block: () => unknown, then: (list: readonly unknown[]) => unknown): unknown {
  if (values && !Array.isArray(values)) return block();
  return then(Array.isArray(values) ? [...values] : []);
}

/**
 * `PQconnectdb` runs on a thread of the pool, and honours `connect_timeout`. The package takes nothing but text there.
 *
 * @throws the error that the blocking form throws, and closes the connection as that does
 */
function connect(pq: Libpq, block: () => unknown, parameters: unknown): unknown {
  const settings = settingsFor(pq);
  if (settings.waitCallback === null || isTaken(pq)) return block();
  const text = parameters ? String(parameters) : '';
  let isUnwanted = (): boolean => false;
  const call: Offload = {
    // What waits for a thread need not begin.
    start: (done) => (isUnwanted() ? done(undefined) : pq.connect(text, done)),
    block,
    repeatOnFailure: false,
    describeFailure() {
      const error = new Error(withoutSecrets(pq.errorMessage(), text));
      pq.finish();
      return error;
    },
  };
  // The thread cannot be interrupted: a connection that comes too late is closed.
  const close = (): void => pq.finish();
  const body = async (): Promise<void> => {
    await connecting(call);
    if (pq.connected === true) return;
    pq.finish();
    throw new Error('The connection was closed before it was open.');
  };
  return interruptible((interruption) => {
    isUnwanted = () => interruption?.isInterrupted === true;
    return suspend(inTurn(pq, NO_RULES, () => {}, body));
  }, close);
}

async function connecting(call: Offload): Promise<void> {
  if (offload(computing.whenFree(call, undefined)) === SUSPENDED) await takeOutermost();
}

/** Nothing but connecting can be under way on a connection that is not connected. */
const NO_RULES = { concurrentUse: 'refuse', queueTimeout: 0, isFree: () => true } as const;

/** Native functions that would take or drop the results of an operation of the runtime, were they called while it is under way. */
const EXCLUSIVE: readonly string[] = [
  ...[
    '$exec',
    '$execParams',
    '$prepare',
    '$execPrepared',
    '$describePrepared',
    '$connectSync',
    '$getResult',
    'getResult',
  ],
  ...[
    '$getCopyData',
    '$putCopyData',
    '$putCopyEnd',
    '$sendQuery',
    '$sendQueryParams',
    '$sendPrepare',
    '$sendQueryPrepared',
  ],
];

/** Lets code that had to stay synchronous fail where it calls a connection on which an operation is under way. */
function guard(prototype: Record<string, unknown>): void {
  for (const name of EXCLUSIVE) {
    const original = prototype[name];
    if (typeof original !== 'function') continue;
    prototype[name] = function (this: Libpq, ...args: unknown[]): unknown {
      if (isTaken(this) && !isOwnCall(this)) throw busy();
      return Reflect.apply(original, this, args);
    };
  }
}

/** Connections whose watchers are being closed. */
const closing = new Set<Libpq>();

/**
 * Keeps a connection that is finished until the loop has closed the watcher of its socket, which is part of it. The package does not: where a
 * major collection comes in between, the process ends with an assertion of libuv (seen with libpq 1.11 on Node 20).
 */
function keepWhileClosing(prototype: Record<string, unknown>): void {
  const original = prototype.$finish;
  if (typeof original !== 'function') return;
  prototype.$finish = function (this: Libpq, ...args: unknown[]): unknown {
    closing.add(this);
    // The first may come before what is closed in this turn of the loop.
    setImmediate(() => setImmediate(() => closing.delete(this)));
    return Reflect.apply(original, this, args);
  };
}

/** Prototypes whose functions are linked. What a program puts in their place later is its own. */
const linked = new WeakSet<object>();

/** Links the blocking functions of `libpq`, the package's main export. */
export function applyLibpq(libpq: unknown): void {
  const prototype = bag(mainExport(libpq)).prototype as Record<string, unknown> | undefined;
  if (prototype === undefined || linked.has(prototype)) return;
  if (typeof prototype.exec !== 'function' || typeof prototype.sendQuery !== 'function') return;
  linked.add(prototype);
  guard(prototype);
  keepWhileClosing(prototype);
  for (const [name, method] of Object.entries(METHODS)) {
    const original = prototype[name];
    if (typeof original !== 'function') continue;
    linkTwin(original as Callable, function (this: Libpq, ...args: unknown[]): unknown {
      return method(this, () => Reflect.apply(original, this, args), args);
    });
  }
}
