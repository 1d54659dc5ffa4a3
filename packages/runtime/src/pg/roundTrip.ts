/**
 * Twins of what the package libpq has in no other form than the blocking one: they find out, without blocking, whether the server answers, and
 * then block while it answers once more.
 */
import { box, suspend } from '../twin/protocol.js';
import { asWait } from '../twin/waits.js';
import { commandPoll } from './command.js';
import type { Libpq } from './driver.js';
import { asOwn, canWait, complete, deadlineOf, onConnection, settingsFor } from './operation.js';
import { addressOf, isSilent } from './reachability.js';
import { GRACE } from './waitCallback.js';

/** What a cancel request says of a server that does not answer. */
export const SILENT = 'The server does not answer.';

/** What `describePrepared(name)` does. A synchronisation of the protocol goes before it, which changes nothing. */
export function describe(pq: Libpq, block: () => unknown): unknown {
  const settings = settingsFor(pq);
  const { waitCallback } = settings;
  if (waitCallback === null || pq.pipelineModeSupported?.() !== true) return block();
  const deadline = deadlineOf(settings);
  const synchronisation = { send: () => pq.enterPipelineMode() && pq.pipelineSync(), block: () => undefined };
  return suspend(
    onConnection(pq, settings, async (onInterrupt) => {
      if (canWait(pq)) {
        await complete(pq, waitCallback, deadline, commandPoll(pq, synchronisation), onInterrupt);
        pq.exitPipelineMode();
      }
      asOwn(pq, block);
    }),
  );
}

/**
 * What `cancel()` does.
 *
 * @param otherwise what happens where the server does not answer
 */
export function whenAnswering(pq: Libpq, block: () => unknown, otherwise: () => unknown): unknown {
  const address = settingsFor(pq).waitCallback === null ? undefined : addressOf(pq);
  if (address === undefined) return block();
  return suspend(asWait(isSilent(address, GRACE)).then((silent) => box(silent ? otherwise() : block())));
}
