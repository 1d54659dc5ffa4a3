/** Classes with decorators, as the build tools lower them: they differ in what has been replaced by the time that a class's static blocks run. */
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

/** Decorators of the standard, and what they do. */
const STANDARD = `
  const dec = (name) => (value, context) => { log(['dec', name, typeof value, context.kind, String(context.name)]); };
  const wrap = (value, context) => function (...args) { log(['wrapped', String(context.name)]); return ['w', value.apply(this, args), block('after')]; };
  const foreign = new Proxy(wrap, {});
  const initialise = (value, context) => { context.addInitializer?.(function () { log(['initialised', String(context.name)]); }); };
  const replace = (cls) => class extends cls { own(x) { return ['replaced', super.own(x), block('r')]; } static make(x) { return ['replaced', super.make(x)]; } };
  const patch = (cls) => { const { own } = cls.prototype; cls.prototype.own = function (x) { return ['patched', own.call(this, x)]; }; };
`;

/** The older ones. */
const OLDER = `
  const dec = (name) => (target, key, descriptor) => { log(['dec', name, typeof target, String(key), typeof descriptor?.value]); };
  const wrap = (target, key, descriptor) => ({ ...descriptor, value(...args) { log(['wrapped', String(key)]); return ['w', descriptor.value.apply(this, args), block('after')]; } });
  const foreign = (target, key, descriptor) => { const { value } = descriptor; descriptor.value = function (...args) { return ['mutated', value.call(this, ...args)]; }; };
  const initialise = (target, key) => { log(['seen', String(key)]); };
  const replace = (cls) => class extends cls { own(x) { return ['replaced', super.own(x), block('r')]; } static make(x) { return ['replaced', super.make(x)]; } };
  const patch = (cls) => { const { own } = cls.prototype; cls.prototype.own = function (x) { return ['patched', own.call(this, x)]; }; };
`;

const program = (decorators: string) => `
export function main(block, log) {${decorators}
  class Base { m(x) { return ['base', block(x)]; } static s(x) { return ['static base', block(x)]; } own(x) { return ['base own', block(x)]; } }
  class Methods extends Base {
    @wrap m(x) { return [super.m(x), block(x), this.#secret(x)]; }
    @dec('outer') @wrap @dec('inner') twice(x, y = block('default')) { return [block(x), y]; }
    @foreign other(x) { return block(x); }
    @initialise seen(x) { return block(x); }
    plain(x) { return super.m(block(x)); }
    @dec('static') static s(x) { return [super.s(x), block(x)]; }
    @wrap static wrapped(x) { return [this.name, block(x)]; }
    #secret(x) { return block(x); }
  }
  const classes = [];
  for (const n of [1, 2]) {
    @dec('class') class Decorated extends Base { own(x) { return [n, super.own(x)]; } @wrap m(x) { return [n, super.m(x)]; } static make(x) { return [n, block(x)]; } }
    classes.push(Decorated);
  }
  @replace class Replaced extends Base { own(x) { return ['source', super.own(x), block(x)]; } static make(x) { return ['source', super.s(x)]; } @wrap m(x) { return super.m(x); } }
  @patch class Patched extends Base { own(x) { return ['source', super.own(x), block(x)]; } }
  @dec('both') @replace @patch class Both extends Base { own(x) { return ['source', super.own(x)]; } static make(x) { return super.s(x); } }
  let failed;
  for (const fails of [true, false]) try {
    const fail = () => { if (fails) throw new Error('decorator'); };
    @fail class Failing extends Base { @wrap m(x) { return [fails, super.m(x)]; } static { log('static block'); } }
    failed = Failing;
  } catch (error) { log(error.message); }
  const a = new Methods();
  return [a.m(1), a.twice(2), a.twice(3, 4), a.other(5), a.seen(6), a.plain(7), Methods.s(8), Methods.wrapped(9), [10].map(a.m, a), a.plain.name,
    classes.map((cls) => [new cls().own(1), new cls().m(2), cls.make(3)]), new Replaced().own(1), Replaced.make(2), new Replaced().m(3), new Patched().own(4), new Both().own(5), Both.make(6), new failed().m(7)];
}
`;

/** Decorators of the standard that do more: they replace accessors, and what stands beside what they decorate. */
const MORE_STANDARD = `${STANDARD}
  const getter = (value, context) => { log(['get', context.kind]); return function () { return ['got', value.call(this)]; }; };
  const setter = (value, context) => function (x) { log(['set', x]); value.call(this, x); };
  const field = (value, context) => (initial) => { log(['field', String(context.name)]); return [initial, 'decorated']; };
  const patchLater = (value, context) => { context.addInitializer(function () { patch(this); patchGetter(this); }); };
`;

