import { describe, expect, it } from 'vitest';
import { rewriteText } from './harness.js';

/** A blocking function with `depth` blocking closures, each inside the one before. */
function nested(depth: number): string {
  const filler = '// what the function is for, in a line of ordinary length\n'.repeat(10);
  const inner = (level: number): string =>
    level === depth
      ? 'block(0)'
      : `[1].map((x${level}) => { ${filler} return block(x${level}) + ${inner(level + 1)}; })`;
  return `export function main(block) { return ${inner(0)}; }`;
}

describe('size of compiled code', () => {
  it('grows with the square of the nesting, not exponentially', () => {
    const growth = (depth: number) => rewriteText(nested(depth)).length / nested(depth).length;
    expect(growth(32) / growth(16)).toBeLessThan(4.5);
  });
});
