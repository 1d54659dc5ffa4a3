/** Callbacks that are handed over in asynchronous form: bodies of test frameworks, and what the configuration names. */
import * as runtime from '@unblock/runtime/compiled';
import { describe, expect, it } from 'vitest';
import { compile } from '../../src/engine.js';

type Body = (...args: unknown[]) => unknown;

/** Compiles a test file, runs it with `define` as the framework's functions, and returns the bodies that these were given. */
function bodiesOf(text: string, names: readonly string[], roots: readonly string[] = []): Body[] {
  const fileName = '/some.test.js';
  const compilation = compile({
    modules: [{ fileName, text, kind: 'commonjs' }],
    resolve: () => undefined,
    closed: true,
    options: { patch: {}, runtime: 'runtime', roots },
  });
  const code = compilation.rewrite(fileName)?.code ?? text;
  const bodies: Body[] = [];
  const define = Object.assign(
    (...args: unknown[]) => {
      bodies.push(...args.filter((arg): arg is Body => typeof arg === 'function'));
    },
    {
      process: (body: Body) => bodies.push(body),
      only: (_: string, body: Body) => bodies.push(body),
      each: () => (_: string, body: Body) => bodies.push(body),
    },
  );
  const load = (specifier: string) => (specifier === 'runtime' ? runtime : process.getBuiltinModule(specifier));
  new Function('require', ...names, code)(load, ...names.map(() => define));
  return bodies;
}

const READ = "require('fs').readFileSync('/dev/null', 'utf8')";

describe('test bodies', () => {
  it.each(['it', 'test', 'before', 'beforeEach', 'afterAll'])('given to %s return a promise', async (name) => {
    const [body] = bodiesOf(`${name}(${name === 'it' || name === 'test' ? "'x', " : ''}() => ${READ} + 'read');`, [
      name,
    ]);
    const result = body?.();
    expect(result).toBeInstanceOf(Promise);
    expect(await result).toBe('read');
  });

  it('of variants and with a time limit behind them return a promise', async () => {
    const bodies = bodiesOf(
      `it.only('x', () => ${READ}); it('y', function () { return ${READ} + this.name; }, 1000); it.each([[1]])('z', (n) => ${READ} + n);`,
      ['it'],
    );
    expect(await bodies[0]?.()).toBe('');
    expect(await bodies[1]?.call({ name: 'suite' })).toBe('suite');
    expect(await bodies[2]?.(7)).toBe('7');
  });

  it('that take done report a failure to it and return nothing', async () => {
    const [fails, passes] = bodiesOf(
      `it('x', (done) => { require('fs').readFileSync('/missing'); done(); }); it('y', (done) => { ${READ}; done(); });`,
      ['it'],
    );
    const run = (body: Body | undefined) => new Promise((resolve) => expect(body?.(resolve)).toBeUndefined());
    expect(await run(fails)).toMatchObject({ code: 'ENOENT' });
    expect(await run(passes)).toBeUndefined();
  });

  it('of table tests are not taken to have a done callback', async () => {
    const [body] = bodiesOf(`it.each([[String]])('x', (convert) => ${READ} + convert(1));`, ['it']);
    expect(await body?.(String)).toBe('1');
  });

  it('are recognised where the configuration names the function or method that takes them', async () => {
    const text = `schedule('name', () => ${READ} + 'read'); schedule.process(() => ${READ} + 'processed');`;
    const [first, second] = bodiesOf(text, ['schedule'], ['schedule', '.process']);
    expect(await first?.()).toBe('read');
    expect(first?.()).toBeInstanceOf(Promise);
    expect(second?.()).toBeInstanceOf(Promise);
    expect(bodiesOf(text, ['schedule'])[0]?.()).toBe('read');
  });

  it('without blocking calls stay as they are', () => {
    const [body] = bodiesOf("it('x', () => 1);", ['it']);
    expect(body?.()).toBe(1);
  });
});
