/** Sources of events that tell nothing more when the program has closed them: datagram sockets, and what watches files. */
import dgram from 'node:dgram';

/** What `fs.watch` and `fs.watchFile` have made. Their classes are known to Node alone, and there are several. */
const watchers = new WeakSet<object>();
const WATCHER_EVENTS: ReadonlySet<unknown> = new Set(['change', 'close', 'error']);

/** Notes that `made` watches files: its events are serial from now on, whatever its class. */
export function markWatcher(made: object): void {
  watchers.add(made);
}

/** Whether `event` is one of those by which `emitter` tells what happens to files. */
export function isWatcherEvent(emitter: object, event: unknown): boolean {
  return watchers.has(emitter) && WATCHER_EVENTS.has(event);
}

/** Whether `emitter` is a source that tells nothing but `close` when it has been closed. */
export function isSource(emitter: object): boolean {
  return emitter instanceof dgram.Socket || watchers.has(emitter);
}
