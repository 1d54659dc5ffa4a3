/** Calls of packages that are not compiled. */
import { expect, it } from 'vitest';
import { program } from './program.js';

const messages = (text: string) =>
  program(text).results.flatMap(({ messages }) =>
    messages
      .filter(({ ruleId }) => ruleId === 'unblock/package-call')
      .map(({ line, message }) => `${line} ${message.split(':')[0]}`),
  );
const imports = `import fse, { copySync } from 'fs-extra'; import * as glob from 'fast-glob'; import fs from 'node:fs';`;

it.each([
  ['a method of a default import', `export const f = () => fse.moveSync('a', 'b');`, 'moveSync() of fs-extra'],
  ['a named import', `export function f() { copySync('a', 'b'); }`, 'copySync() of fs-extra'],
  ['a method named sync', `export const f = () => glob.sync('*');`, 'sync() of fast-glob'],
  ['one whose result is used', `export const f = () => glob.sync('*').map(String).sync;`, 'sync() of fast-glob'],
  ['an optional call', `export const f = () => fse?.readJsonSync('a');`, 'readJsonSync() of fs-extra'],
  [
    'a package that is required',
    `const { sync: spawn } = require('cross-spawn'); export const f = () => spawn('a');`,
    'sync() of cross-spawn',
  ],
])('%s is named', (_what, text, call) => {
  expect(messages(`${imports}\n${text}`)).toEqual([`2 ${call} blocks, as its name says`]);
});

it.each([
  ['while the module is initialised', `fse.ensureDirSync('a'); copySync('a', 'b');`],
  ['of another name', `export const f = () => fse.copy('a', 'b');`],
  ['of Node itself', `export const f = () => fs.existsSync('a');`],
  ['of what only has the name of a package', `export const f = (fse2: any) => fse2.copySync('a');`],
  ['of the program itself', `const readSync = () => 1; export const f = () => readSync();`],
])('calls %s are not', (_what, text) => {
  expect(messages(`${imports}\n${text}`)).toEqual([]);
});
