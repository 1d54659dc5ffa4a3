/** Promises that are rejected while who has made them is suspended: what is attached behind a blocking call has always been in time. */
import { describe } from 'vitest';
import { behaveAsBefore } from './harness.js';

const using = (body: string, top = '') => `
  const { EventEmitter, once } = require('events');
  async function fails(text = 'no') { throw new Error(text); }
  function failsLater(text = 'no') { return new Promise((_, reject) => setTimeout(() => reject(new Error(text)), 5)); }
  function busy() { block(0); Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20); block(1); return block(2); }
  const caught = (error) => { log(['caught', error.message]); };
  process.on('rejectionHandled', heard); function heard() { log('handled late'); }
  ${top}
  async function main() { try { ${body} await later(30); } finally { process.off('rejectionHandled', heard); } }`;

describe('a promise that is handled behind a blocking call', () => {
  behaveAsBefore({
    awaited: using(`const p = fails(); busy(); try { await p; } catch (error) { caught(error); }`),
    'that is rejected meanwhile': using(
      `const p = failsLater(); busy(); try { await p; } catch (error) { caught(error); }`,
    ),
    'with a handler': using(`function run() { const p = fails(); busy(); p.catch(caught); } run();`),
    'given to Promise.all with what blocks': using(`
      try { await Promise.all([fails(), busy(), fails('other')]); } catch (error) { caught(error); }`),
    'given to Promise.allSettled by a callback that blocks': using(`
      log(await Promise.allSettled([1, 2].map((x) => { busy(); return fails(x); })).then((all) => all.map((x) => x.reason.message)));`),
    'that an object holds': using(
      `const job = new Job(); await job.result.catch(caught);`,
      `class Job { constructor() { this.result = fails(); this.prepare(); } prepare() { busy(); } }`,
    ),
    'that a collection holds': using(
      `add(); add(); busy(); for (const x of jobs) await x.catch(caught);`,
      `const jobs = []; function add() { jobs.push(fails()); }`,
    ),
    'made in a listener': using(`
      const emitter = new EventEmitter();
      emitter.on('x', () => { const p = fails(); busy(); p.then(null, caught); });
      emitter.emit('x');`),
    'made in a generator': using(
      `function* run() { const p = fails(); busy(); yield p; } for (const p of run()) { busy(); await p.catch(caught); }`,
    ),
    'while others go on': using(`
      const ticking = (async () => { for (let i = 0; i < 4; i++) { await 0; busy(); } })();
      const p = fails(); busy(); await p.catch(caught); await ticking;`),
    'made behind a suspension': using(`function run() { busy(); const p = fails(); busy(); p.catch(caught); } run();`),
    'waiting for a section': {
      text: using(`
        const { atomic } = require('@unblock/runtime');
        const enter = () => atomic(() => { busy(); });
        function run(text) { const p = fails(text); enter(); p.catch(caught); }
        setTimeout(run, 1, 'a'); setTimeout(run, 2, 'b'); await later(400);`),
    },
  });
});

describe('a promise that nobody handles', () => {
  behaveAsBefore({
    'is told of': using(`fails(); busy(); await later(1); log('went on');`),
    'with its reason and itself': using(
      `process.on('unhandledRejection', told); const p = fails(); busy(); await later(20); log(reasons.map(([reason, promise]) => [reason.message, promise === p]));`,
      `const reasons = []; function told(...args) { reasons.push(args); }`,
    ),
    'each once': using(
      `fails('a'); busy(); fails('b'); fails('c').catch(caught); busy(); await later(1); log('went on');`,
    ),
    'and handled too late': using(`const p = fails(); busy(); await later(20); p.catch(caught);`),
    'keeps what follows its flow of control': using(
      `await new Promise((resolve) => store.run(7, () => { process.once('unhandledRejection', () => { log(store.getStore()); resolve(); }); fails(); busy(); }));`,
      `const { AsyncLocalStorage } = require('async_hooks'); const store = new AsyncLocalStorage();`,
    ),
  });
});
