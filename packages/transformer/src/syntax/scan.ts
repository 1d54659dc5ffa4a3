/** Finding punctuation that the syntax tree does not record. */

/** Scripts also have the comments of HTML. */
const LINE_COMMENT = ['//', '<!--', '-->'];

/**
 * The offset of the next `token` at or after `from`, outside comments. The text in between must hold only punctuation,
 * blanks and comments.
 */
export function scanTo(text: string, from: number, token: string): number {
  const found = scanWithin(text, from, text.length, token);
  if (found === undefined) throw new Error(`no ${token} after offset ${from}`);
  return found;
}

/** The same, up to the offset `to`; undefined if there is none. */
export function scanWithin(text: string, from: number, to: number, token: string): number | undefined {
  for (let i = from; i < to; i++) {
    if (LINE_COMMENT.some((opening) => text.startsWith(opening, i))) {
      const end = text.indexOf('\n', i);
      if (end === -1) break;
      i = end;
    } else if (text.startsWith('/*', i)) {
      const end = text.indexOf('*/', i + 2);
      if (end === -1) break;
      i = end + 1;
    } else if (text.startsWith(token, i)) return i;
  }
  return undefined;
}
