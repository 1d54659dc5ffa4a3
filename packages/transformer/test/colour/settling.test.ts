/** Promises that are made settled call nothing of what they are given, but `then`. */
import { expect, it } from 'vitest';
import { verdictsOf } from './verdictsOf.js';

const statusOf = (text: string) => verdictsOf(text).join(', ');

const SERVE = "import http from 'node:http'; const read = () => fs.readFileSync('a'); http.createServer(() => read());";

it.each([
  ['Promise.reject(read);', 'patched'],
  ['Promise.reject({ run: () => read() });', 'partly unreached'],
  ['Promise.resolve({ run: () => read() });', 'partly unreached'],
  ['const settle = (value) => Promise.reject(value); settle(read);', 'patched'],
  ["import P from 'bluebird'; P.reject(read);", 'partly untransformed-package'],
  ['Promise.resolve({ then() { read(); } });', 'partly coercion'],
])('%s', (text, status) => {
  expect(statusOf(`${SERVE} ${text}`)).toBe(status);
});
