/** The stacks of errors: the functions of the program by their names, through suspensions. */
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { run } from './harness.js';

/** The built package, which can require itself by its name. */
const RUNTIME = fileURLToPath(new URL('../../../runtime', import.meta.url));

const CHAIN = `
  function innermost(fail) { block(0); return fail(); }
  const arrow = (fail) => innermost(fail);
  const object = { method(fail) { return arrow(fail); } };
  class Service { load(fail) { return object.method(fail); } static open(fail) { return new Service().load(fail); } }
  function outermost(fail) { return Service.open(fail); }
`;

type Stacks = Record<'original' | 'whole' | 'alone' | 'inPlace', unknown>;

/** The functions in which a throw leaves its stack, by the form that ran. */
async function stackOf(body: string, top = CHAIN): Promise<Stacks> {
  const text = `${top} async function main() { ${body} }`;
  const forms = ['original', 'whole', 'alone', 'inPlace'] as const;
  const entries: [string, unknown][] = [];
  for (const form of forms) {
    const { log, requests } = await run({ text }, form);
    if (form === 'whole' || form === 'alone') expect(requests).toBeGreaterThan(0);
    entries.push([form, log[0]]);
  }
  return Object.fromEntries(entries) as Stacks;
}

/** `async f`, `Service.load [as load]`, `new f`: the name alone. */
const plain = (names: unknown): string[] =>
  (names as string[]).map((name) =>
    name
      .replace(/^async /, '')
      .replace(/^.*\./, '')
      .replace(/ \[.*/, ''),
  );

describe('the stack of an error', () => {
  it.each([
    [
      'that is thrown after a suspension',
      `try { outermost(() => { throw new Error('x'); }); } catch (error) { log(frames(error)); }`,
    ],
    ['that is made after a suspension', `log(frames(outermost(() => new Error('x'))));`],
    [
      'that a blocking function throws',
      `try { outermost(() => fs.readFileSync('/missing')); } catch (error) { log(frames(error)); }`,
    ],
    [
      'of a command',
      `try { outermost(() => require('child_process').execFileSync('false', { stdio: 'pipe' })); } catch (error) { log(frames(error)); }`,
    ],
    [
      'of zlib',
      `try { outermost(() => require('zlib').gunzipSync(Buffer.from('x'))); } catch (error) { log(frames(error)); }`,
    ],
    [
      'of crypto',
      `try { outermost(() => require('crypto').scryptSync('p', 's', 8, { N: 3 })); } catch (error) { log(frames(error)); }`,
    ],
    [
      'of a callback of a builtin',
      `try { [1].map(() => outermost(() => { throw new Error('x'); })); } catch (error) { log(frames(error)); }`,
    ],
    [
      'of a listener',
      `const e = new (require('events'))(); e.on('x', function heard() { outermost(() => { throw new Error('x'); }); }); try { e.emit('x'); } catch (error) { log(frames(error)); }`,
    ],
    [
      'of a cause',
      `try { try { outermost(() => { throw new Error('x'); }); } catch (cause) { throw new Error('y', { cause }); } } catch (error) { log(frames(error.cause)); }`,
    ],
  ])('%s has the chain of functions of the original', async (_, body) => {
    const { original, whole, alone, inPlace } = await stackOf(body);
    const names = ['innermost', 'arrow', 'method', 'load', 'open', 'outermost'];
    const chain = (stack: unknown) => plain(stack).filter((name) => names.includes(name));
    const expected = chain(original);
    expect(expected).toEqual(names.slice(0, Math.max(expected.length, 1)));
    for (const stack of [whole, alone, inPlace]) expect(chain(stack).slice(0, expected.length)).toEqual(expected);
  });

  it('marks the functions that were resumed as async', async () => {
    const { original, whole } = await stackOf(`log(frames(outermost(() => new Error('x'))));`);
    expect(original).not.toContainEqual(expect.stringMatching(/^async outermost/));
    expect(whole).toContainEqual(expect.stringMatching(/^async outermost/));
  });

  it('of a handler begins at the handler', async () => {
    const { original, whole, alone, inPlace } = await stackOf(
      `await new Promise((resolve) => setTimeout(function handler() { log(frames(outermost(() => new Error('x')))); resolve(); }, 1));`,
    );
    for (const stack of [original, whole, alone, inPlace])
      expect(plain(stack).slice(-2)).toEqual(['outermost', 'handler']);
  });

  it('ends at an async function, as in the original', async () => {
    const { original, whole, alone, inPlace } = await stackOf(`log(frames(outermost(() => new Error('x'))));`);
    for (const stack of [original, whole, alone, inPlace])
      expect(plain(stack).slice(-2)).toEqual(['outermost', 'main']);
  });

  it('keeps what Error.captureStackTrace leaves out', async () => {
    const { original, whole, alone, inPlace } = await stackOf(
      `log(frames(outermost(() => assertion())));`,
      `${CHAIN} function assertion() { const error = new Error('x'); Error.captureStackTrace(error, assertion); return error; }`,
    );
    for (const stack of [original, whole, alone, inPlace]) expect(plain(stack)).not.toContain('assertion');
    expect(plain(original)).toContain('outermost');
    expect(plain(whole)).toContain('outermost');
  });

  it('is what Error.prepareStackTrace makes of it', async () => {
    const { original, whole, alone, inPlace } = await stackOf(
      `const before = Error.prepareStackTrace;
       Error.prepareStackTrace = (error, sites) => ['prepared', error.message, sites.some((site) => site.getFunctionName()?.endsWith('outermost'))];
       let stack; try { stack = outermost(() => new Error('x')).stack; } finally { Error.prepareStackTrace = before; } log(stack);`,
    );
    expect([whole, alone, inPlace]).toEqual([original, original, original]);
    expect(original).toEqual(['prepared', 'x', true]);
  });

  it('is what Error.prepareStackTrace makes of the error of a blocking function', async () => {
    const { original, whole, alone, inPlace } = await stackOf(
      `const before = Error.prepareStackTrace;
       Error.prepareStackTrace = (error) => ['prepared', error.code];
       let stack; try { fs.readFileSync('/missing'); } catch (error) { stack = error.stack; } finally { Error.prepareStackTrace = before; } log(stack);`,
    );
    expect([whole, alone, inPlace]).toEqual([original, original, original]);
  });

  it('shows nine functions among twenty frames, where nothing has suspended yet', async () => {
    const names = Array.from({ length: 9 }, (_, i) => `f${i}`);
    const chain = names
      .slice(1)
      .map((name, i) => `function ${name}(fail) { const made = ${names[i]}(fail); return made; }`);
    const { original, whole, alone, inPlace } = await stackOf(
      `const before = Error.stackTraceLimit; Error.stackTraceLimit = 20; let stack;
       try { f8(true); } catch (error) { stack = frames(error); } finally { Error.stackTraceLimit = before; } f8(false); log(stack);`,
      `function f0(fail) { if (fail) throw new Error('x'); block(0); } ${chain.join(' ')}`,
    );
    for (const stack of [original, whole, alone, inPlace]) expect(plain(stack).slice(0, 9)).toEqual(names);
  });

  it('is half as long again with the runtime, unless the program says how long', () => {
    const lengthIn = (...flags: string[]) => {
      const args = [...flags, '-p', "require('@unblock/runtime'); Error.stackTraceLimit"];
      return execFileSync(process.execPath, args, { cwd: RUNTIME, encoding: 'utf8' }).trim();
    };
    expect([lengthIn(), lengthIn('--stack-trace-limit=7')]).toEqual(['15', '7']);
  });

  it('has no frames if Error.stackTraceLimit is 0', async () => {
    const { original, whole, alone, inPlace } = await stackOf(
      `const before = Error.stackTraceLimit; Error.stackTraceLimit = 0; let stack; try { fs.readFileSync('/missing'); } catch (error) { stack = error.stack; } finally { Error.stackTraceLimit = before; } log(stack);`,
    );
    expect([whole, alone, inPlace]).toEqual([original, original, original]);
  });
});
