/** What became of one call, told at length: `unblock explain`. */
import { allGeneratedPositionsFor, TraceMap } from '@jridgewell/trace-mapping';
import type { RewrittenModule } from '../engine.js';
import type { Span } from '../program.js';
import { type Place, type Places, placesOf } from './places.js';
import type { Frame, Reason, StayingCall, Verdict } from './verdict.js';

/** What an explanation speaks of. */
export interface Explained {
  /** The sources of the program, by the names that verdicts use. */
  readonly texts: ReadonlyMap<string, string>;
  rewrite(fileName: string): RewrittenModule | undefined;
  /** How a file is called. */
  display(fileName: string): string;
}

export interface Explainer {
  /** Place and verdict of a blocking call, the chain of each way to it, and the lines that it became. */
  verdict(verdict: Verdict): string;
  /** A call that may suspend because of what it calls, and the lines that it became; `below` are blocking calls that it may lead to. */
  call(fileName: string, span: Span, below: readonly Verdict[]): string;
  /** A call that blocks by what it calls, with the chain of each way to it. */
  staying(call: StayingCall, below: readonly Verdict[]): string;
}

export function explainer({ texts, rewrite, display }: Explained): Explainer {
  const known = new Map<string, Places>();
  const placesIn = (fileName: string): Places => {
    const places = known.get(fileName) ?? placesOf(texts.get(fileName) ?? '');
    known.set(fileName, places);
    return places;
  };
  const where = (fileName: string, offset: number) => {
    const { line, column } = placesIn(fileName).at(offset);
    return `${display(fileName)}:${line}:${column}`;
  };
  const chain = (frames: readonly Frame[]) =>
    frames.map(({ fileName, span, name }, depth) => `    ${'  '.repeat(depth)}${name}  ${where(fileName, span.start)}`);
  const became = (fileName: string, span: Span) => {
    const rewritten = rewrite(fileName);
    const lines = rewritten
      ? compiledLines(rewritten, texts.get(fileName) ?? '', placesIn(fileName).at(span.start))
      : [];
    return lines.length === 0 ? [] : ['  it became', ...lines.map((line) => `    ${line}`)];
  };
  const because = (reasons: readonly Reason[]) =>
    reasons.flatMap(({ rule, message, chain: frames }) => [`  blocks: ${message} (unblock/${rule})`, ...chain(frames)]);
  const ledTo = (verdicts: readonly Verdict[]) =>
    verdicts.length === 0
      ? []
      : [
          '  blocking calls that the function around it leads to',
          ...verdicts.map(({ fileName, span, api, status }) => `    ${where(fileName, span.start)}  ${api}: ${status}`),
        ];
  return {
    verdict({ fileName, span, api, status, patchedChain, reasons }) {
      const lines = [`${where(fileName, span.start)}  ${api}: ${status}`];
      if (patchedChain) lines.push('  suspends when reached by', ...chain(patchedChain), ...became(fileName, span));
      return [...lines, ...because(reasons)].join('\n');
    },
    call(fileName, span, below) {
      const first = `${where(fileName, span.start)}  may suspend, as far as what it calls does`;
      return [first, ...became(fileName, span), ...ledTo(below)].join('\n');
    },
    staying({ fileName, span, reasons }, below) {
      const first = `${where(fileName, span.start)}  stays as it is, and blocks as far as what it calls does`;
      return [first, ...because(reasons), ...ledTo(below)].join('\n');
    },
  };
}

/** The compiled lines in which the code at a place stands, but for those that are as they were. */
function compiledLines({ code, map }: RewrittenModule, original: string, { line, column }: Place): string[] {
  const trace = new TraceMap(map as ConstructorParameters<typeof TraceMap>[0]);
  const source = map.sources[0] ?? '';
  const compiled = code.split('\n');
  const before = original.split('\n')[line - 1]?.trim();
  const found = new Set<string>();
  const ends = new Map<number, number>();
  const positions = allGeneratedPositionsFor(trace, { source, line, column: column - 1 });
  // The parts of a call lie next to each other: what shows one shows the next.
  for (const at of positions.sort((a, b) => (a.column ?? 0) - (b.column ?? 0))) {
    const number = at.line ?? 0;
    const start = at.column ?? 0;
    const text = compiled[number - 1];
    if (text === undefined || text.trim() === before || start + MARGIN < (ends.get(number) ?? 0)) continue;
    found.add(around(text, start));
    ends.set(number, start + LONGEST - MARGIN);
  }
  return [...found];
}

/** Minified sources are one line, and what is hoisted stands behind the import of the helpers. */
const LONGEST = 400;
/** How much of a long line is shown before the code that is asked for, and at least of that code. */
const MARGIN = LONGEST / 4;

/** A line, or what stands in it around a column. */
function around(line: string, column: number): string {
  const text = line.trim();
  if (text.length <= LONGEST) return text;
  const start = Math.max(0, column - MARGIN);
  const end = start + LONGEST;
  return `${start > 0 ? '...' : ''}${line.slice(start, end).trim()}${end < line.length ? '...' : ''}`;
}

/** The blocking calls to which some chain leads through the innermost known function around a call. */
export function below(verdicts: readonly Verdict[], fileName: string, span: Span): Verdict[] {
  const around = (frame: Frame) =>
    frame.fileName === fileName && frame.span.start <= span.start && span.end <= frame.span.end;
  const through = verdicts.flatMap((verdict) =>
    [verdict.patchedChain ?? [], ...verdict.reasons.map(({ chain }) => chain)].flatMap((frames) =>
      frames
        .filter((frame, i) => around(frame) && i < frames.length - 1)
        .map(({ span: found }) => ({ verdict, found })),
    ),
  );
  const smallest = Math.min(...through.map(({ found }) => found.end - found.start));
  return [...new Set(through.flatMap(({ verdict, found }) => (found.end - found.start === smallest ? verdict : [])))];
}
