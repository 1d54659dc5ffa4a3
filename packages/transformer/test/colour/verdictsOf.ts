import { compile } from '../../src/engine.js';

/** How each blocking call of a program is judged, and by which rules. `fs` is at hand. */
export function verdictsOf(text: string): string[] {
  const { verdicts } = compile({
    modules: [{ fileName: '/app.mjs', text: `import fs from 'node:fs';\n${text}`, kind: 'esm' }],
    resolve: () => undefined,
    closed: true,
    options: { patch: {}, runtime: 'runtime' },
  });
  return verdicts.map(({ status, reasons }) => [status, ...reasons.map(({ rule }) => rule)].join(' '));
}
