/** Classes with decorators, as the build tools lower them: they differ in what has been replaced by the time that a class's static blocks run. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import * as babel from '@babel/core';
import ts from 'typescript';
import former from 'typescript-5.9';
import { describe, expect, it } from 'vitest';
import { formsOf, loadOriginal, rewriteText } from './harness.js';
import { FORMS } from './schedules.js';
import { traceOf, whereAllBlocks } from './trace.js';

const { resolve } = createRequire(import.meta.url);

/** What a build tool makes of a text in the end: CommonJS. */
type Lowering = (text: string) => string;

function typescript(api: typeof ts, target: keyof typeof ts.ScriptTarget, experimentalDecorators: boolean): Lowering {
  const compilerOptions = { target: api.ScriptTarget[target], module: api.ModuleKind.CommonJS, experimentalDecorators };
  return (text) => api.transpileModule(text, { fileName: 'a.ts', compilerOptions }).outputText;
}

function withBabel(decorators: object, node: string): Lowering {
  const presets = [[resolve('@babel/preset-env'), { targets: { node }, modules: 'commonjs' }]];
  const plugins = [[resolve('@babel/plugin-proposal-decorators'), decorators]];
  const options = { presets, plugins, configFile: false, babelrc: false, filename: 'a.js' } as babel.TransformOptions;
  return (text) => (babel.transformSync(text, options) as { code: string }).code;
}

/** Programs of `fixtures/constructs` with decorators of the standard. */
const textOf = (what: string) =>
  readFileSync(new URL(`../../../../fixtures/constructs/decorators/input-${what}.js`, import.meta.url), 'utf8');
const METHODS = textOf('standard');
const ELEMENTS = textOf('elements');
/** Of the standard alone. */
const ONLY_STANDARD = [textOf('accessors'), textOf('private-methods')];

/** The same programs with decorators of the older kind. */
const older = (text: string, decorators: string) =>
  text.replace(/(?<=\/\/ Decorators\.\n)[\s\S]*?(?=\/\/ What they)/, () => decorators);
const OLDER = `  const dec = (name) => (target, key, descriptor) => { log(['dec', name, typeof target, String(key), typeof descriptor?.value]); };
  const wrap = (target, key, descriptor) => ({ ...descriptor, value(...args) { log(['wrapped', String(key)]); return ['w', descriptor.value.apply(this, args), block('after')]; } });
  const quiet = (target, key, descriptor) => { const { value } = descriptor; descriptor.value = function (...args) { return ['quiet', value.apply(this, args)]; }; };
  const foreign = (target, key, descriptor) => { const { value } = descriptor; descriptor.value = function (...args) { return ['mutated', value.call(this, ...args)]; }; };
  const initialise = (target, key) => { log(['seen', String(key)]); };
  const replace = (cls) => class extends cls { own(x) { return ['replaced', super.own(x), block('r')]; } static make(x) { return ['replaced', super.make(x)]; } };
  const patch = (cls) => { const { own } = cls.prototype; cls.prototype.own = function (x) { return ['patched', own.call(this, x)]; }; };
`;
const MORE_OLDER = `${OLDER}  const getter = (target, key, descriptor) => { log(['get', typeof descriptor.get]); const { get } = descriptor; return { ...descriptor, get() { return ['got', get.call(this)]; } }; };
  const setter = (target, key, descriptor) => { const { set } = descriptor; descriptor.set = function (x) { log(['set', x]); set.call(this, x); }; };
  const field = (target, key) => { log(['field', String(key)]); };
  const patchLater = (target, key) => { const cls = typeof target === 'function' ? target : target.constructor; patch(cls); patchGetter(cls); };
`;

const STATIC_BLOCKS = '16.11';
const NO_STATIC_BLOCKS = '14';
const NO_FIELDS = '10';

const LOWERINGS: readonly (readonly [string, 'standard' | 'older', Lowering])[] = [
  ['TypeScript, ES2022', 'standard', typescript(ts, 'ES2022', false)],
  ['TypeScript, ES2021', 'standard', typescript(ts, 'ES2021', false)],
  ['TypeScript, ES2015', 'standard', typescript(ts, 'ES2015', false)],
  ['TypeScript 5.9', 'standard', typescript(former as unknown as typeof ts, 'ES2022', false)],
  ['TypeScript, ES2022, older decorators', 'older', typescript(ts, 'ES2022', true)],
  ['TypeScript, ES2021, older decorators', 'older', typescript(ts, 'ES2021', true)],
  ['TypeScript, ES2015, older decorators', 'older', typescript(ts, 'ES2015', true)],
  ['TypeScript 5.9, ES2021, older decorators', 'older', typescript(former as unknown as typeof ts, 'ES2021', true)],
  ['Babel', 'standard', withBabel({ version: '2023-11' }, STATIC_BLOCKS)],
  ['Babel without static blocks', 'standard', withBabel({ version: '2023-11' }, NO_STATIC_BLOCKS)],
  ['Babel, decorators of 2022', 'standard', withBabel({ version: '2022-03' }, STATIC_BLOCKS)],
  ['Babel, older decorators', 'older', withBabel({ version: 'legacy' }, STATIC_BLOCKS)],
  ['Babel without static blocks, older decorators', 'older', withBabel({ version: 'legacy' }, NO_STATIC_BLOCKS)],
  ['Babel without fields, older decorators', 'older', withBabel({ version: 'legacy' }, NO_FIELDS)],
];

/** Without what Babel's decorators cannot do: two members of a name; of the older kind, fields as they are and computed keys. */
function withoutUnsupported(text: string, name: string): string {
  if (!name.startsWith('Babel')) return text;
  const distinct = text.replace("@wrap m(x) { return ['first'", "m(x) { return ['first'");
  if (!name.includes('older')) return distinct;
  const withoutKeys = distinct.replace(/@\w+(\([^)]*\))? (static )?\[/g, '$2[');
  return name.includes('without fields') ? withoutKeys : withoutKeys.replaceAll('@field ', '');
}

describe.each(LOWERINGS)('%s', (name, kind, lower) => {
  const load = (text: string) => {
    const original = lower(text);
    const compiled = lower(rewriteText(text, 'javascript'));
    return { original: () => loadOriginal(original, 'commonjs'), compiled: () => formsOf(compiled, 'commonjs') };
  };
  const ofMethods = load(kind === 'standard' ? METHODS : older(METHODS, OLDER));
  const ofElements = load(withoutUnsupported(kind === 'standard' ? ELEMENTS : older(ELEMENTS, MORE_OLDER), name));

  const ofStandard = kind === 'standard' ? ONLY_STANDARD.map(load) : [];

  it.each(Object.entries(FORMS))('means the same %s', async (_, of) => {
    for (const { original, compiled } of [ofMethods, ofElements, ...ofStandard]) {
      const expected = await traceOf(original());
      expect(expected).toMatch(/^returns /m);
      expect(whereAllBlocks(await traceOf(of(compiled())))).toBe(expected);
    }
  });
  it('awaits every call that blocks in methods', async () => {
    for (const { compiled } of [ofMethods, ...ofStandard]) {
      const trace = await traceOf(compiled().asynchronous(() => true));
      expect(trace).not.toMatch(/^blocks on /m);
    }
  });
});
