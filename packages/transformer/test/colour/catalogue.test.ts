/** Rows of the catalogue are found however a program gets at what they name. */
import { expect, it } from 'vitest';
import { compile } from '../../src/engine.js';

it.each<[string, string[]]>([
  [`localStorage.setItem('a', localStorage.getItem('b'));`, ['localStorage.getItem', 'localStorage.setItem']],
  [`import { getHeapSnapshot } from 'node:v8'; getHeapSnapshot();`, ['v8.getHeapSnapshot']],
  [`import module from 'node:module'; module.flushCompileCache();`, ['module.flushCompileCache']],
  [`import * as tls from 'tls'; tls.getCACertificates('system');`, ['tls.getCACertificates']],
  [
    `import { WASI } from 'node:wasi'; const w = new WASI({ version: 'preview1' }); w.start({});`,
    ['wasi.WASI.prototype.start'],
  ],
  [
    `import { DatabaseSync } from 'node:sqlite'; const db = new DatabaseSync('a'); db.serialize(); db.close();`,
    [
      'node:sqlite.DatabaseSync',
      'node:sqlite.DatabaseSync.prototype.close',
      'node:sqlite.DatabaseSync.prototype.serialize',
    ],
  ],
  [`import inspector from 'node:inspector'; inspector.open(0, undefined, true);`, ['inspector.open']],
])('%s', (text, apis) => {
  const { verdicts } = compile({
    modules: [{ fileName: '/app.mjs', text: `${text}\nexport {};`, kind: 'esm' }],
    resolve: () => undefined,
    closed: true,
    options: { patch: {}, runtime: 'runtime' },
  });
  expect(verdicts.map(({ api, status }) => `${api} ${status}`).sort()).toEqual(apis.map((api) => `${api} blocking`));
});
