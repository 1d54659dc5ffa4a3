import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { unblock, Workspace } from './cliProjects.js';

/** A text at which the parser throws what is not about the text. */
const DEFECT = 'a defect';
vi.mock('@babel/parser', async (load) => {
  const parser = await load<typeof import('@babel/parser')>();
  const parse: typeof parser.parse = (text, options) => {
    if (text.includes('a defect')) throw new Error('a defect');
    return parser.parse(text, options);
  };
  return { ...parser, parse };
});

const workspace = new Workspace();
afterAll(() => workspace.remove());

const esm = (code: string) => `import fs from 'node:fs';\nimport http from 'node:http';\n${code}`;
const patched = "http.createServer((request, response) => {\n  response.end(fs.readFileSync('a'));\n});\n";
const tsconfig = (more: object = {}, options: object = {}) =>
  JSON.stringify({ compilerOptions: { module: 'NodeNext', strict: true, ...options }, include: ['src'], ...more });

/** The files of a project, without its packages. */
const listing = (root: string) =>
  readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) => !name.startsWith('node_modules'));

describe('mistakes', () => {
  const plain = { 'a.mjs': esm(patched) };
  const ts = { 'tsconfig.json': tsconfig(), 'src/main.ts': esm(patched) };
  /** Files, arguments, and what the one message says. */
  const MISTAKES: Readonly<Record<string, readonly [Record<string, string>, string[], RegExp]>> = {
    'no tsconfig': [plain, ['check'], /tsconfig\.json: no such file\. .*--project.*source files\.$/],
    'no tsconfig, build': [plain, ['build', '--out-dir', 'out'], /tsconfig\.json: no such file\./],
    'no tsconfig where told': [ts, ['check', '-p', 'nowhere'], /nowhere: no such file\./],
    'broken tsconfig': [
      { ...ts, 'tsconfig.json': '{ "include": [ }' },
      ['check'],
      /tsconfig\.json: .*\. Correct the tsconfig\.$/,
    ],
    'tsconfig without files': [
      { 'tsconfig.json': tsconfig() },
      ['check'],
      /tsconfig\.json: No inputs were found.*Correct the tsconfig\.$/,
    ],
    'syntax error': [
      { ...plain, 'b.mjs': 'const = 1;\n' },
      ['build', 'a.mjs', 'b.mjs', '--out-dir', 'out'],
      /b\.mjs:1:7: Unexpected token\. Correct the syntax, or exclude the file\.$/,
    ],
    'syntax error, TypeScript': [
      { ...ts, 'src/b.ts': 'let a: = 1;' },
      ['build', '--out-dir', 'out'],
      /src\/b\.ts:1:8: .*\. Correct the syntax/,
    ],
    'runtime not installed': [
      { ...plain, 'unblock.config.json': '{ "runtime": "not-installed/compiled" }' },
      ['build', 'a.mjs', '--out-dir', 'out'],
      /not-installed\/compiled.* cannot be found from here\. Install @unblock\/runtime/,
    ],
    'file outside rootDir': [
      {
        'tsconfig.json': tsconfig({ include: ['src', 'lib'] }, { rootDir: 'src' }),
        'src/main.ts': esm(patched),
        'lib/a.ts': 'export {};',
      },
      ['build', '--out-dir', 'out'],
      /lib\/a\.ts: file outside the project, whose rootDir is .*src\. Widen rootDir, or leave the file out\.$/,
    ],
    'file outside --root-dir': [
      { ...plain, 'lib/b.mjs': '' },
      ['build', 'a.mjs', 'lib/b.mjs', '--root-dir', 'lib', '--out-dir', 'out'],
      /a\.mjs: file outside the project/,
    ],
    'output over sources': [
      plain,
      ['build', 'a.mjs', '--out-dir', '.'],
      /a\.mjs: --out-dir would overwrite this source\. Name another directory\.$/,
    ],
    'output over all sources': [
      { 'tsconfig.json': tsconfig({ include: ['src'] }), 'src/main.ts': esm(patched) },
      ['build', '--out-dir', 'src'],
      /src: --out-dir holds all sources\. Name another directory\.$/,
    ],
    'output over a file': [
      { ...plain, file: '' },
      ['build', 'a.mjs', '--out-dir', 'file/out'],
      /the output cannot be written: .*Check --out-dir\.$/,
    ],
    'explain outside the project': [
      { ...ts, ...plain },
      ['explain', 'a.mjs:3'],
      /a\.mjs: not a file of the project \(.*tsconfig\.json\)\. .*--project/,
    ],
    'explain without a line': [plain, ['explain', 'a.mjs'], /a\.mjs: expected FILE:LINE/],
    'explain line 0': [plain, ['explain', 'a.mjs:0'], /a\.mjs:0: expected FILE:LINE/],
    'explain behind the end': [plain, ['explain', 'a.mjs:99'], /a\.mjs:99: the file has 6 lines\. Name one of them\.$/],
    'explain of no file': [plain, ['explain', 'b.mjs:1'], /b\.mjs: no source file in .* matches\./],
    'no files matched': [
      plain,
      ['check', 'a.mjs', 'src/**/*.js'],
      /src\/\*\*\/\*\.js: no source file in .* matches\. Name JavaScript or TypeScript files\.$/,
    ],
    'nothing but what is left out': [
      plain,
      ['check', '!a.mjs'],
      /!a\.mjs: nothing is named besides what is left out\.$/,
    ],
    'all left out': [plain, ['check', 'a.mjs', '!*.mjs'], /a\.mjs: no source file in .* matches\./],
    'no source': [{ 'a.md': '' }, ['check', 'a.md'], /a\.md: no source file/],
    'a file without a name': [plain, ['check', 'a.mjs', ''], /a file in the list has no name/],
    'files and project': [
      { ...ts, ...plain },
      ['check', 'a.mjs', '-p', '.'],
      /--project and a list of files exclude each other/,
    ],
    '--whole-program with a tsconfig': [ts, ['check', '--whole-program'], /--whole-program goes with a list of files/],
    'unknown option': [plain, ['check', '--fromat', 'json'], /unknown option '--fromat'\. Did you mean --format\?$/],
    'unknown command': [plain, ['chekc'], /unknown command 'chekc'\. Did you mean check\?$/],
    'unknown format': [
      plain,
      ['check', 'a.mjs', '--format', 'xml'],
      /--format.*'xml' is invalid\. Allowed choices are stylish, json\.$/,
    ],
    'no number': [
      plain,
      ['check', 'a.mjs', '--max-warnings', 'few'],
      /--max-warnings.*'few' is invalid\. Expected a whole number\.$/,
    ],
    'no --out-dir': [plain, ['build', 'a.mjs'], /required option '--out-dir <dir>' not specified\.$/],
    'unknown rule': [
      { ...plain, 'unblock.config.json': '{ "rules": { "geter": "off" } }' },
      ['check', 'a.mjs'],
      /unblock\.config\.json: unknown rule.*geter.*Did you mean getter\?/,
    ],
    'defect of the compiler': [
      { 'a.mjs': `'${DEFECT}';` },
      ['check', 'a.mjs'],
      /a\.mjs: internal error: a defect\. Please report it/,
    ],
  };
  for (const [name, [files, args, message]] of Object.entries(MISTAKES)) {
    it(`${name}: one message, exit code 2, no output`, async () => {
      const root = workspace.project(files, ['runtime', 'typescript']);
      const before = listing(root);
      const { status, stdout, stderr } = await unblock(root, ...args);
      expect(stderr.startsWith('unblock: ')).toBe(true);
      expect(stderr.trimEnd()).toMatch(message);
      expect(stderr.match(/\n/g)).toHaveLength(1);
      expect(stdout).toBe('');
      expect(status).toBe(2);
      expect(existsSync(join(root, 'out'))).toBe(false);
      expect(listing(root)).toEqual(before);
    });
  }
});
