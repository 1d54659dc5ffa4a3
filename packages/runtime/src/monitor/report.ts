/** Adds up what the monitor tells, and puts it into a table or JSON. */
import { relative } from 'node:path';
import type { Place } from './callSite.js';
import type { BlockedCall, HeldLoop, SampledFunction } from './channels.js';
import type { ShortCalls } from './watchCalls.js';

/** Calls of one function from one line. */
interface CallSum extends Omit<BlockedCall, 'start' | 'duration'> {
  count: number;
  /** Milliseconds, of all and of the longest. */
  total: number;
  longest: number;
}

/** Stretches that are kept one by one, the longest. */
const KEPT = 100;

export class Sums {
  readonly #calls = new Map<string, CallSum>();
  readonly #functions = new Map<string, SampledFunction>();
  #stretches: HeldLoop[] = [];
  readonly #held = { count: 0, total: 0, inCalls: 0 };
  #loading: HeldLoop | undefined;

  addCall({ start, duration, ...site }: BlockedCall): void {
    const key = JSON.stringify(site);
    const sum = this.#calls.get(key) ?? { ...site, count: 0, total: 0, longest: 0 };
    sum.count++;
    sum.total += duration;
    sum.longest = Math.max(sum.longest, duration);
    this.#calls.set(key, sum);
  }

  addHeld(stretch: HeldLoop): void {
    this.#held.count++;
    this.#held.total += stretch.duration;
    this.#held.inCalls += stretch.inCalls;
    if (stretch.loading) this.#loading = stretch;
    this.#stretches.push(stretch);
    // Sorted now and then, not each time.
    if (this.#stretches.length >= 2 * KEPT) this.#stretches = this.#longest();
    for (const { duration, ...place } of stretch.functions ?? []) {
      const key = JSON.stringify(place);
      const before = this.#functions.get(key)?.duration ?? 0;
      this.#functions.set(key, { ...place, duration: before + duration });
    }
  }

  #longest(): HeldLoop[] {
    return [...this.#stretches].sort((a, b) => b.duration - a.duration).slice(0, KEPT);
  }

  /** Everything, longest first. */
  result(short: ReadonlyMap<string, Readonly<ShortCalls>>): Report {
    return {
      calls: [...this.#calls.values()].sort((a, b) => b.total - a.total),
      short: [...short].map(([api, sum]) => ({ api, ...sum })).sort((a, b) => b.total - a.total),
      held: { ...this.#held, ...(this.#loading && { loading: this.#loading }), stretches: this.#longest() },
      functions: [...this.#functions.values()].sort((a, b) => b.duration - a.duration),
    };
  }
}

/** What `UNBLOCK_MONITOR=json` writes, next to what says which process it was. Times are milliseconds. */
export interface Report {
  readonly calls: readonly Readonly<CallSum>[];
  /** Calls that were too short to be told one by one, by function. */
  readonly short: readonly ({ readonly api: string } & Readonly<ShortCalls>)[];
  readonly held: {
    readonly count: number;
    readonly total: number;
    readonly inCalls: number;
    /** The stretch in which the program was loaded, if that is one; it counts among the others. */
    readonly loading?: HeldLoop;
    /** The longest, longest first. */
    readonly stretches: readonly HeldLoop[];
  };
  /** What was sampled in all stretches. */
  readonly functions: readonly SampledFunction[];
}

export interface Limits {
  readonly callMs: number;
  readonly loopMs: number;
}

/** Lines of a part of the table. */
const SHOWN = 30;

/** The report as people read it. Paths are relative to the current directory where they lie below it. */
export function formatTable(report: Report, limits: Limits): string {
  const parts = [callPart(report, limits), shortPart(report, limits), heldPart(report, limits)];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

function callPart({ calls }: Report, { callMs }: Limits): string {
  const total = calls.reduce((sum, call) => sum + call.total, 0);
  const count = calls.reduce((sum, call) => sum + call.count, 0);
  if (count === 0) return `unblock monitor: no call blocked the event loop for ${callMs} ms or longer.`;
  const title = `unblock monitor: ${number(count, 'call')} blocked the event loop for ${callMs} ms or longer, ${ms(total)} in all.`;
  const shown = calls.slice(0, SHOWN);
  const rows = shown.map((call) => [ms(call.total), String(call.count), ms(call.longest), call.api, lines(call)]);
  return `${title}\n\n${table([['in all', 'calls', 'longest', 'function', 'from'], ...rows])}${more(calls.length)}`;
}

function more(count: number): string {
  return count > SHOWN ? `\n  and ${count - SHOWN} more` : '';
}

/** A call in one line: what, how long, from where. */
export function describeCall(call: BlockedCall): string {
  return `${call.api}: ${ms(call.duration)}, from ${lines(call)}`;
}

export function describeTime(milliseconds: number): string {
  return ms(milliseconds);
}

function lines({ at, from }: Pick<BlockedCall, 'at' | 'from'>): string {
  if (at === undefined) return 'Node.js';
  return from === undefined ? line(at) : `${line(at)}, from ${line(from)}`;
}

function line({ file, line: number, column, function: name }: Place): string {
  const below = relative(process.cwd(), file);
  const shown = below === '' || below.startsWith('..') ? file : below;
  return `${shown}:${number}:${column}${name === undefined ? '' : ` (${name})`}`;
}

function shortPart({ short }: Report, { callMs }: Limits): string {
  if (short.length === 0) return '';
  const all = short.map(({ api, count, total }) => `${api} ${count} in ${ms(total)}`);
  const rest = all.length > SHOWN ? `, and ${all.length - SHOWN} more functions` : '';
  return `Calls shorter than ${callMs} ms: ${all.slice(0, SHOWN).join(', ')}${rest}.`;
}

function heldPart({ held, functions }: Report, { loopMs }: Limits): string {
  if (held.count === 0) return `The event loop was never held for ${loopMs} ms or longer.`;
  const longest = held.stretches[0]?.duration ?? 0;
  const title = `The event loop was held for ${loopMs} ms or longer ${times(held.count)}, ${ms(held.total)} in all, ${ms(longest)} at most; ${ms(held.inCalls)} of it in blocking calls, ${ms(held.total - held.inCalls)} in JavaScript.${loadingPart(held)}`;
  if (functions.length === 0) return title;
  const rows = functions.slice(0, SHOWN).map((sampled) => [ms(sampled.duration), line(sampled)]);
  return `${title} What ran there, by samples:\n\n${table([['in all', 'function'], ...rows])}${more(functions.length)}`;
}

/** Whatever else a program does comes after it has been loaded. */
function loadingPart({ loading }: Report['held']): string {
  return loading === undefined ? '' : ` ${ms(loading.duration)} of it while the program was loaded.`;
}

function times(count: number): string {
  return count === 1 ? 'once' : `${count} times`;
}

function number(count: number, noun: string): string {
  return count === 1 ? `1 ${noun}` : `${count} ${noun}s`;
}

function ms(value: number): string {
  return `${value.toFixed(value < 10 ? 1 : 0)} ms`;
}

/** Columns aligned: those of figures to the right, the last two to the left. */
function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, at) => Math.max(...rows.map((row) => row[at]?.length ?? 0)));
  const isText = (at: number) => at >= widths.length - (widths.length > 2 ? 2 : 1);
  const cell = (text: string, at: number) => {
    if (at === widths.length - 1) return text;
    return isText(at) ? text.padEnd(widths[at] ?? 0) : text.padStart(widths[at] ?? 0);
  };
  return rows.map((row) => `  ${row.map(cell).join('  ')}`).join('\n');
}
