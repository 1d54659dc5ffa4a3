import { Linter } from 'eslint';
import { describe, expect, it } from 'vitest';
import { placesOf } from '../../src/report/places.js';

describe('places', () => {
  it("are ESLint's, at every offset and for every kind of line break", () => {
    const text = "a;\nb\r\n\r\n'c';\u2028d\u2029\re;;\n";
    const linter = new Linter();
    linter.verify(text, []);
    const { at, lineCount } = placesOf(text);
    const code = linter.getSourceCode();
    expect(lineCount).toBe(code.lines.length);
    for (let offset = 0; offset <= text.length; offset++) {
      const { line, column } = code.getLocFromIndex(offset);
      expect(at(offset), String(offset)).toEqual({ line, column: column + 1 });
    }
  });

  it('take no time in proportion to the text each', () => {
    const text = 'x();\n'.repeat(200_000);
    const { at } = placesOf(text);
    const begin = performance.now();
    let wrong = 0;
    for (let line = 0; line < 200_000; line++) if (at(line * 5).line !== line + 1) wrong++;
    expect(wrong).toBe(0);
    // Counting line breaks anew for each would take minutes.
    expect(performance.now() - begin).toBeLessThan(10_000);
  });
});
