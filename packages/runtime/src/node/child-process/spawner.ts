/**
 * Spawning in a process that is small. `spawn` copies the page tables of the process that calls it: the more memory that holds, the longer its event loop
 * stands still, some 20 ms at 300 MiB. Where spawns have taken up the loop, a small process is started that spawns from then on. Only for
 * calls that it can make exactly as this process would.
 */
import childProcess, { type ChildProcess } from 'node:child_process';
import fs, { type Stats } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Interruption } from '../../green/interruption.js';
import { asTwinsCall } from '../../monitor/twinForm.js';
import { clearTimeout, setTimeout } from '../clock.js';
import type { Outcome, Request } from './collect.js';
import { blockedBySpawns } from './queue.js';
import { sendableOf } from './sendable.js';
import type { Order, Report } from './spawnerProgram.js';

const { spawn } = childProcess;
const statSync = asTwinsCall(fs.statSync);
/** Milliseconds that spawns take up of a second before a spawner is worth its start. */
const WORTH_IT = 50;

/** Milliseconds without a call after which the spawner ends. */
const IDLE = 30_000;

/** Engines that make less of themselves start faster, and fork faster. */
const SMALL = ['--v8-pool-size=0', '--max-semi-space-size=1', '--max-lazy', '--no-opt'];

interface Spawner {
  readonly process: ChildProcess;
  readonly directory: Stats;
  /** What it has inherited besides the directory; undefined until it is ready. */
  identity: string | undefined;
  readonly calls: Map<number, (outcome: Outcome) => void>;
  idle: NodeJS.Timeout | undefined;
}

let spawner: Spawner | undefined;
let count = 0;
let isPossible = process.platform === 'linux';

/**
 * Makes a call through the spawner.
 *
 * @returns undefined where there is no spawner, or where a child of it could differ from one of this process
 */
export function runInSpawner(request: Request, interruption: Interruption | undefined): Promise<Outcome> | undefined {
  if (spawner === undefined) {
    if (isPossible && blockedBySpawns() > WORTH_IT) spawner = tryStart();
    return undefined;
  }
  const { identity, directory } = spawner;
  const sendable = identity === undefined ? undefined : sendableOf(request, { identity, directory });
  return sendable === undefined ? undefined : send(spawner, sendable, interruption);
}

function send(at: Spawner, request: Request, interruption: Interruption | undefined): Promise<Outcome> | undefined {
  // It is gone, and what it was doing will soon be told as lost.
  if (!at.process.connected) return undefined;
  const id = count++;
  const order = (message: Order) => at.process.send(message, () => {});
  try {
    order({ kind: 'run', id, request });
  } catch {
    return undefined;
  }
  if (interruption !== undefined) interruption.release = () => order({ kind: 'stop', id });
  clearTimeout(at.idle);
  if (at.calls.size === 0) at.process.channel?.ref();
  return new Promise((ended) => at.calls.set(id, ended));
}

/** The program's place: next to this module, unless a bundler has put that elsewhere. */
function programFile(): string | undefined {
  try {
    const file = join(dirname(fileURLToPath(import.meta.url)), 'unblock-spawner.cjs');
    return fs.existsSync(file) ? file : undefined;
  } catch {
    return undefined;
  }
}

/** Starts a spawner; undefined where none is possible. */
function tryStart(): Spawner | undefined {
  const program = isOrdinaryProcess() ? programFile() : undefined;
  try {
    if (program !== undefined) return start(program);
  } catch {
    // The system has no room for it, or this process no directory.
  }
  isPossible = false;
  return undefined;
}

function start(program: string): Spawner {
  const directory = statSync('.');
  // Options for Node, channels and coverage of the process that runs are none of the spawner's. Node hands on a directory for coverage that is
  // not named, to children of the spawner too.
  const own = Object.entries(process.env).filter(([name]) => !name.startsWith('NODE_'));
  const env = { ...Object.fromEntries(own), NODE_V8_COVERAGE: '' };
  const started: Spawner = {
    process: spawn(process.execPath, [...SMALL, program], {
      env,
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      serialization: 'advanced',
    }),
    directory,
    identity: undefined,
    calls: new Map(),
    idle: undefined,
  };
  const lost = () => {
    // Whatever ends it would end the next one too.
    isPossible = false;
    end(started);
  };
  started.process.on('message', (report: Report) => {
    if (report.kind === 'ready') started.identity = report.identity;
    else ended(started, report.id, report.outcome);
  });
  started.process.on('error', lost);
  // Its exit would be told too late: only the channel keeps this process waiting.
  started.process.on('disconnect', () => {
    if (spawner === started) lost();
  });
  started.process.unref();
  started.process.channel?.unref();
  rest(started);
  return started;
}

function isOrdinaryProcess(): boolean {
  // An executable of another name may be an application that would start once more.
  const isNode = /^node(?:js)?[\d.-]*$/.test(basename(process.execPath));
  return isNode && (process as { permission?: unknown }).permission === undefined;
}

function ended(at: Spawner, id: number, outcome: Outcome): void {
  const resolve = at.calls.get(id);
  at.calls.delete(id);
  if (at.calls.size === 0) rest(at);
  resolve?.(outcome);
}

/** Nothing is under way. */
function rest(at: Spawner): void {
  at.process.channel?.unref();
  at.idle = setTimeout(() => end(at), IDLE).unref();
}

/** What became of a child whose spawner was killed, nobody knows. */
const LOST: Outcome = { code: 'EIO', status: null, signal: null, output: null, pid: 0 };

function end(at: Spawner): void {
  clearTimeout(at.idle);
  if (spawner === at) spawner = undefined;
  if (at.process.connected) at.process.disconnect();
  for (const resolve of at.calls.values()) resolve(LOST);
  at.calls.clear();
}
