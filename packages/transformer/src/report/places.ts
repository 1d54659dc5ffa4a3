/** Offsets to lines and columns. */

/** Counted from 1; columns in UTF-16 code units. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** The places of one text. Lines end as ECMAScript's do: LF, CR, CR LF, U+2028 or U+2029. */
export interface Places {
  readonly lineCount: number;
  at(offset: number): Place;
}

export function placesOf(text: string): Places {
  const starts = [0];
  for (const { index, 0: lineBreak } of text.matchAll(/\r\n|[\n\r\u2028\u2029]/g)) {
    starts.push(index + lineBreak.length);
  }
  return {
    lineCount: starts.length,
    at(offset) {
      let low = 0;
      let high = starts.length - 1;
      while (low < high) {
        const middle = (low + high + 1) >> 1;
        if ((starts[middle] as number) <= offset) low = middle;
        else high = middle - 1;
      }
      return { line: low + 1, column: offset - (starts[low] as number) + 1 };
    },
  };
}
