/** What frameworks are given is not unused, though nothing in the program calls it. */
import { describe, expect, it } from 'vitest';
import { program } from './program.js';

const CLASS = `
class Guard {
  text = '';
  canActivate() { return this.load(); }
  load() { return readFileSync('tokens', 'utf8'); }
}`;

/** The messages about a program with a class that blocks. */
const messagesOf = (text: string) => {
  const { results } = program(`import { readFileSync } from 'node:fs'; import * as nest from 'nest';\n${text}`);
  return results.flatMap(({ messages }) => messages.map(({ ruleId, message }) => `${ruleId}: ${message}`));
};

/** Such a program reports the call by which the framework gets the class. */
const handedTo = (name: string) => [
  expect.stringMatching(
    new RegExp(
      `^unblock/untransformed-package: .* Chain: handed to ${name} \\(.*> Guard#canActivate .*> Guard#load .*> fs.readFileSync `,
    ),
  ),
];

describe('the chain begins where a framework is given', () => {
  it.each([
    ['a class', `${CLASS} nest.useGuard(Guard);`, 'useGuard'],
    ['an object of a class', `${CLASS} nest.useGuard(new Guard());`, 'useGuard'],
    ['a class in a list in options', `${CLASS} nest.create({ guards: [Guard] });`, 'create'],
    ['a class that extends another', `${CLASS} class Own extends Guard {} nest.useGuard(Own);`, 'useGuard'],
    ['a class with decorators', `const { Injectable } = nest; @Injectable() ${CLASS.trim()}`, 'Injectable'],
    [
      'a class in a decorator, which says more than its own',
      `@nest.Injectable() ${CLASS.trim()} @nest.UseGuards(Guard) class Controller {}`,
      'UseGuards',
    ],
  ])('%s', (_name, text, callee) => {
    expect(messagesOf(text)).toEqual(handedTo(callee));
  });
});

it('what only Node and the program get is unreached', () => {
  expect(messagesOf(`${CLASS} console.log(Guard, new Guard());`)).toEqual([
    expect.stringContaining('unblock/unreached: '),
  ]);
});

it('a method that the program calls in its handlers is patched, whoever has the class', () => {
  const text = `${CLASS} import http from 'node:http'; nest.useGuard(Guard); http.createServer(() => { new Guard().canActivate(); });`;
  expect(messagesOf(text)).toEqual([]);
});

it('a regular expression is tried, and calls nothing', () => {
  const text = `
const pattern = /a+/g, other = new RegExp('b'), load = () => readFileSync('a', 'utf8');
const values: any = { load };
for (const value of [load, 'a']) if (pattern.test(value) || other.exec(value) || pattern[Symbol.match](value)) console.log(value);
import http from 'node:http'; http.createServer(() => values.load());`;
  expect(messagesOf(text)).toEqual([]);
});

it('a part that extends a class of a package is called by it, whoever else calls it', () => {
  const text = `import http from 'node:http'; class Files extends nest.Store { get() { return readFileSync('a'); } } const files = new Files(); nest.useStore({ files });
http.createServer(() => { files.get(); });`;
  expect(messagesOf(text)).toEqual([
    expect.stringMatching(
      /^unblock\/untransformed-package: .* On other paths it is patched\. Chain: handed to useStore .*> Files#get /,
    ),
  ]);
});

it('an emitter that a package has made of options is its own', () => {
  expect(messagesOf(`nest.watch('.', { isDeep: true }).on('change', () => readFileSync('a'));`)).toEqual([
    expect.stringMatching(/^unblock\/untransformed-package: /),
  ]);
});

describe("handlers that a package is given by a method with the name of a collection's", () => {
  const routeBy = (call: string) =>
    messagesOf(`import polka from 'polka'; const load = () => readFileSync('a', 'utf8'); const app = polka(); ${call}`);

  it.each(['get', 'delete', 'has'])('%s', (name) => {
    expect(routeBy(`app.${name}('/', () => load());`)).toEqual([
      expect.stringMatching(new RegExp(`^unblock/untransformed-package: .* Chain: handed to ${name} `)),
    ]);
  });

  it('a collection that is asked calls nothing', () => {
    expect(routeBy(`app.cache.get(load); import http from 'node:http'; http.createServer(() => load());`)).toEqual([]);
  });
});

it('what is sent to another process is data', () => {
  const text = `
const table = new Map(), load = () => readFileSync('a');
table.set(1, ['GET', load]);
process.on('message', () => { process.send!({ files: [1].filter((file) => file) }); });
import http from 'node:http'; http.createServer(() => { for (const [key, [name, handler]] of table) handler(); });`;
  expect(messagesOf(text)).toEqual([]);
});

describe('functions that nothing in the program calls', () => {
  const chainOf = (text: string) =>
    messagesOf(
      `import * as http from 'node:http'; import * as net from 'node:net'; import * as util from 'node:util'; const load = () => readFileSync('a'); ${text}`,
    ).map((message) => message.replace(/ \(src[^)]*\)/g, '').replace(/: fs\.readFileSync is.* Chain: /, ': '));

  it.each([
    [
      'an item of a list',
      `nest.route([{ handler() { load(); } }]);`,
      'unblock/untransformed-package: handed to route > handler',
    ],
    [
      'what a callback returns',
      `nest.define(() => ({ setup() { load(); } }));`,
      'unblock/untransformed-package: handed to define > setup',
    ],
    [
      'a constructor',
      `class Job { constructor() { load(); } } nest.schedule(Job);`,
      'unblock/untransformed-package: handed to schedule > new Job',
    ],
    [
      'a property of an object of a package',
      `nest.create().onReady = () => load();`,
      'unblock/untransformed-package: (anonymous)',
    ],
    [
      'a property of an object of Node',
      `http.createServer().address = () => load();`,
      'unblock/native-callback: (anonymous)',
    ],
    [
      'an option of a function of Node',
      `http.get({ lookup() { load(); } }, () => {});`,
      'unblock/native-callback: handed to get > lookup',
    ],
    [
      'an option in an option',
      `net.connect({ port: 1, onread: { callback() { load(); } } });`,
      'unblock/native-callback: handed to connect > callback',
    ],
    [
      'what an object of Node is made with',
      `import { PerformanceObserver } from 'node:perf_hooks'; new PerformanceObserver(() => load());`,
      'unblock/native-callback: handed to PerformanceObserver > (anonymous)',
    ],
    [
      'a setting of Express',
      `import express from 'express'; express().set('etag', () => load());`,
      'unblock/untransformed-package: handed to set > (anonymous)',
    ],
    [
      'a class that is a setting of Express',
      `import express from 'express'; express().set('view', class View { render() { load(); } });`,
      'unblock/untransformed-package: handed to set > View#render',
    ],
    [
      'what shows an object',
      `class Row { [util.inspect.custom]() { return load(); } } console.log(new Row());`,
      'unblock/coercion: Row#[util.inspect.custom]',
    ],
    [
      'what shows another',
      `console.log({ [Symbol.for('nodejs.util.inspect.custom')]() { return load(); } });`,
      'unblock/coercion: [util.inspect.custom]',
    ],
  ])('%s', (_name, text, chain) => {
    expect(chainOf(text)).toEqual([`${chain} > load > fs.readFileSync.`]);
  });
});
