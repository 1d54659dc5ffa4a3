/** What modules export under keys that only running tells, and modules of which only running tells the name. */
import { describe, expect, it } from 'vitest';
import { compile } from '../../src/engine.js';

const READ = `const fs = require('fs'); const load = () => fs.readFileSync('x');`;

/** Verdicts on a program whose first module is `main`, which serves requests. */
function verdictsOn(files: Readonly<Record<string, string>>): string[] {
  const modules = Object.entries(files).map(([name, text]) => ({
    fileName: `/${name}`,
    text,
    kind: name.endsWith('.mjs') ? ('esm' as const) : ('commonjs' as const),
  }));
  const { verdicts } = compile({
    modules,
    resolve: (specifier) => (specifier.startsWith('./') ? specifier.slice(1) : undefined),
    closed: true,
    options: { patch: {}, runtime: '@unblock/runtime/compiled' },
  });
  return verdicts.map(({ status, reasons }) => [status, ...reasons.map(({ rule }) => rule)].join(' '));
}

const serve = (code: string) => `require('http').createServer((request, response) => { ${code} });`;

describe('what is exported under keys that only running tells', () => {
  it.each([
    ['exports', `${READ} for (const name of process.argv) exports[name] = load;`],
    ['module.exports', `${READ} for (const name of process.argv) module.exports[name] = () => load();`],
    ['an object', `${READ} const api = {}; for (const name of process.argv) api[name] = load; module.exports = api;`],
    ['a module', `for (const name of process.argv) exports[name] = require('./load.cjs');`],
  ])('of %s is called by its name', (_, api) => {
    const load = `${READ} module.exports = load;`;
    expect(verdictsOn({ 'main.cjs': serve(`require('./api.cjs').load();`), 'api.cjs': api, 'load.cjs': load })[0]).toBe(
      'patched',
    );
  });
});

describe('a module of which only running tells the name', () => {
  const HANDLERS = `const handlers = {}; for (const file of process.argv) handlers[file] = require('./' + file);`;
  it.each([
    [
      'that is a function',
      {
        'main.cjs': `${HANDLERS} ${serve('handlers.users(request);')}`,
        'users.cjs': `${READ} module.exports = () => load();`,
      },
    ],
    [
      'that exports functions',
      {
        'main.cjs': `${HANDLERS} ${serve('handlers.users.get(request);')}`,
        'users.cjs': `${READ} exports.get = () => load();`,
      },
    ],
    [
      'that is imported',
      {
        'main.mjs': `import http from 'http'; http.createServer(async (request) => { const { default: get } = await import(request.url); get(); });`,
        'users.mjs': `import fs from 'fs'; export default function get() { fs.readFileSync('x'); }`,
      },
    ],
  ])('%s', (_, files: Readonly<Record<string, string>>) => {
    expect(verdictsOn(files)).toEqual(['patched']);
  });
});
