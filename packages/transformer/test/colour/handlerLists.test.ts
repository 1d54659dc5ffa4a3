/** Frameworks take arrays of handlers, and arrays of these: the functions in them are callbacks as those that stand by themselves. */
import { describe, expect, it } from 'vitest';
import { compile } from '../../src/engine.js';

const BLOCK = "require('fs').readFileSync('x')";
const HANDLER = `(req, res) => { res.end(${BLOCK}); }`;

/** How the blocking calls of a program are judged, and how many of its registrations are rewritten. */
function outcomeOf(...texts: readonly string[]): readonly [verdicts: string, registrations: number] {
  const [first = '', ...others] = texts;
  const application = `const app = require('express')(); ${first}`;
  const files = [application, ...others].map((text, i) => [`/app/${i}.js`, text] as const);
  const { verdicts, rewrite } = compile({
    modules: files.map(([fileName, text]) => ({ fileName, text, kind: 'commonjs' })),
    resolve: (specifier) => files.find(([name]) => name === `/app/${specifier.slice(2)}`)?.[0],
    closed: true,
    options: { patch: {}, runtime: '@unblock/runtime/compiled', roots: [] },
  });
  const registrations = rewrite('/app/0.js')?.code.match(/\$(member|method|methodRegistrar)\(app\b/g) ?? [];
  const said = verdicts.map(({ status, reasons }) => [status, ...reasons.map(({ rule }) => rule)].join(' '));
  return [said.join(', '), registrations.length];
}

describe('handlers in arrays', () => {
  it.each([
    ['written in place', [`app.get('/', [${HANDLER}]);`]],
    ['in an array within', [`app.use('/', [[(req, res, next) => next(), [${HANDLER}]]]);`]],
    ['in a variable', [`const chain = [${HANDLER}]; app.get('/', chain);`]],
    ['beside a handler that does not block', [`app.get('/', [${HANDLER}], (req, res) => res.end());`]],
    ['spread into another array', [`const chain = [${HANDLER}]; app.get('/', [...chain, (req, res) => res.end()]);`]],
    ['put into it later', [`const chain = []; chain.push(${HANDLER}); app.get('/', chain);`]],
    ['in a property', [`const routes = { all: [${HANDLER}] }; app.get('/', routes.all);`]],
    ['in a field', [`class A { list = [${HANDLER}]; mount() { app.get('/', this.list); } } new A().mount();`]],
    ['of another module', ["app.get('/', require('./1.js').chain);", `exports.chain = [${HANDLER}];`]],
    ['of a function', [`const chainOf = (handler) => [handler]; app.get('/', chainOf(${HANDLER}));`]],
  ])('%s', (_, texts) => {
    expect(outcomeOf(...texts)).toEqual(['patched', 1]);
  });

  it.each([
    ['get', `server.get('/', { preHandler: [${HANDLER}] }, async () => 1);`],
    ['route', `server.route({ url: '/', onRequest: [[], ${HANDLER}], handler: async () => 1 });`],
    [
      'kept elsewhere',
      `const checks = [${HANDLER}]; const options = { onSend: checks }; server.get('/', options, async () => 1);`,
    ],
  ])('of options of Fastify: %s', (_, text) => {
    expect(outcomeOf(`const server = require('fastify')(); ${text}`)[0]).toBe('patched');
  });

  it('are not what other handlers are given, and hand on', () => {
    const [verdicts] = outcomeOf(
      `app.get('/file', (req, res, next) => res.sendFile('/x', (error) => { next(error); })); app.all('/', [${HANDLER}, (req, res) => res.end()]);`,
    );
    expect(verdicts).toBe('patched');
  });

  it('of others are not meant', () => {
    const [verdicts] = outcomeOf(
      `const chain = [${HANDLER}]; const others = [(req, res) => res.end()]; app.get('/', others); module.exports = chain.length;`,
    );
    expect(verdicts).toBe('blocking unreached');
  });
});