const MORE_OLDER = `${OLDER}
  const getter = (target, key, descriptor) => { log(['get', typeof descriptor.get]); const { get } = descriptor; return { ...descriptor, get() { return ['got', get.call(this)]; } }; };
  const setter = (target, key, descriptor) => { const { set } = descriptor; descriptor.set = function (x) { log(['set', x]); set.call(this, x); }; };
  const field = (target, key) => { log(['field', String(key)]); };
  const patchLater = (target, key) => { const cls = typeof target === 'function' ? target : target.constructor; patch(cls); patchGetter(cls); };
`;

/** What decorators do besides, and classes that are more than methods. */
const others = (decorators: string) => `
export function main(block, log) {${decorators}
  const patchGetter = (cls) => { const { get, set } = Object.getOwnPropertyDescriptor(cls.prototype, 'value'); Object.defineProperty(cls.prototype, 'value', { get() { return ['patched getter', get.call(this)]; }, set(x) { log('patched setter'); set.call(this, x); }, configurable: true }); };
  const count = (cls) => { log(['class', cls.name, cls.length]); };
  const construct = (cls) => new Proxy(cls, { construct(target, args, newTarget) { log('construct'); return Reflect.construct(target, args, newTarget); } });
  const extend = (cls) => class Extending extends cls { made = block('extended'); constructor(...args) { super(...args, block('more')); this.last = block('last'); } };
  const key = (name) => { log(['key', name]); return name; };
  class Base { constructor(x) { this.base = block(x); } own(x) { return ['base own', block(x)]; } }
  @count class Constructed extends Base {
    #private = 1; plain = block('field');
    constructor(x, y) { super(block(x)); this.y = [block(y), this.#private]; }
    @wrap m(x) { return [this.y, block(x)]; }
  }
  class Initialised extends Base { #p = 2; plain = 3; constructor(x) { super(x); log([x, this.#p]); this.x = block(x); } @initialise m(x) { return [this.#q(x), block(x)]; } #q(x) { return block(x); } }
  @extend class Extended extends Base { first = block('first'); constructor(x, y) { super(x); this.rest = [block(x), y]; } }
  @construct class Proxied { constructor(x) { this.x = block(x); } static make(x) { return [new this(x), block(x)]; } }
  @count class Fields { x = block(1); static y = log('static field'); static { log(typeof Fields); } constructor() { log('made'); } }
  class Decorated { @field x = 1; @field ['y'] = 2; constructor(z) { this.z = block(z); } m(x) { return [this.x, block(x)]; } }
  @patch @patchGetter class Accessors extends Base { #v = 0; get value() { return [super.own(1), block(this.#v)]; } set value(v) { this.#v = block(v); } own(x) { return super.own(x); } }
  class Gotten { v = 0; @getter get value() { return block(this.v); } set value(v) { this.v = block(v); } @setter set other(v) { this.v = block(v); } get other() { return block('other'); } get plain() { return block('plain'); } @getter static get fixed() { return block('fixed'); } m(x) { return [this.value, this.other, this.plain, block(x)]; } }
  class Patched extends Base { static own(x) { return block(x); } @patchLater static patching(x) { return [super.own, block(x)]; } own(x) { return ['source', super.own(x), block(x)]; } get value() { return block('value'); } set value(x) { log(block(x)); } }
  class Twice { @wrap m(x) { return ['first', block(x)]; } @wrap m(x) { return ['second', block(x)]; } @wrap n(x) { return block(x); } }
  class Keys { @wrap [key('a')](x) { return block(x); } [key('b')](x) { return ['b', block(x)]; } @wrap static [key('c')](x) { return block(x); } @wrap 7(x) { return block(x); } @wrap [Symbol.iterator]() { return [block('items')][Symbol.iterator](); } @wrap 'quo ted'(x) { return block(x); } }
  let depth = 0;
  const evaluate = () => {
    depth++;
    const again = (...args) => { if (depth < 3) { const other = evaluate(); log(new other().m('inner')); } return wrap(...args); };
    const own = depth;
    return class { @again m(x) { return [own, block(x)]; } @again n(x) { return [own, block(x)]; } o(x) { return [own, block(x)]; } };
  };
  const make = (name) => class { @wrap [name](x) { return [name, block(x)]; } @dec('other') static [name](x) { return ['static', name, block(x)]; } };
  const anonymous = (@patch class { constructor(x) { this.x = block(x); } own(x) { return ['anonymous', block(x)]; } get g() { return block('g'); } });
  const recursive = evaluate();
  const constructed = new Constructed(1, 2); const initialised = new Initialised(3); const accessors = new Accessors(4); const gotten = new Gotten(); const patched = new Patched(5);
  accessors.value = 6; gotten.value = 7; gotten.other = 8; patched.value = 9;
  const keys = new Keys(); const twice = new Twice(); const made = [make('p'), make('q')];
  return [constructed, constructed.m(10), initialised, initialised.m(11), new Extended(12, 13), new Proxied(14), Proxied.make(15), new Fields(), new Decorated(16).m(17), accessors.value, accessors.own(18), gotten.m(19), gotten.value, gotten.v, Gotten.fixed,
    patched.value, patched.own(20), Patched.patching(21), Patched.own(22), twice.m(23), twice.n(24), keys.a(25), keys.b(26), Keys.c(27), keys[7](28), keys[Symbol.iterator](), keys['quo ted'](29), new recursive().m(30), new recursive().n(31), new recursive().o(32),
    made.map((cls) => [new cls()[cls === made[0] ? 'p' : 'q'](33), cls[cls === made[0] ? 'p' : 'q'](34)]), new anonymous(35).own(36), new anonymous(37).g];
}
`;

