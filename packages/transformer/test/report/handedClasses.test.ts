/** Methods of classes that frameworks are given are not unused, though nothing in the program calls them. */
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
