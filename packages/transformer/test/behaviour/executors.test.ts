/** Executors and callbacks of `Promise.try`: what makes the promise waits for them, as it did. */
import { describe, expect, test } from 'vitest';
import { compile } from '../../src/engine.js';
import { behaveAsBefore } from './harness.js';

describe('what follows a promise that is made', () => {
  behaveAsBefore({
    'waits for its executor': `
      async function main() {
        const promise = new Promise((resolve, reject) => { log('in'); const x = block(1); log(x); resolve(x); log('settled'); });
        log('after'); log(promise instanceof Promise); promise.then((x) => log(['then', x])); log('last');
        await promise;
      }`,
    'waits where functions that return the promise are called': `
      function load(name) { return new Promise((resolve) => { log(name); resolve(block(name)); }); }
      async function main() {
        const all = [load('a'), load('b')]; log('loaded');
        log(await Promise.all(all));
        const keep = { promise: load('c') }; log(keep.promise instanceof Promise); log(await keep.promise);
      }`,
    'waits where the executor is a function declared elsewhere, a method or bound': `
      class Loader { constructor(x) { this.x = x; } run(resolve) { log([this?.x, block('in')]); resolve(this?.x); } }
      function executor(resolve) { 'use strict'; log([this === undefined, arguments.length, block(1)]); resolve('done'); }
      async function main() {
        const loader = new Loader('x');
        const made = [new Promise(executor), new Promise(loader.run.bind(loader))]; log('after'); log(await Promise.all(made));
      }`,
    'waits where the executor throws, and handles the rejection afterwards': `
      const pause = () => { block(0); block(0); };
      async function main() {
        for (const executor of [() => { block(0); throw new Error('late'); }, (_, reject) => { reject(new Error('early')); pause(); log('end'); }, (resolve, reject) => { block(0); reject(new Error('first')); resolve('second'); block(0); throw new Error('third'); }]) {
          const promise = new Promise(executor); log('made');
          await promise.catch((error) => log(error.message));
        }
        await later(5);
      }`,
    'leaves a rejection unhandled that nobody handles': `
      async function main() { new Promise((_, reject) => { block(0); reject(new Error('lost')); }); log('after'); await later(10); }`,
    'waits for executors in executors, and for promises that resolve promises': `
      async function main() {
        const promise = new Promise((resolve) => { resolve(new Promise((inner) => { inner(block('deep')); log('inner'); })); log('outer'); });
        log('after'); log(await promise);
        log(await new Promise((resolve) => { block(0); resolve({ then(done) { log('then'); done('thenable'); } }); log('before then'); }));
      }`,
    'waits in callbacks of the loop': `
      async function main() {
        setTimeout(() => { new Promise((resolve) => { resolve(block('timer')); log('in'); }).then(log); log('after'); }, 1); await later(15);
      }`,
    'waits where code that stays synchronous makes it': `
      class Store { constructor() { this.ready = new Promise((resolve) => { resolve(block('ready')); log('in'); }); log('constructed'); } }
      async function main() { const store = new Store(); log('after'); log(await store.ready); log(block(1)); }`,
    'is as before with executors that settle later': `
      async function main() {
        const promise = new Promise((resolve) => { setTimeout(resolve, 1, block('x')); log('in'); }); log('after'); log(await promise);
      }`,
    'fails as before without a function': `
      function make(executor) { return new Promise(executor); }
      async function main() {
        log(block(1));
        for (const wrong of [undefined, null, 1, {}]) try { make(wrong); } catch (error) { log([error.name, error.message]); }
        await make((resolve) => resolve(block(2))).then(log);
      }`,
    'waits for a stand-in of Promise as far as that has no asynchronous form': `
      class Other { constructor(executor) { log('other'); executor((x) => { this.x = x; }); } }
      async function main() {
        const genuine = globalThis.Promise; let made;
        globalThis.Promise = Other; try { made = new Promise((resolve) => { resolve(1); }); } finally { globalThis.Promise = genuine; }
        log([made instanceof Other, made.x]); log(block(2));
      }`,
    ...('try' in Promise && {
      'waits for what Promise.try is given': `
        async function main() {
          const promise = Promise.try((a, b) => { log([a, b]); return block('result'); }, 1, 2); log('after'); log(await promise);
          const failed = Promise.try(() => { block(0); throw new Error('failed'); }); log('after'); await failed.catch((error) => log(error.message));
          log(await Promise.try(() => { block(0); return Promise.resolve('flat'); }));
        }`,
    }),
  });
});

describe('the report on executors', () => {
  const statuses = (text: string) =>
    compile({
      modules: [{ fileName: '/app/main.js', text: `const fs = require('fs'); ${text}`, kind: 'commonjs' }],
      resolve: () => undefined,
      closed: true,
      options: { patch: {}, runtime: 'runtime' },
    }).verdicts.map(({ status, reasons }) => [status, ...reasons.map(({ rule }) => rule)]);
  const load = `function load() { return new Promise((resolve) => resolve(fs.readFileSync('x'))); }`;

  test('follows the code that makes the promise', () => {
    expect(statuses(`${load} setTimeout(() => load().then(console.log), 1);`)).toEqual([['patched']]);
    expect(statuses(`${load} load();`)).toEqual([['blocking', 'initialisation']]);
    expect(
      statuses(`${load} class A { constructor() { load(); } } setTimeout(() => new A(), 1); setTimeout(load, 1);`),
    ).toEqual([['patched']]);
    expect(
      statuses(
        `${load} class A { get ready() { return load(); } } setTimeout(() => new A().ready, 1); setTimeout(load, 1);`,
      ),
    ).toEqual([['partly', 'getter']]);
    expect(
      statuses(`async function main() { await new Promise((done) => done(fs.readFileSync('x'))); } main();`),
    ).toEqual([['patched']]);
  });
});
