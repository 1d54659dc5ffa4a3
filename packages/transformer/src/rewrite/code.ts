/**
 * Rewritten code as pieces of the original text and of new text.
 *
 * One range of the original may appear several times (a function and its asynchronous form), which is why pieces are
 * assembled here instead of being edited in place; see docs/decisions/0002-pieces-not-edits.md.
 */

import type { EncodedSourceMap } from '@jridgewell/gen-mapping';
import { GenMapping, maybeAddSegment, setSourceContent, toEncodedMap } from '@jridgewell/gen-mapping';
import type { Span } from '../program.js';

/** New text; `at` is the offset in the original that it stands for, if any. */
export interface Inserted {
  readonly text: string;
  readonly at: number;
}

/** A verbatim range, new text with an origin, new text without one, or a sequence. */
export type Code = Span | Inserted | string | readonly Code[];

export interface Rendered {
  readonly code: string;
  /** From `code` to the module's original text, whose file name is its only source. Made when it is first asked for: it costs as much as the rest. */
  readonly map: EncodedSourceMap;
}

/** Assembles `code` over the text of the module `fileName`, with a source map that is exact at every word boundary. */
export function render(code: Code, original: string, fileName: string): Rendered {
  const parts: string[] = [];
  const write = (piece: Code): void => {
    if (typeof piece === 'string') parts.push(piece);
    else if (isSequence(piece)) piece.forEach(write);
    else parts.push('text' in piece ? piece.text : original.slice(piece.start, piece.end));
  };
  write(code);
  let map: EncodedSourceMap | undefined;
  return {
    code: parts.join(''),
    get map() {
      map ??= mapOf(code, original, fileName);
      return map;
    },
  };
}

function mapOf(code: Code, original: string, fileName: string): EncodedSourceMap {
  const map = new GenMapping({ file: fileName });
  setSourceContent(map, fileName, original);
  const locate = locator(original);
  let line = 0;
  let column = 0;

  function mark(offset: number): void {
    const place = locate(offset);
    maybeAddSegment(map, line, column, fileName, place.line, place.column);
  }
  function advance(text: string): void {
    const lastBreak = text.lastIndexOf('\n');
    if (lastBreak === -1) {
      column += text.length;
      return;
    }
    for (let i = text.indexOf('\n'); i !== -1; i = text.indexOf('\n', i + 1)) line++;
    column = text.length - lastBreak - 1;
  }
  function copy({ start, end }: Span): void {
    const boundary = /[\w$]+|\n|[^\w$\n]/g;
    boundary.lastIndex = start;
    for (let offset = start; offset < end; ) {
      mark(offset);
      const match = boundary.exec(original);
      const next = match === null ? end : Math.min(end, match.index + match[0].length);
      advance(original.slice(offset, next));
      offset = next;
    }
  }
  function write(piece: Code): void {
    if (typeof piece === 'string') advance(piece);
    else if (isSequence(piece)) piece.forEach(write);
    else if ('text' in piece) {
      mark(piece.at);
      advance(piece.text);
    } else copy(piece);
  }

  write(code);
  return toEncodedMap(map);
}

function isSequence(code: Code): code is readonly Code[] {
  return Array.isArray(code);
}

function locator(text: string): (offset: number) => { line: number; column: number } {
  const starts = [0];
  for (let i = text.indexOf('\n'); i !== -1; i = text.indexOf('\n', i + 1)) starts.push(i + 1);
  return (offset) => {
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] as number) <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low, column: offset - (starts[low] as number) };
  };
}
