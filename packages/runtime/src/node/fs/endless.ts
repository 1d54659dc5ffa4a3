/** Calls that read what others have yet to write: from a FIFO, a terminal, a socket. They end when it comes, if it does. */
import fs from 'node:fs';
import { asTwinsCall } from '../../monitor/twinForm.js';

const fstatSync = asTwinsCall(fs.fstatSync);
const statSync = asTwinsCall(fs.statSync);

const READING: ReadonlySet<string> = new Set(['open', 'read', 'readFile', 'readv']);

/** Where streams of the process, terminals and devices are. */
const DEVICES = /^\/(?:dev|proc)\//;

/**
 * Whether a call may take as long as others let it.
 *
 * @param name without `Sync`
 * @param isQuick whether asking about the path takes no time
 */
export function isEndless(name: string, [from]: readonly unknown[], isQuick: () => boolean): boolean {
  if (!READING.has(name)) return false;
  try {
    if (typeof from === 'number') return isFedByOthers(fstatSync(from));
    if (typeof from !== 'string' || !(DEVICES.test(from) || isQuick())) return false;
    const found = statSync(from, { throwIfNoEntry: false });
    return found !== undefined && isFedByOthers(found);
  } catch {
    return false;
  }
}

function isFedByOthers(file: fs.Stats): boolean {
  return file.isFIFO() || file.isSocket() || file.isCharacterDevice();
}
