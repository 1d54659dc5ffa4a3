/** Positions of a syntax tree over rewritten text, led back to the original text. */
import { decodedMappings, type EncodedSourceMap, TraceMap } from '@jridgewell/trace-mapping';
import type { RewrittenModule } from '../engine.js';

interface Position {
  readonly line: number;
  readonly column: number;
  readonly index: number;
}

/** Where the text begins in a larger file, if a host says so; lines count from 1. */
export interface Origin {
  readonly startLine?: number;
  readonly startColumn?: number;
  readonly startIndex?: number;
}

/** What of a node, comment or token tells its place. */
interface Placed {
  /** `identifierName`: what Babel writes as a name into its source map. */
  loc?: { readonly start: Position; readonly end: Position; readonly identifierName?: string | undefined } | null;
  start?: number;
  end?: number;
  range?: [number, number];
}

/**
 * Leads all positions of a tree over the rewritten text back to the original text, so that Babel's own source maps and code frames speak of
 * what the user wrote. What the compiler has written stands where the original text before it does.
 */
export function restorePositions(tree: unknown, original: string, rewritten: RewrittenModule, origin: Origin): void {
  const { startLine = 1, startColumn = 0, startIndex = 0 } = origin;
  const offsets = originalOffsets(original, rewritten);
  const lines = lineStarts(original);
  const position = (offset: number): Position => {
    const row = lastUpTo(lines, offset);
    const column = offset - (lines[row] as number);
    return { line: row + startLine, column: row === 0 ? column + startColumn : column, index: offset + startIndex };
  };
  const restore = (placed: Placed, { start, end }: NonNullable<Placed['loc']>): void => {
    const from = offsets.start(start.index - startIndex);
    const to = Math.max(from, offsets.end(end.index - startIndex));
    // Babel shares position objects between nodes: each gets new ones.
    const loc = { ...placed.loc, start: position(from), end: position(to) };
    // What reads source maps takes the name for that of the function that is called there.
    const word = loc.identifierName === undefined ? undefined : wordAt(original, from);
    if (word !== undefined) loc.identifierName = word;
    placed.loc = Object.assign(Object.create(Object.getPrototypeOf(placed.loc)), loc);
    placed.start = from + startIndex;
    placed.end = to + startIndex;
    if (placed.range !== undefined) placed.range = [placed.start, placed.end];
  };
  const seen = new Set<object>();
  const visit = (value: unknown): void => {
    if (value === null || typeof value !== 'object' || seen.has(value)) return;
    seen.add(value);
    if (Array.isArray(value)) {
      value.forEach(visit);
      return;
    }
    const { loc } = value as Placed;
    if (loc?.start !== undefined && loc.end !== undefined) restore(value as Placed, loc);
    for (const [key, child] of Object.entries(value)) if (key !== 'loc') visit(child);
  };
  visit(tree);
}

function wordAt(text: string, offset: number): string | undefined {
  const word = /[\p{ID_Start}$_][\p{ID_Continue}$\u200c\u200d]*/uy;
  word.lastIndex = offset;
  return word.exec(text)?.[0];
}

interface Offsets {
  /** The original offset of something that begins at `offset` in the rewritten text. */
  start(offset: number): number;
  /** The original offset of something that ends at `offset` in the rewritten text. */
  end(offset: number): number;
}

function originalOffsets(original: string, { code, map }: RewrittenModule): Offsets {
  const codeLines = lineStarts(code);
  const originalLines = lineStarts(original);
  const from: number[] = [];
  const to: number[] = [];
  decodedMappings(new TraceMap(map as unknown as EncodedSourceMap)).forEach((segments, row) => {
    for (const [column, , originalRow, originalColumn] of segments) {
      if (originalRow === undefined || originalColumn === undefined) continue;
      from.push((codeLines[row] as number) + column);
      to.push((originalLines[originalRow] as number) + originalColumn);
    }
  });
  /** Within text that was copied the place is exact; in new text it is that of what stands before. */
  const lead = (segment: number, offset: number): number => {
    const [start = 0, target = 0] = [from[segment], to[segment]];
    const length = offset - start;
    return length > 0 && code.startsWith(original.slice(target, target + length), start) ? target + length : target;
  };
  return {
    start: (offset) => lead(lastUpTo(from, offset), offset),
    end: (offset) => lead(lastUpTo(from, offset - 1), offset),
  };
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let i = text.indexOf('\n'); i !== -1; i = text.indexOf('\n', i + 1)) starts.push(i + 1);
  return starts;
}

/** The index of the last of the ascending `values` that is not above `limit`; 0 if there is none. */
function lastUpTo(values: readonly number[], limit: number): number {
  let low = 0;
  let high = values.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((values[middle] as number) <= limit) low = middle;
    else high = middle - 1;
  }
  return Math.max(low, 0);
}
