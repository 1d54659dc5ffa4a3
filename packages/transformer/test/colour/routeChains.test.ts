/** Handlers that are registered in a chain: methods of applications, routers and routes return their objects. */
import { expect, it } from 'vitest';
import { verdictsOf } from './verdictsOf.js';

const READ = "() => fs.readFileSync('a')";

it.each([
  ["import express from 'express'; express()", ".route('/')", '.get(H)', '.post(H)', '.put(H)', '.all(H)'],
  ["import express from 'express'; express.Router()", ".route('/')", '.get(H)', '.post(H)', '.all(H)'],
  ["import express from 'express'; express()", '.use(H)', ".get('/', H)", ".param('id', H)", ".engine('e', H)"],
  [
    "import express from 'express'; express()",
    ".set('a', 1).enable('b').disable('c')",
    ".get('/', H)",
    '.listen(1, H)',
  ],
  ["import express from 'express'; express()", ".use(H).get('/', H)", '.listen(1, H)', '.close(H)'],
  ["import Koa from 'koa'; new Koa()", '.listen(1)', '.setTimeout(1, H)'],
  ["import http from 'http'; http", '.createServer(H)', '.listen(1, H)', '.close(H)'],
  ["import { Router } from 'express'; Router()", '.use(H)', ".get('/', H)", ".route('/').get(H)", '.post(H)'],
  ["import Koa from 'koa'; new Koa()", '.use(H)', '.use(H)', '.listen(1, H)'],
  ["import Router from '@koa/router'; new Router()", ".prefix('/a')", ".get('/', H)", ".post('/', H)", '.use(H)'],
  ["import { Router } from '@koa/router'; new Router()", ".get('/', H)", ".redirect('/a', '/b')", '.use(H)'],
  ["import Router from 'koa-router'; Router()", ".get('/', H)", ".param('id', H)", ".register('/', ['get'], H)"],
  [
    "import fastify from 'fastify'; fastify()",
    ".decorate('a', 1)",
    ".get('/', H)",
    '.route({ handler: H })',
    ".get('/', H)",
  ],
  ["import fastify from 'fastify'; fastify()", ".addHook('onRequest', H)", '.setErrorHandler(H)', ".all('/', H)"],
  [
    "import connect from 'connect'; connect()",
    '.use(H)',
    ".use('/a', H)",
    '.use(H)',
    '.use(H)',
    '.use(H)',
    '.listen(1, H)',
  ],
])('%s%s%s', (made, ...chain) => {
  const handlers = chain.join('').split('H)').length - 1 + chain.join('').split('H }').length - 1;
  expect(verdictsOf(`${made}${chain.join('').replace(/H(?=\)| })/g, READ)};`)).toEqual(Array(handlers).fill('patched'));
});

it.each(['sendFile', 'download'])('%s of a response starts its callback', (name) => {
  const text = `import express from 'express'; express().get('/', (request, response) => response.${name}('a', ${READ}));`;
  expect(verdictsOf(text)).toEqual(['partly untransformed-package']);
});

it('a setting that is read is not the application', () => {
  const text = `import express from 'express'; const app = express(); app.set('all', 1).all('/', ${READ});`;
  expect(verdictsOf(`${text} app.set('db').all('select', ${READ});`)).toEqual([
    'patched',
    'blocking untransformed-package',
  ]);
});

it.each([
  ['an instance', "app.register((i, options, done) => { i.get('/', H); done(); });"],
  ['one in it', "app.register(async (i) => { i.register((j, options, done) => { j.post('/', [H]); done(); }); });"],
  ['one that is wrapped', "import fp from 'fastify-plugin'; app.register(fp((i) => { i.addHook('onRequest', H); }));"],
])('plugins of Fastify are given %s', (_, text) => {
  const handler = `(request, reply) => { reply.send(fs.readFileSync('a')); }`;
  expect(verdictsOf(`import fastify from 'fastify'; const app = fastify(); ${text.replace(/\bH\b/, handler)}`)).toEqual(
    ['patched'],
  );
});

it('what compilers make of imports is the package', () => {
  const verdicts = verdictsOf(`
    import { createRequire } from 'node:module';
    const require = createRequire(import.meta.url);
    const importDefault = (mod) => (mod && mod.__esModule ? mod : { default: mod });
    const express_1 = importDefault(require('express'));
    const app = (0, express_1.default)();
    app.get('/', ${READ});
    const router = express_1.default.Router();
    router.get('/', ${READ});`);
  expect(verdicts).toEqual(['patched', 'patched']);
});
