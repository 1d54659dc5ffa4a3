/** What comes while a listener is suspended goes to those that listen when it has ended. */
import { describe, expect, test } from 'vitest';
import { behaveAsBefore } from './harness.js';
import { FORMS, runInProcess } from './processes.js';

/** A program with two ports; `three(port)` has three messages come to the other one, and waits for what it makes of them. */
const port = (body: string) => `
  const { MessageChannel } = require('worker_threads');
  async function main() {
    const { port1, port2 } = new MessageChannel();
    const three = async () => { for (const x of [1, 2, 3]) port1.postMessage(x); await later(30); port1.close(); await later(5); };
    const slow = (name) => (x) => { block(0); log([name, x.data ?? x]); };
    ${body} await three();
  }`;

describe('a listener of a port that is put in the place of a suspended one', () => {
  behaveAsBefore({
    'gets what has come meanwhile': port(`
      const first = (x) => { block(0); log(['first', x]); port2.off('message', first); port2.on('message', slow('second')); };
      port2.on('message', first);`),
    'gets it where it does not block itself': port(`
      const first = (x) => { block(0); log(['first', x]); port2.off('message', first); port2.on('message', (y) => log(['second', y])); };
      port2.on('message', first);`),
    'gets it from one that is called once': port(
      `port2.once('message', (x) => { block(0); log(['first', x]); port2.on('message', slow('second')); });`,
    ),
    'gets one message where it is called once': port(`
      const next = (n) => port2.once('message', (x) => { block(0); log([n, x]); next(n + 1); }); next(0);`),
    'gets events, or what they tell': port(`
      const first = (event) => {
        block(0); log(event.data); port2.removeEventListener('message', first);
        port2.addEventListener('message', (e) => log([e.data, e.target === port2]), { once: true }); port2.on('message', (x) => log(x));
      };
      port2.addEventListener('message', first); port2.start();`),
    'gets them where all others are removed': port(`
      port2.on('message', (x) => { block(0); log(x); port2.removeAllListeners('message'); port2.addEventListener('message', slow('event')); });`),
    'is the same one': port(`
      const again = (x) => { block(0); log(x); port2.off('message', again); port2.on('message', again); port2.on('message', again); };
      port2.on('message', again);`),
    'is one of those that stay': port(`
      const other = slow('other'); const last = slow('last');
      const first = (x) => { block(0); log(['first', x]); port2.off('message', first); port2.off('message', other); };
      port2.on('message', first); port2.on('message', other); port2.on('message', last);`),
    'hears nothing of a message that a removed one would have heard behind it': port(`
      const removed = () => { block(0); log('not reached'); };
      port2.on('message', (x) => { block(0); log(x); port2.off('message', removed); }); port2.on('message', removed);`),
    'throws to nobody': port(`
      const first = (x) => { block(0); port2.off('message', first); port2.on('message', (y) => { log(['second', y]); throw new Error('of ' + y); }); };
      port2.on('message', first);`),
    'fails late': port(`
      const first = (x) => { block(0); port2.off('message', first); port2.on('message', async (y) => { log(['second', y]); throw new Error('of ' + y); }); };
      port2.on('message', first);`),
    'is one of a broadcast channel': `
      async function main() {
        const [a, b] = [new BroadcastChannel('late'), new BroadcastChannel('late')];
        const first = (event) => { block(0); log(['first', event.data]); b.removeEventListener('message', first); b.addEventListener('message', second); };
        const second = (event) => { block(0); log(['second', event.data]); };
        b.addEventListener('message', first); for (const x of [1, 2, 3]) a.postMessage(x);
        await later(30); a.close(); b.close();
      }`,
  });
});

describe('listeners of process', () => {
  behaveAsBefore({
    'are removed while another is suspended': `
      async function main() {
        const other = (name) => { block(0); log(['other', name]); };
        const first = (name) => { block(0); log(['first', name]); process.off('SIGUSR2', first); };
        process.on('SIGUSR2', first); process.on('SIGUSR2', other);
        for (let i = 0; i < 2; i++) { process.kill(process.pid, 'SIGUSR2'); await later(20); }
        process.off('SIGUSR2', other); log(process.listenerCount('SIGUSR2'));
      }`,
  });

  const PROGRAMS = {
    'are put in the place of a suspended one': `
      function init(m) { process.send(fs.readFileSync(__filename).length > 0 && m); process.off('message', init); process.on('message', work); }
      function work(m) { process.send('work ' + m); }
      process.on('message', init);`,
    'hear what nobody has listened to': `
      function init(m) { process.send(fs.readFileSync(__filename).length > 0 && m); process.off('message', init); setTimeout(() => process.on('message', work), 20); }
      function work(m) { process.send('work ' + m + (fs.readFileSync(__filename).length > 0)); }
      process.on('message', init);`,
    'hear one message each where they are called once': `
      function init(m) { process.send(fs.readFileSync(__filename).length > 0 && m); process.removeAllListeners('message'); process.once('message', work); }
      function work(m) { process.send('work ' + m + (fs.readFileSync(__filename).length > 0)); process.on('message', (x) => process.send('last ' + x)); }
      process.on('message', init);`,
    'are removed and registered again': `
      function init(m) { process.send(fs.readFileSync(__filename).length > 0 && m); process.off('message', init); process.off('message', second); process.on('message', init); }
      function second(m) { process.send('second ' + m + (fs.readFileSync(__filename).length > 0)); }
      process.on('message', init); process.on('message', second);`,
    'have heard it when it came, and do not hear it again': `
      let heard = 0; process.on('message', () => heard++);
      function init(m) { process.send(fs.readFileSync(__filename).length > 0 && m); process.off('message', init); process.on('message', work); }
      function work(m) { fs.readFileSync(__filename); if (m === 'w2') process.send(heard); }
      process.on('message', init);`,
    'have failed': `
      process.on('uncaughtException', (error) => process.send(error.message));
      function init(m) { fs.readFileSync(__filename); process.off('message', init); process.on('message', work); throw new Error(m); }
      function work(m) { process.send('work ' + m); if (m === 'w1') throw new Error(m); }
      process.on('message', init);`,
  };
  test.each(Object.entries(PROGRAMS))('%s', async (name, text) => {
    const [original, compiled] = await Promise.all(
      FORMS.map((form) =>
        runInProcess(name, `${text} setTimeout(() => process.disconnect(), 1000);`, form, [], (child) => {
          for (const message of ['init', 'w1', 'w2']) child.send(message);
        }),
      ),
    );
    expect(original?.messages.length).toBeGreaterThan(0);
    expect(compiled).toEqual(original);
  });
});
