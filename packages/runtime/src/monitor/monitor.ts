/**
 * The entry point `@unblock/runtime/monitor`, for `node --import` and `--require`: watches a program, compiled or not, and tells at its end what
 * blocked the event loop. Only the main thread is watched: what blocks in a worker holds up nobody else.
 */
import { subscribe } from 'node:diagnostics_channel';
import fs from 'node:fs';
import { isMainThread } from 'node:worker_threads';
import { type BlockedCall, CALL_CHANNEL, HELD_CHANNEL, type HeldLoop, held } from './channels.js';
import { type MonitorOptions, readOptions } from './options.js';
import { formatTable, Sums } from './report.js';
import { startSampler } from './sampler.js';
import { shortCalls, watchCalls } from './watchCalls.js';
import { watchLoop } from './watchLoop.js';

export type { Place } from './callSite.js';
export type { BlockedCall, HeldLoop, SampledFunction } from './channels.js';
export type { Report } from './report.js';

/** Marks a process that is watched: the two builds of this module may both be loaded. */
const STARTED = Symbol.for('unblock.monitor.started');

function start(): void {
  const host = globalThis as Record<symbol, unknown>;
  if (!isMainThread || host[STARTED] === true) return;
  Object.defineProperty(host, STARTED, { value: true });
  const options = optionsOrExit();
  const sums = new Sums();
  subscribe(CALL_CHANNEL, (call) => sums.addCall(call as BlockedCall));
  subscribe(HELD_CHANNEL, (stretch) => sums.addHeld(stretch as HeldLoop));
  watchCalls(options.callMs);
  const watch = watchLoop({
    limit: options.loopMs,
    onHeld: (stretch) => held.publish(stretch),
    loading: true,
    sampler: options.sample ? startSampler() : undefined,
  });
  atEnd(() => {
    watch.stop();
    write(textOf(sums, options), options.file);
  });
}

function optionsOrExit(): MonitorOptions {
  try {
    return readOptions(process.env, process.pid);
  } catch (error) {
    writeTo(2, `unblock monitor: ${(error as Error).message}\n`);
    return process.exit(2);
  }
}

function textOf(sums: Sums, { output, callMs, loopMs }: MonitorOptions): string {
  const report = sums.result(shortCalls);
  if (output === 'none') return '';
  if (output === 'table') return formatTable(report, { callMs, loopMs });
  const { argv, pid, version } = process;
  return `${JSON.stringify({ version: 1, node: version, pid, argv, uptime: process.uptime() * 1000, callMs, loopMs, ...report }, null, 2)}\n`;
}

/** Signals that end a process which does not listen to them, without an event. */
const ENDING = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Calls `report` once, when the process ends by itself or by a signal that it does not listen to. */
function atEnd(report: () => void): void {
  let isDone = false;
  const once = (): void => {
    if (isDone) return;
    isDone = true;
    report();
  };
  process.on('exit', once);
  const own = new Set<unknown>();
  for (const signal of ENDING) {
    const listener = (): void => {
      // A listener of the program decides what becomes of the process.
      if (process.listenerCount(signal) > 1) return;
      once();
      process.off(signal, listener);
      process.kill(process.pid, signal);
    };
    process.on(signal, listener);
    own.add(listener);
  }
  hideListeners(own);
}

/**
 * Leaves `own` out of `process.listeners()`. Packages such as signal-exit, of versions 3 and 4, ask there whether somebody else listens to a
 * signal, and leave it to that listener to end the process; the monitor's listener leaves it to theirs.
 */
function hideListeners(own: ReadonlySet<unknown>): void {
  const { listeners } = process;
  Object.defineProperty(process, 'listeners', {
    configurable: true,
    enumerable: false,
    writable: true,
    value: function (this: NodeJS.EventEmitter, name: string | symbol) {
      return Reflect.apply(listeners, this, [name]).filter((listener: unknown) => !own.has(listener));
    },
  });
}

const { writeFileSync, writeSync } = fs;

function write(text: string, file: string | undefined): void {
  if (text === '') return;
  if (file === undefined) writeTo(2, text);
  else {
    try {
      writeFileSync(file, text);
    } catch (error) {
      writeTo(2, `unblock monitor: the report cannot be written: ${(error as Error).message}\n${text}`);
    }
  }
}

/** The process is about to end, and would not wait for a stream. */
function writeTo(fd: number, text: string): void {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; ) {
    try {
      at += writeSync(fd, bytes, at);
    } catch (error) {
      // A pipe whose reader is slow; where nobody reads any more, there is nobody to tell.
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') return;
    }
  }
}

start();