const STATIC_BLOCKS = '16.11';
const NO_STATIC_BLOCKS = '14';
const NO_FIELDS = '10';

const LOWERINGS: readonly (readonly [string, string, Lowering])[] = [
  ['TypeScript, ES2022', STANDARD, typescript(ts, 'ES2022', false)],
  ['TypeScript, ES2021', STANDARD, typescript(ts, 'ES2021', false)],
  ['TypeScript, ES2015', STANDARD, typescript(ts, 'ES2015', false)],
  ['TypeScript 5.9', STANDARD, typescript(former as unknown as typeof ts, 'ES2022', false)],
  ['TypeScript, ES2022, older decorators', OLDER, typescript(ts, 'ES2022', true)],
  ['TypeScript, ES2021, older decorators', OLDER, typescript(ts, 'ES2021', true)],
  ['TypeScript, ES2015, older decorators', OLDER, typescript(ts, 'ES2015', true)],
  ['TypeScript 5.9, ES2021, older decorators', OLDER, typescript(former as unknown as typeof ts, 'ES2021', true)],
  ['Babel', STANDARD, withBabel({ version: '2023-11' }, STATIC_BLOCKS)],
  ['Babel without static blocks', STANDARD, withBabel({ version: '2023-11' }, NO_STATIC_BLOCKS)],
  ['Babel, decorators of 2022', STANDARD, withBabel({ version: '2022-03' }, STATIC_BLOCKS)],
  ['Babel, older decorators', OLDER, withBabel({ version: 'legacy' }, STATIC_BLOCKS)],
  ['Babel without static blocks, older decorators', OLDER, withBabel({ version: 'legacy' }, NO_STATIC_BLOCKS)],
  ['Babel without fields, older decorators', OLDER, withBabel({ version: 'legacy' }, NO_FIELDS)],
];

/** Without what Babel's decorators cannot do: two members of a name; of the older kind, fields as they are and computed keys. */
function withoutUnsupported(text: string, name: string): string {
  if (!name.startsWith('Babel')) return text;
  const distinct = text.replace("@wrap m(x) { return ['first'", "m(x) { return ['first'");
  if (!name.includes('older')) return distinct;
  const withoutKeys = distinct.replace(/@\w+(\([^)]*\))? (static )?\[/g, '$2[');
  return name.includes('without fields') ? withoutKeys : withoutKeys.replaceAll('@field ', '');
}

describe.each(LOWERINGS)('%s', (name, decorators, lower) => {
  const load = (text: string) => {
    const original = lower(text);
    const compiled = lower(rewriteText(text, 'javascript'));
    return { original: () => loadOriginal(original, 'commonjs'), compiled: () => formsOf(compiled, 'commonjs') };
  };
  const ofMethods = load(program(decorators));
  const ofRest = load(withoutUnsupported(others(decorators === STANDARD ? MORE_STANDARD : MORE_OLDER), name));

  it.each(Object.entries(FORMS))('means the same %s', async (_, of) => {
    for (const { original, compiled } of [ofMethods, ofRest]) {
      const expected = await traceOf(original());
      expect(expected).toMatch(/^returns /m);
      expect(whereAllBlocks(await traceOf(of(compiled())))).toBe(expected);
    }
  });
  it('awaits every call that blocks in methods', async () => {
    const trace = await traceOf(ofMethods.compiled().asynchronous(() => true));
    expect(trace).not.toMatch(/^blocks on /m);
  });
});
