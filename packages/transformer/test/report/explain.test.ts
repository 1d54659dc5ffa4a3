/** What `unblock explain` shows of the compiled text. */
import { expect, it } from 'vitest';
import { explainer } from '../../src/report/explain.js';
import { program } from './program.js';

it('shows a long line once for a call in the middle of others', () => {
  const name = 'main.js';
  const text = `import fs from 'node:fs'; import http from 'node:http';
const f = (x) => fs.readFileSync(x, 'utf8');
http.createServer((req, res) => {
  res.end(f(f(f(f('a')))) + f(f(f('b'))));
});`;
  const fileName = `/src/${name}`;
  const { compilation } = program(text, { name });
  const tell = explainer({
    texts: new Map([[fileName, text]]),
    rewrite: (file) => compilation.rewrite(file),
    display: (file) => file,
  });
  const start = text.indexOf("f(f('a'))");
  const told = tell.call(fileName, { start, end: start + "f(f('a'))".length }, []).split('\n');
  expect(told).toHaveLength(3);
  expect(told[2]).toContain("$callee(f)('a')");
});
