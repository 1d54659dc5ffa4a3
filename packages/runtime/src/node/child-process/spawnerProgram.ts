/**
 * The program of the spawner process: it spawns children on behalf of the process that has started it, and sends how they ended. It goes when
 * that process goes.
 */
import type { Outcome, Request } from './collect.js';
import { identity } from './identity.js';
import { collectInTurn } from './queue.js';

/** What the spawner is told. */
export type Order =
  | { readonly kind: 'run'; readonly id: number; readonly request: Request }
  | { readonly kind: 'stop'; readonly id: number };

/** What the spawner tells. */
export type Report =
  | { readonly kind: 'ready'; readonly identity: string }
  | { readonly kind: 'ended'; readonly id: number; readonly outcome: Outcome };

const report = (message: Report) => process.send?.(message);

/**
 * What a terminal or a service manager sends to all processes of a group: the spawner goes with the process that it works for, and does not
 * stop where that does not.
 */
const FOR_THE_GROUP: readonly NodeJS.Signals[] = [
  ...(['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGUSR1', 'SIGUSR2', 'SIGALRM'] as const),
  ...(['SIGTSTP', 'SIGTTIN', 'SIGTTOU'] as const),
];
for (const signal of FOR_THE_GROUP) process.on(signal, () => {});
process.on('disconnect', () => process.exit());

/** What stops the children that run, and those that are still to be spawned. */
const running = new Map<number, () => void>();

process.on('message', (order: Order) => {
  const { id } = order;
  if (order.kind === 'stop') {
    running.get(id)?.();
    return;
  }
  const ended = (outcome: Outcome) => {
    running.delete(id);
    report({ kind: 'ended', id, outcome });
  };
  running.set(
    id,
    collectInTurn(() => order.request, ended),
  );
});
report({ kind: 'ready', identity: identity() });
