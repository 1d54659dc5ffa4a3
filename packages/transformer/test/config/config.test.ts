import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { defineConfig, loadSettings } from '../../src/config/config.js';
import { checkOptions, settingsOf } from '../../src/config/options.js';
import { UnblockError } from '../../src/errors.js';
import { RULES } from '../../src/report/rules.js';

let directory: string;
let count = 0;

beforeAll(() => {
  directory = realpathSync(mkdtempSync(join(tmpdir(), 'unblock-config-')));
});
afterAll(() => rmSync(directory, { recursive: true }));

/** A directory with the files. */
function folder(files: Readonly<Record<string, string>>): string {
  const root = join(directory, `${count++}`);
  mkdirSync(root);
  for (const [name, text] of Object.entries(files)) writeFileSync(join(root, name), text);
  return root;
}

const settings = (given: unknown, origin: string) => settingsOf(checkOptions(given, origin));

function thrown(run: () => unknown): UnblockError {
  try {
    run();
  } catch (error) {
    if (error instanceof UnblockError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

const DEFAULTS = {
  compiler: {
    patch: {},
    runtime: '@unblock/runtime/compiled',
    roots: [],
    packages: [],
    compact: false,
    unknownCalls: 'block',
  },
  topLevelAwait: false,
  rules: {},
};

describe('options', () => {
  it('have defaults, also where they are undefined', () => {
    expect(settings({}, 'x')).toEqual(DEFAULTS);
    const none = {
      patch: undefined,
      runtime: undefined,
      roots: undefined,
      packages: undefined,
      topLevel: undefined,
      compact: undefined,
      unknownCalls: undefined,
      rules: undefined,
    };
    expect(settings(none, 'x')).toEqual(DEFAULTS);
    expect(loadSettings(folder({}))).toEqual({ ...DEFAULTS, configFile: undefined });
  });

  it('are typed by their names', () => {
    expect(() => {
      // @ts-expect-error no such category
      settings(defineConfig({ patch: { fss: false } }), 'x');
    }).toThrow(/fss/);
    expect(() => {
      // @ts-expect-error no such rule
      settings(defineConfig({ rules: { geter: 'off' } }), 'x');
    }).toThrow(/geter/);
    expect(
      settings(defineConfig({ patch: { 'fs.readFileSync': false }, rules: { constructor: 'off' } }), 'x'),
    ).toBeDefined();
  });

  it('are all taken', () => {
    const config = defineConfig({
      patch: { fs: false, child_process: true, crypto: false, zlib: false, atomics: false, pg: false, other: true },
      runtime: '#runtime',
      roots: ['bullmq.Worker', '@scope/queue.consume', '.process'],
      packages: ['fs-extra', '@nodelib/fs.walk'],
      topLevel: 'await',
      compact: true,
      unknownCalls: 'suspend',
      rules: { unreached: 'off', getter: 'warn' },
    });
    expect(settings(config, 'x')).toEqual({
      compiler: {
        patch: config.patch,
        runtime: '#runtime',
        roots: config.roots,
        packages: config.packages,
        compact: true,
        unknownCalls: 'suspend',
      },
      topLevelAwait: true,
      rules: config.rules,
    });
    expect(settings({ topLevel: 'sync' }, 'x').topLevelAwait).toBe(false);
    expect(settings({ rules: Object.fromEntries([...RULES.keys()].map((id) => [id, 'warn'])) }, 'x')).toBeDefined();
  });

  it.each<[unknown, string]>([
    [{ pach: {} }, 'unknown option: pach. Did you mean patch?'],
    [{ toplevel: 'await' }, 'unknown option: toplevel. Did you mean topLevel?'],
    [
      { somethingElse: 1 },
      'unknown option: somethingElse. Known: patch, runtime, roots, packages, topLevel, compact, unknownCalls, rules.',
    ],
    [
      { patch: { childprocess: false } },
      'unknown category in the option patch: childprocess. Did you mean child_process?',
    ],
    [
      { patch: { network: false } },
      'unknown category in the option patch: network. Known: fs, child_process, crypto, zlib, atomics, pg, other.',
    ],
    [
      { patch: { 'fs.readFilesSync': false } },
      'unknown function in the option patch: fs.readFilesSync. Did you mean fs.readFileSync?',
    ],
    [
      { patch: { 'node:fs.readFileSync': false } },
      'unknown function in the option patch: node:fs.readFileSync. Did you mean fs.readFileSync?',
    ],
    [
      { patch: { 'fs.*': false } },
      'unknown function in the option patch: fs.*. Expected the path of a blocking function, such as fs.readFileSync.',
    ],
    [
      { patch: { 'express.get': false } },
      'unknown function in the option patch: express.get. Expected the path of a blocking function, such as fs.readFileSync.',
    ],
    [{ patch: { 'fs.readFileSync': 1 } }, 'the option patch["fs.readFileSync"] has to be true or false.'],
    [
      { patch: { 'v8.writeHeapSnapshot': true } },
      'the option patch["v8.writeHeapSnapshot"] cannot be true: nothing asynchronous does what this function does, so that it stays blocking. Remove it.',
    ],
    [{ rules: { unreachd: 'off' } }, 'unknown rule in the option rules: unreachd. Did you mean unreached?'],
    [{ rules: { 'unblock/getter': 'off' } }, 'unknown rule in the option rules: unblock/getter. Did you mean getter?'],
    [{ patch: { fs: 'no' } }, 'the option patch.fs has to be true or false.'],
    [{ patch: false }, 'the option patch has to be an object, such as { fs: false }.'],
    [{ patch: null }, 'the option patch has to be an object, such as { fs: false }.'],
    [{ patch: ['fs'] }, 'the option patch has to be an object, such as { fs: false }.'],
    [{ runtime: 1 }, 'the option runtime has to be a module specifier.'],
    [{ runtime: '' }, 'the option runtime has to be a module specifier.'],
    [{ roots: 'bullmq.Worker' }, 'the option roots has to be an array, such as ["bullmq.Worker"].'],
    [
      { roots: ['bullmq'] },
      'the option roots has "bullmq"; expected "module.export", such as "bullmq.Worker", or ".method".',
    ],
    [{ roots: [1] }, 'the option roots has 1; expected "module.export", such as "bullmq.Worker", or ".method".'],
    [{ topLevel: true }, 'the option topLevel has to be "sync" or "await".'],
    [{ packages: 'fs-extra' }, 'the option packages has to be an array, such as ["fs-extra"].'],
    [{ packages: ['./lib'] }, 'the option packages has "./lib"; expected the name of a package, such as "fs-extra".'],
    [{ compact: 1 }, 'the option compact has to be true or false.'],
    [{ unknownCalls: 'await' }, 'the option unknownCalls has to be "block" or "suspend".'],
    [{ rules: [] }, 'the option rules has to be an object, such as { unreached: "off" }.'],
    [{ rules: { getter: 2 } }, 'the option rules.getter has to be "off", "warn" or "error".'],
    [[], 'the configuration has to be an object, such as { patch: { fs: false } }.'],
    [null, 'the configuration has to be an object, such as { patch: { fs: false } }.'],
    ['fs', 'the configuration has to be an object, such as { patch: { fs: false } }.'],
    [Promise.resolve({}), 'the configuration has to be an object, such as { patch: { fs: false } }.'],
  ])('that are wrong get one message with origin, option and remedy: %j', (given, message) => {
    const error = thrown(() => settings(given, 'the host'));
    expect(error.message).toBe(`the host: ${message}`);
    expect(error.code).toBe('bad-option');
  });
});

describe('the configuration file', () => {
  it.each([
    ['ts', `const patch: Record<string, boolean> = { fs: false };\nexport default { patch };`],
    ['mts', 'export default { patch: { fs: false } } satisfies object;'],
    ['cts', 'module.exports = { patch: { fs: false } };'],
    ['js', 'export default { patch: { fs: false } };'],
    ['js', 'module.exports = { patch: { fs: false } };'],
    ['mjs', `import { basename } from 'node:path';\nexport default { patch: { [basename('/fs')]: false } };`],
    ['cjs', `exports.patch = { [require('node:path').basename('/fs')]: false };`],
    ['json', '{ "patch": { "fs": false } }'],
  ])('may be unblock.config.%s', (extension, text) => {
    const root = folder({ [`unblock.config.${extension}`]: text });
    expect(loadSettings(root)).toEqual({
      ...DEFAULTS,
      compiler: { ...DEFAULTS.compiler, patch: { fs: false } },
      configFile: join(root, `unblock.config.${extension}`),
    });
  });

  it('is found above the directory', () => {
    const root = folder({ 'unblock.config.json': '{ "runtime": "above" }' });
    mkdirSync(join(root, 'src/deep'), { recursive: true });
    expect(loadSettings(join(root, 'src/deep')).compiler.runtime).toBe('above');
  });

  it('is read again when it has changed', () => {
    const root = folder({ 'unblock.config.mjs': `export default { runtime: 'first' };` });
    expect(loadSettings(root).compiler.runtime).toBe('first');
    writeFileSync(join(root, 'unblock.config.mjs'), `export default { runtime: 'second' };`);
    expect(loadSettings(root).compiler.runtime).toBe('second');
  });

  it('yields to the host, key by key in patch and rules', () => {
    const root = folder({
      'unblock.config.json': JSON.stringify({
        patch: { fs: false, zlib: false },
        rules: { getter: 'off', setter: 'warn' },
        roots: ['a.b'],
        runtime: 'file',
        topLevel: 'await',
        compact: true,
      }),
    });
    const options = { patch: { fs: true }, rules: { getter: 'error' }, roots: ['.run'], topLevel: 'sync' };
    expect(loadSettings(root, { options, origin: 'host' })).toEqual({
      compiler: {
        patch: { fs: true, zlib: false },
        runtime: 'file',
        roots: ['.run'],
        packages: [],
        compact: true,
        unknownCalls: 'block',
      },
      topLevelAwait: false,
      rules: { getter: 'error', setter: 'warn' },
      configFile: join(root, 'unblock.config.json'),
    });
    expect(loadSettings(root, { options: { runtime: undefined }, origin: 'host' }).compiler.runtime).toBe('file');
  });

  it.each<[string, string, string]>([
    ['json', '{ "patch": ', 'the configuration cannot be loaded: '],
    ['ts', 'export default { patch: ', 'the configuration cannot be loaded: '],
    ['mjs', `throw new Error('no luck.');`, 'the configuration cannot be loaded: no luck. Correct the file.'],
    [
      'cjs',
      `require('./missing.cjs');`,
      `the configuration cannot be loaded: Cannot find module './missing.cjs'. Correct the file.`,
    ],
    [
      'mjs',
      'export default await Promise.resolve({});',
      'A configuration that awaits at top level is not supported. Correct the file.',
    ],
    ['js', '', 'the configuration has to be an object, such as { patch: { fs: false } }.'],
    ['ts', 'export default { pach: {} };', 'unknown option: pach. Did you mean patch?'],
    ['ts', 'export default { patch: { fz: false } };', 'unknown category in the option patch: fz. Did you mean fs?'],
    [
      'mjs',
      'export default Promise.resolve({});',
      'the configuration has to be an object, such as { patch: { fs: false } }.',
    ],
  ])('that is wrong gets one message with the file: %s %j', (extension, text, message) => {
    const root = folder({ [`unblock.config.${extension}`]: text });
    const error = thrown(() => loadSettings(root));
    expect(error.message.startsWith(`${join(root, `unblock.config.${extension}`)}: `)).toBe(true);
    expect(error.message).toContain(message);
    expect(error.message).not.toContain('\n');
  });

  it('is told from the host in messages', () => {
    const root = folder({ 'unblock.config.json': '{}' });
    const error = thrown(() => loadSettings(root, { options: { pach: 1 }, origin: 'tsconfig.json, plugins' }));
    expect(error.message).toBe('tsconfig.json, plugins: unknown option: pach. Did you mean patch?');
  });
});
