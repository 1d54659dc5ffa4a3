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
  /** From `code` to the module's original text, whose file name is its only source. */
  readonly map: EncodedSourceMap;
}

/** Assembles `code` over the text of the module `fileName`, with a source map that is exact at every word boundary. */
export function render(code: Code, original: string, fileName: string): Rendered {
  const map = new GenMapping({ file: fileName });
  setSourceContent(map, fileName, original);
  const locate = locator(original);
  const parts: string[] = [];
  let line = 0;
  let column = 0;

  function mark(offset: number): void {
    const place = locate(offset);
    maybeAddSegment(map, line, column, fileName, place.line, place.column);
  }
  function advance(text: string): void {
    parts.push(text);
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
  // A word of the original that ends here would become one with a word that is put behind it: `return[x].map(f)`.
  let isBehindWord = false;
  function put(text: string): void {
    if (text === '') return;
    if (isBehindWord && isWordAt(text, 0)) advance(' ');
    isBehindWord = false;
    advance(text);
  }
  function write(piece: Code): void {
    if (typeof piece === 'string') put(piece);
    else if (isSequence(piece)) piece.forEach(write);
    else if ('text' in piece) {
      if (isBehindWord && isWordAt(piece.text, 0)) advance(' ');
      isBehindWord &&= piece.text === '';
      mark(piece.at);
      advance(piece.text);
    } else if (piece.start < piece.end) {
      copy(piece);
      isBehindWord = isWordAt(original, piece.end - 1) && !isWordAt(original, piece.end);
    }
  }

  write(code);
  return { code: parts.join(''), map: toEncodedMap(map) };
}

/** Whether a character may be part of a word; all beyond ASCII may. */
function isWordAt(text: string, offset: number): boolean {
  const character = text[offset];
  return character !== undefined && /[\w$\u0080-\uffff]/.test(character);
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
