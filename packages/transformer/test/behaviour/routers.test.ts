/** Handlers of Express and Connect that go on behind `next`: what that has started has run by then. */
import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { compile } from '../../src/engine.js';
import { behaveAsBefore } from './harness.js';

const load = createRequire(new URL('../../../runtime/package.json', import.meta.url));

/**
 * A program with a server over `router`, that asks for each of the paths.
 *
 * @param file of the package that the program has by that name
 */
const serving = (router: string, file: string, handlers: string, paths = ['/a']) => ({
  text: `
    const router = require('${router}'); const http = require('http');
    async function main() {
      const app = router(); let depth = 0;
      ${handlers}
      const server = http.createServer(app).listen(0); await new Promise((resolve) => server.on('listening', resolve));
      for (const path of ${JSON.stringify(paths)}) {
        const response = await fetch('http://127.0.0.1:' + server.address().port + path, { headers: { connection: 'close' } });
        log([response.status, await response.text()]);
      }
      await later(5); server.close();
    }`,
  uncompiled: { [router]: `module.exports = require(${JSON.stringify(load.resolve(file))});` },
});

const PROGRAMS: Readonly<Record<string, readonly [handlers: string, paths?: string[]]>> = {
  'in finally': [
    `app.use((request, response, next) => { depth++; try { next(); } finally { depth--; log([response.statusCode, response.writableEnded, depth]); } });
     app.use((request, response) => { block(0); response.statusCode = 201; response.end('depth ' + depth); });`,
  ],
  'through handlers that block, and handlers that do not': [
    `app.use((request, response, next) => { next(); log('first'); });
     app.use((request, response, next) => { next(); });
     app.use((request, response, next) => { block(0); next(); });
     app.use((request, response, next) => { log('before'); next(); log('second'); });
     app.use((request, response) => { log(block('last')); response.end('x'); });`,
  ],
  'where an error is handled': [
    `app.use((request, response, next) => { next(); log(response.statusCode); });
     app.use((request, response) => { block(0); throw new Error('thrown'); });
     app.use((error, request, response, next) => { next(error); log('handler'); });
     app.use((error, request, response, next) => { block(0); response.statusCode = 500; response.end(error.message); });`,
  ],
  'where next is called by another function': [
    `const timed = (go) => { go(); log('timed'); };
     app.use((request, response, next) => { timed(() => next()); log('first'); });
     app.use((request, response) => { log(block('last')); response.end('x'); });`,
  ],
  'but not where it is called later': [
    `app.use((request, response, next) => { setTimeout(() => { next(); log('later'); }, 1); log('at once'); });
     app.use((request, response) => { log(block('last')); response.end('x'); });`,
  ],
};

describe.each([
  ['express', 'express'],
  ['express', 'express4'],
  ['connect', 'connect'],
])('%s (%s)', (router, file) => {
  behaveAsBefore(
    Object.fromEntries(
      Object.entries(PROGRAMS).map(([name, [handlers, paths]]) => [name, serving(router, file, handlers, paths)]),
    ),
  );
});

describe('express', () => {
  behaveAsBefore({
    'with routers in routers': serving(
      'express',
      'express',
      `const inner = router.Router(); app.use((request, response, next) => { next(); log('outer'); }); app.use('/a', inner);
       inner.use((request, response, next) => { next(); log('inner'); }); inner.get('/', [(request, response, next) => { block(0); next(); }, (request, response) => { log(block('last')); response.send('x'); }]);`,
    ),
    'with parameters': serving(
      'express',
      'express',
      `app.param('id', (request, response, next, id) => { log(block(id)); next(); log('behind'); });
       app.get('/:id', (request, response) => { log(block('last')); response.send('x'); });`,
    ),
  });
});

it.each([
  ['registered here', `const app = require('express')(); app.use((request, response, next) => { next(); done(); });`],
  ['registered elsewhere', `exports.log = (request, response, next) => { next(); done(); };`],
  ['beside what is disposed of', `exports.log = (request, response, next) => { using held = hold(); return next(); };`],
  ['in a function inside', `exports.log = (request, response, next) => { timed(() => { next(); done(); }); };`],
])('a handler waits for those of other files, %s', (_, text) => {
  const modules = [{ fileName: '/a.js', text, kind: 'commonjs' }] as const;
  const options = { patch: {}, runtime: 'runtime' };
  const { rewrite } = compile({ modules, resolve: () => undefined, closed: false, options });
  expect(rewrite('/a.js')?.code).toMatch(/\$callee\(next, "next"\)\(\)/);
});

it.each([
  [
    'which it calls last',
    `exports.log = (request, response, next) => { if (request.a) return next(); else { next(); return; } };`,
  ],
  ['by another name', `exports.log = (text, from, to) => { to(); done(); };`],
])('a function does not wait for a parameter, %s', (_, text) => {
  const modules = [{ fileName: '/a.js', text, kind: 'commonjs' }] as const;
  const options = { patch: {}, runtime: 'runtime' };
  expect(compile({ modules, resolve: () => undefined, closed: false, options }).rewrite('/a.js')).toBeUndefined();
});
