/** Calls that may run any of dozens of functions: what they may run is no reason where there are ways that are certain. */
import { expect, it } from 'vitest';
import { compile } from '../../src/engine.js';
import { program } from './program.js';

const MANY = Array.from({ length: 40 }, (_, i) => `registry.set('${i}', () => ${i});`).join('\n');

const text = (route: string) => `
import fs from 'node:fs';
import http from 'node:http';
const registry = new Map();
${MANY}
const load = () => fs.readFileSync('a', 'utf8');
registry.set('load', load);
registry.get(process.argv[2])();
${route}
`;

const statuses = (route: string) =>
  program(text(route)).compilation.verdicts.map(({ status, reasons }) => [status, reasons.map(({ rule }) => rule)]);

it('where a handler calls the function by name', () => {
  expect(statuses('http.createServer((req, res) => res.end(load()));')).toEqual([['patched', []]]);
});

it('where only such a call is seen, it is the reason', () => {
  expect(statuses('')).toEqual([['blocking', ['initialisation']]]);
});

it('where the function is called by name at the top level, too, that is a reason', () => {
  expect(statuses('load(); http.createServer((req, res) => res.end(load()));')).toEqual([
    ['partly', ['initialisation']],
  ]);
});

it('rewriting heeds them all the same: what may run in a copy without an asynchronous form is not written once', () => {
  const nested = `
function outer() { load(); const mid = () => { load(); const low = () => { load(); setTimeout(() => { load(); }); }; low(); }; mid(); }
registry.set('outer', outer);
http.createServer((req, res) => res.end(outer()));`;
  const fileName = '/src/main.ts';
  const { plans, verdicts } = compile({
    modules: [{ fileName, text: text(nested), kind: 'esm' }],
    resolve: () => undefined,
    closed: true,
    options: { patch: {}, runtime: '@unblock/runtime/compiled', compact: true },
  });
  const forms = [...(plans.get(fileName)?.functions.values() ?? [])].map(({ form }) => form);
  // The handler alone is run by nobody else.
  expect(forms).toEqual(['twin', 'twin', 'twin', 'twin', 'twin', 'once']);
  expect(verdicts.map(({ status }) => status)).toEqual(['patched']);
});
