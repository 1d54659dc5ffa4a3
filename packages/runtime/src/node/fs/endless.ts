/** Calls that read what others have yet to write: from a FIFO, a terminal, a socket. They end when it comes, if it does. */
import fs from 'node:fs';
import type { Interruption } from '../../green/interruption.js';
import { asTwinsCall } from '../../monitor/twinForm.js';
import { endless } from '../lanes.js';
import { answer, type Done, type Offload, starts } from '../offload.js';
import { isPositioned, remember } from './inPlace.js';

const { stat } = fs;
const fstatSync = asTwinsCall(fs.fstatSync);
const statSync = asTwinsCall(fs.statSync);

const READING: ReadonlySet<string> = new Set(['open', 'read', 'readFile', 'readv']);

/** Where streams of the process, terminals and devices are. */
const DEVICES = /^\/(?:dev|proc)\//;

/** Devices that answer by themselves. */
const ANSWERING = ['/dev/null', '/dev/zero', '/dev/full', '/dev/random', '/dev/urandom'];

/**
 * `call` as it has to be made, if it may take as long as others let it.
 *
 * @param name without `Sync`
 * @param args its arguments
 * @param path where it reads from, whatever the directory is
 * @param isQuick whether asking about the path takes no time
 */
export function heldBack(
  call: Offload,
  name: string,
  args: readonly unknown[],
  path: unknown,
  isQuick: () => boolean,
  interruption: Interruption | undefined,
): Offload {
  const [from] = args;
  // What makes readers wait has no positions, and refuses at once.
  if (!READING.has(name) || (name === 'read' && isPositioned(args))) return call;
  const onLane = () => endless.whenFree(call, interruption);
  try {
    if (typeof from === 'number') return isFedByOthers(fstatSync(from)) ? onLane() : call;
    if (typeof from !== 'string' || typeof path !== 'string') return call;
    if (DEVICES.test(from) || isQuick()) {
      const found = statSync(from, { throwIfNoEntry: false });
      return found !== undefined && isFedByOthers(found) ? onLane() : call;
    }
  } catch {
    return call;
  }
  // What the program could change meanwhile is read now.
  const isFixed = args.every((arg) => typeof arg !== 'object' && typeof arg !== 'function');
  return isFixed ? { ...call, start: (done) => askFirst(path, from, call, onLane, interruption, done) } : call;
}

/** Asks about the path on the pool: nobody knows how long that takes. */
function askFirst(
  path: string,
  from: string,
  call: Offload,
  onLane: () => Offload,
  interruption: Interruption | undefined,
  done: Done,
): void {
  // It refuses some paths at once, as the call itself does.
  stat(path, (error, found) => {
    remember('ask', from);
    if (interruption?.isInterrupted) done(undefined);
    else if (!starts(!error && isFedByOthers(found) ? onLane() : call, done)) answer(call.repeat ?? call.block, done);
  });
}

let answering: ReadonlySet<number> | undefined;

function isFedByOthers(file: fs.Stats): boolean {
  if (!file.isCharacterDevice()) return file.isFIFO() || file.isSocket();
  answering ??= new Set(ANSWERING.flatMap((path) => statSync(path, { throwIfNoEntry: false })?.rdev ?? []));
  return !answering.has(file.rdev);
}
