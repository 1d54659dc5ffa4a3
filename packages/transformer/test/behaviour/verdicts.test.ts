/** Verdicts on calls that are reached in roundabout ways, held against what the compiled program does. */
import { describe } from 'vitest';
import { judgeAsTheyBehave } from './harness.js';

/** A program whose functions are stored before its `main` runs; `load(x)` blocks. */
const stored = (setup: string, body: string) =>
  `const load = (x) => block(x); const names = ['load', 'run']; ${setup} async function main() { log(${body}); await later(5); }`;

describe('functions that are stored under keys that only running tells', () => {
  judgeAsTheyBehave({
    'of an object': [stored(`const api = {}; for (const name of names) api[name] = load;`, `api.load(1)`), 'patched'],
    'of an object that is filled elsewhere': [
      stored(
        `const fill = (o, name) => { o[name] = (x) => load(x); }; const api = {}; names.forEach((name) => fill(api, name));`,
        `api.run(1)`,
      ),
      'patched',
    ],
    'of an object without prototype': [
      stored(`const api = Object.create(null); api[names[0]] = load;`, `api.load(1)`),
      'patched',
    ],
    'of an object in an object': [
      stored(`const api = { v1: {} }; api.v1[names[0]] = load;`, `api.v1.load(1)`),
      'patched',
    ],
    'of an object that a function makes': [
      stored(`function make() { const o = {}; for (const name of names) o[name] = load; return o; }`, `make().load(1)`),
      'patched',
    ],
    'of what is reduced': [
      stored(`const api = names.reduce((o, name) => { o[name] = load; return o; }, {});`, `api.load(1)`),
      'patched',
    ],
    'of an object literal': [stored(`const api = { [names[0]]: load };`, `api.load(1)`), 'patched'],
    'as methods of an object literal': [
      stored(`const api = { [names[0]](x) { return load(x); } };`, `api.load(1)`),
      'patched',
    ],
    'as methods of a class': [
      stored(
        `class Api { [names[0]](x) { return load(x); } static [names[1]](x) { return x; } }`,
        `new Api().load(Api.run(1))`,
      ),
      'patched',
    ],
    'of this': [
      stored(
        `class Api { constructor() { for (const name of names) this[name] = load; } } class Sub extends Api {}`,
        `new Sub().load(1)`,
      ),
      'patched',
    ],
    'of a prototype': [
      stored(
        `class Api {} for (const name of names) Api.prototype[name] = function (x) { return load(x); };`,
        `new Api().run(1)`,
      ),
      'patched',
    ],
    'of a class': [stored(`class Api {} for (const name of names) Api[name] = load;`, `Api.run(1)`), 'patched'],
    'of a function': [stored(`function api() {} for (const name of names) api[name] = load;`, `api.run(1)`), 'patched'],
    'and are taken out by a pattern': [
      stored(`const api = {}; api[names[0]] = load;`, `(({ load }) => load(1))(api)`),
      'patched',
    ],
    'and are assigned to another object': [
      stored(`const table = {}; table[names[0]] = load; const api = Object.assign({}, table);`, `api.load(1)`),
      'patched',
    ],
    'and are copied to another object': [
      stored(
        `const table = {}; table[names[0]] = load; const api = {}; for (const key in table) api[key] = table[key];`,
        `api.load(1)`,
      ),
      'patched',
    ],
    'and are spread': [
      stored(`const table = {}; table[names[0]] = load; const api = { ...table };`, `api.load(1)`),
      'patched',
    ],
    'by Reflect.set': [stored(`const api = {}; Reflect.set(api, names[0], load);`, `(api.load(1), 2)`), 'patched'],
    'as classes': [
      stored(
        `const api = {}; for (const name of names) api[name] = class { constructor(x) { this.x = load(x); } };`,
        `new api.load(1).x`,
      ),
      'patched',
    ],
    'of an object of which nothing is known': [
      stored(
        `function Api() {} for (const name of names) Api.prototype[name] = function (x) { return load(x); };`,
        `new Api().run(1)`,
      ),
      'blocking unknown-key',
    ],
  });
});

describe('functions that are assigned to the global object', () => {
  judgeAsTheyBehave({
    'and called by their name': [
      stored(`globalThis.verdictsLoad = load;`, `verdictsLoad(1)); delete globalThis.verdictsLoad; log(2`),
      'patched',
    ],
    'as a property of global': [
      stored(`global.verdictsRun = (x) => load(x);`, `verdictsRun(1)); delete globalThis.verdictsRun; log(2`),
      'patched',
    ],
  });
});
