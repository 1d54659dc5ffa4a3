/**
 * Calls that read what others have yet to write, from a FIFO, a terminal, a socket, or wait for somebody to read a FIFO. They end when that comes,
 * if it does.
 */
import fs from 'node:fs';
import { types } from 'node:util';
import type { Interruption } from '../../green/interruption.js';
import { asTwinsCall } from '../../monitor/twinForm.js';
import { endless } from '../lanes.js';
import { answer, type Done, type Offload, starts } from '../offload.js';
import { isPositioned, remember } from './inPlace.js';

const { stat } = fs;
const fstatSync = asTwinsCall(fs.fstatSync);
const statSync = asTwinsCall(fs.statSync);

/** Whether a call waits for others at a file. */
type Waits = (file: fs.Stats) => boolean;

const isFifo: Waits = (file) => file.isFIFO();

/** By name: at which of its arguments a call waits. To open a FIFO for writing waits for who reads it. */
const WAITING: Readonly<Record<string, readonly Waits[]>> = {
  open: [isFedByOthers],
  read: [isFedByOthers],
  readFile: [isFedByOthers],
  readv: [isFedByOthers],
  writeFile: [isFifo],
  appendFile: [isFifo],
  copyFile: [isFedByOthers, isFifo],
};

/** What somebody has found at a path; undefined if nothing, or what nobody may ask about. */
export interface Look {
  readonly found: fs.Stats | undefined;
}

/** Whether opening or reading what has been found may take as long as others let it. */
export function mayKeepWaiting(look: Look | undefined): boolean {
  return look?.found !== undefined && !look.found.isFile();
}

/** Where streams of the process, terminals and devices are. */
const DEVICES = /^\/(?:dev|proc)\//;

/** Devices that answer by themselves. */
const ANSWERING = ['/dev/null', '/dev/zero', '/dev/full', '/dev/random', '/dev/urandom'];

/**
 * `call` as it has to be made, if it may take as long as others let it.
 *
 * @param name without `Sync`
 * @param args its arguments, which do not change any more
 * @param resolved the same with absolute paths
 * @param isQuick whether asking about the path at a position takes no time
 * @param onLook is told what was found at each path before `call` starts
 */
export function heldBack(
  call: Offload,
  name: string,
  args: readonly unknown[],
  resolved: readonly unknown[],
  isQuick: (position: number) => boolean,
  interruption: Interruption | undefined,
  onLook: (look: Look) => void,
): Offload {
  // What makes readers wait has no positions, and refuses at once.
  if (name === 'read' && isPositioned(args)) return call;
  const onLane = () => endless.whenFree(call, interruption);
  const places = WAITING[name];
  if (places === undefined) return call;
  const unknown: Question[] = [];
  for (let position = 0; position < places.length; position++) {
    const waits = places[position] as Waits;
    const file = resolved[position];
    const found = statsNow(file, () => isQuick(position));
    if (found === 'unknown') unknown.push({ file: file as fs.PathLike, written: args[position], waits });
    else {
      onLook({ found });
      if (found !== undefined && waits(found)) return onLane();
    }
  }
  return unknown.length === 0 ? call : asking(unknown, call, onLane, interruption, onLook);
}

/** What is at a path or descriptor, if it can be asked in place: undefined if nothing is. */
function statsNow(file: unknown, isQuick: () => boolean): fs.Stats | undefined | 'unknown' {
  try {
    if (typeof file === 'number') return fstatSync(file);
    if (typeof file !== 'string') return types.isUint8Array(file) || file instanceof URL ? 'unknown' : undefined;
    return DEVICES.test(file) || isQuick() ? statSync(file, { throwIfNoEntry: false }) : 'unknown';
  } catch {
    return undefined;
  }
}

/** What has to be known of a path before a call. */
interface Question {
  readonly file: fs.PathLike;
  /** The path as the program wrote it. */
  readonly written: unknown;
  readonly waits: Waits;
}

/** `call` behind questions about paths, which are asked on the pool: nobody knows how long that takes. */
function asking(
  [question, ...rest]: readonly Question[],
  call: Offload,
  onLane: () => Offload,
  interruption: Interruption | undefined,
  onLook: (look: Look) => void,
): Offload {
  if (question === undefined) return call;
  const { file, written, waits } = question;
  const start = (done: Done) => {
    // It refuses some paths at once, as the call itself does.
    stat(file, (error, found) => {
      if (typeof written === 'string') remember('ask', written);
      onLook({ found: error ? undefined : found });
      if (interruption?.isInterrupted) done(undefined);
      else make(!error && waits(found) ? onLane() : asking(rest, call, onLane, interruption, onLook), call, done);
    });
  };
  return { ...call, start };
}

function make(made: Offload, { repeat, block }: Offload, done: Done): void {
  if (!starts(made, done)) answer(repeat ?? block, done);
}

let answering: ReadonlySet<number> | undefined;

function isFedByOthers(file: fs.Stats): boolean {
  if (!file.isCharacterDevice()) return file.isFIFO() || file.isSocket();
  answering ??= new Set(ANSWERING.flatMap((path) => statSync(path, { throwIfNoEntry: false })?.rdev ?? []));
  return !answering.has(file.rdev);
}
