/**
 * Rewritten code as pieces of the original text and of new text.
 *
 * One range of the original may appear several times (a function and its asynchronous form), which is why pieces are
 * assembled here instead of being edited in place; see docs/decisions/0001-pieces-not-edits.md.
 */

import type { EncodedSourceMap } from '@jridgewell/gen-mapping';
import { GenMapping, maybeAddSegment, setSourceContent, toEncodedMap } from '@jridgewell/gen-mapping';
import type { Span } from '../program.js';

/** New text; `at` is the offset in the original that it stands for, if any. */
export interface Inserted {
  readonly text: string;
  readonly at: number;
}

/** A call that may suspend in a function whose own call is told: how it is written depends on where it stands. */
export interface Suspending {
  readonly call: Code;
  /** The variable for the function's own call. */
  readonly own: string;
  readonly at: number;
}

/** A verbatim range, new text with an origin, new text without one, a call that may suspend, or a sequence. */
export type Code = Span | Inserted | Suspending | string | readonly Code[];

export function isSuspending(code: Code): code is Suspending {
  return typeof code === 'object' && 'call' in code;
}

/** The result of a call that may suspend. */
function asValue({ call, own, at }: Suspending): Code {
  return [{ text: `(${own}.is(`, at }, call, { text: `) && ${own}.got(await ${own}.p), ${own}.it)`, at }];
}

/** As a statement, which needs no result. */
export function asStatement({ call, own, at }: Suspending): Code {
  return [{ text: `${own}.is(`, at }, call, { text: `) && await ${own}.p`, at }];
}

/** As what a body returns that waits for nothing else. */
export function asTail({ call, own, at }: Suspending): Code {
  return [{ text: `${own}.tail(`, at }, call, ')'];
}

/** As what the body returns: what has been waited for is boxed. */
export function asReturned({ call, own, at }: Suspending): Code {
  return [{ text: `${own}.is(`, at }, call, { text: `) ? await ${own}.p : ${own}.done()`, at }];
}

export interface Rendered {
  readonly code: string;
  /** From `code` to the module's original text, whose file name is its only source. Made when it is first asked for: it costs as much as the rest. */
  readonly map: EncodedSourceMap;
}

/** Assembles `code` over the text of the module `fileName`, with a source map that is exact at every word boundary. */
export function render(code: Code, original: string, fileName: string): Rendered {
  const pieces = flatten(code, original);
  const parts = pieces.map((piece) => {
    if (typeof piece === 'string') return piece;
    return 'text' in piece ? piece.text : original.slice(piece.start, piece.end);
  });
  let map: EncodedSourceMap | undefined;
  return {
    code: parts.join(''),
    get map() {
      map ??= mapOf(pieces, original, fileName);
      return map;
    },
  };
}

type Piece = Exclude<Code, readonly Code[] | Suspending>;

/** The pieces in their order. A word of the original that ends with a piece would become one with a word put behind it: `return[x].map(f)`. */
function flatten(code: Code, original: string): Piece[] {
  const pieces: Piece[] = [];
  let isBehindWord = false;
  const add = (piece: Code): void => {
    if (typeof piece !== 'string' && isSequence(piece)) {
      piece.forEach(add);
      return;
    }
    if (isSuspending(piece)) {
      add(asValue(piece));
      return;
    }
    if (typeof piece === 'string' || 'text' in piece) {
      const text = typeof piece === 'string' ? piece : piece.text;
      if (text === '') return;
      if (isBehindWord && isWordAt(text, 0)) pieces.push(' ');
      isBehindWord = false;
    } else {
      if (piece.start >= piece.end) return;
      if (isBehindWord && isWordAt(original, piece.start)) pieces.push(' ');
      isBehindWord = isWordAt(original, piece.end - 1) && !isWordAt(original, piece.end);
    }
    pieces.push(piece);
  };
  add(code);
  return pieces;
}

/** Whether the character may be part of a word of the language, or of a name of the compiler's. */
function isWordAt(text: string, offset: number): boolean {
  const character = text[offset];
  return character !== undefined && /[\w$]/.test(character);
}

function mapOf(pieces: readonly Piece[], original: string, fileName: string): EncodedSourceMap {
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
  for (const piece of pieces) {
    if (typeof piece === 'string') advance(piece);
    else if ('text' in piece) {
      mark(piece.at);
      advance(piece.text);
    } else copy(piece);
  }
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
