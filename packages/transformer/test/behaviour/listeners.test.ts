/** Listeners and timers whose callbacks suspend: registration, removal, order and receivers as in the original. */
import { describe } from 'vitest';
import { behaveAsBefore } from './harness.js';

/**
 * A program with an emitter of events that the loop emits (a socket's `timeout`), one of its own events, and a listener on each.
 * `emitters` is both, `tick` waits until listeners that suspended have finished.
 */
const emitting = (body: string, top = '') => `
  const { EventEmitter, once, errorMonitor } = require('events');
  const net = require('net');
  const tick = () => later(15);
  const both = async (run) => { for (const emitter of [new net.Socket(), new EventEmitter()]) { run(emitter); await tick(); } };
  function listener(x) { const self = this; block(0); log(['heard', x, self === this, this.listenerCount('timeout')]); }
  function other(x) { block(0); log(['other', x]); }
  ${top}
  async function main() { ${body} }`;

describe('listeners', () => {
  behaveAsBefore({
    'of every registering method run, in order, with the emitter as this': emitting(`await both((e) => {
      log(e.on('timeout', listener) === e);
      e.addListener('timeout', () => { block(0); log('second'); });
      e.prependListener('timeout', () => { block(0); log('first'); });
      e.once('timeout', function (x) { block(0); log(['once', x, this === e]); });
      e.prependOnceListener('timeout', (x) => log(['before all', block(x)]));
      log(e.emit('timeout', 1)); e.emit('timeout', 2);
    });`),
    'are found by listeners, listenerCount and eventNames': emitting(`await both((e) => {
      e.on('timeout', listener); e.once('timeout', other); e.on('timeout', listener);
      log(e.listeners('timeout').map((f) => f === listener || (f === other && 'other')));
      log([e.listenerCount('timeout'), e.listenerCount('timeout', listener), e.listenerCount('timeout', other), e.listenerCount('timeout', () => {})]);
      log(e.eventNames().includes('timeout'));
      log(EventEmitter.listenerCount(e, 'timeout'));
    }); log(block(1));`),
    'appear in rawListeners once each, with those of once behind a wrapper': emitting(`await both((e) => {
      e.on('timeout', listener); e.once('timeout', other);
      const raw = e.rawListeners('timeout');
      log([raw.length, raw[1].listener === other, raw[0].name, raw[0].length]);
    }); log(block(1));`),
    'are removed by off and removeListener': emitting(`await both((e) => {
      e.on('timeout', listener); e.on('timeout', other);
      log(e.off('timeout', listener) === e);
      e.emit('timeout', 1);
      log(e.listenerCount('timeout'));
      e.removeListener('timeout', other); e.removeListener('timeout', other);
      log([e.emit('timeout', 2), e.listenerCount('timeout')]);
    }); log(block(1));`),
    'that were added twice are removed one at a time, the last first': emitting(`await both((e) => {
      e.on('timeout', listener); e.on('timeout', other); e.on('timeout', listener);
      e.off('timeout', listener); e.emit('timeout', 1);
    });`),
    'of once are removed before they ran, and run once': emitting(`await both((e) => {
      e.once('timeout', listener); e.once('timeout', other); e.off('timeout', other);
      log(e.listenerCount('timeout'));
      log([e.emit('timeout', 1), e.listenerCount('timeout'), e.emit('timeout', 2)]);
    });`),
    'of once that emit the event again while they run': emitting(`await both((e) => {
      e.once('timeout', (x) => { block(0); log(['once', x, e.listenerCount('timeout')]); if (x < 3) log(e.emit('timeout', x + 1)); });
      e.emit('timeout', 1);
    });`),
    'are removed by uncompiled code': {
      text: emitting(
        `await both((e) => { e.on('timeout', listener); e.once('timeout', other); remove(e, 'timeout', listener); remove(e, 'timeout', other); log(e.emit('timeout', 1)); }); log(block(1));`,
        `const remove = require('remove');`,
      ),
      uncompiled: { remove: `module.exports = (emitter, event, listener) => emitter.off(event, listener);` },
    },
    'are removed through what listeners returned': emitting(`await both((e) => {
      e.on('timeout', listener); e.once('timeout', other);
      for (const one of e.listeners('timeout')) e.off('timeout', one);
      log([e.listenerCount('timeout'), e.emit('timeout', 1)]);
    }); log(block(1));`),
    'are removed through what rawListeners returned': emitting(`await both((e) => {
      e.on('timeout', listener); e.once('timeout', other);
      for (const one of e.rawListeners('timeout')) e.off('timeout', one);
      log([e.listenerCount('timeout'), e.emit('timeout', 1)]);
    }); log(block(1));`),
    'are removed by removeAllListeners, of one event and of all': emitting(`await both((e) => {
      e.on('timeout', listener); e.on('custom', other);
      e.removeAllListeners('timeout'); log([e.emit('timeout', 1), e.listenerCount('custom')]);
      e.removeAllListeners(); log(e.emit('custom', 1));
    }); log(block(1));`),
    'that remove themselves, and others, while an event is emitted': emitting(`await both((e) => {
      const self = (x) => { block(0); log(['self', x]); e.off('timeout', self); e.off('timeout', other); };
      e.on('timeout', self); e.on('timeout', other); e.on('timeout', listener);
      e.emit('timeout', 1); e.emit('timeout', 2);
    });`),
    'that add others while an event is emitted': emitting(`await both((e) => {
      e.once('timeout', (x) => { block(0); log(['adds', x]); e.on('timeout', other); });
      e.emit('timeout', 1); e.emit('timeout', 2);
    });`),
    'are told by newListener and removeListener as they were given': emitting(`await both((e) => {
      e.on('newListener', (event, fn) => log(['new', event, fn === listener || fn === other]));
      e.on('removeListener', (event, fn) => log(['removed', event, fn === listener || fn === other]));
      e.on('timeout', listener); e.once('timeout', other); e.emit('timeout', 1); e.off('timeout', listener);
    }); log(block(1));`),
    'that suspend in newListener': emitting(`await both((e) => {
      e.on('newListener', (event) => { block(0); log(['new', event]); });
      e.on('timeout', other); e.emit('timeout', 1);
    });`),
    'of one event see what earlier ones did': emitting(`await both((e) => {
      let state = 'initial';
      e.on('timeout', (x) => { const before = state; block(0); state = 'first ' + x; log([before, state]); });
      e.on('timeout', (x) => { const before = state; block(0); state = 'second ' + x; log([before, state]); });
      e.emit('timeout', 1); e.emit('timeout', 2);
    });`),
    "of events that are not the loop's have run when emit returns": emitting(`
      const e = new EventEmitter(); let effect = 0;
      e.on('custom', (x) => { block(0); effect += x; });
      function publish() { log([e.emit('custom', 1), effect]); e.emit('custom', 1); return effect; }
      log(publish()); await tick(); log(effect);`),
    'that return a value, false or a thenable': emitting(`await both((e) => {
      let looked = 0;
      e.on('timeout', () => { block(0); return false; });
      e.on('timeout', () => { block(0); return { get then() { looked++; return undefined; } }; });
      log([e.emit('timeout', 1), looked]);
    });`),
    'that are objects or not functions are refused as before': emitting(`await both((e) => {
      for (const bad of [undefined, {}, 'text']) try { e.on('timeout', bad); } catch (error) { log([error.code, error.message]); }
    }); log(block(1));`),
    'are warned of as before, if there are too many': emitting(`await both((e) => {
      e.setMaxListeners(2); for (let i = 0; i < 2; i++) e.on('timeout', () => block(i));
      log([e.getMaxListeners(), e.listenerCount('timeout'), e._events.timeout.warned === true]);
    }); log(block(1));`),
    'of symbols and of numbers': emitting(`await both((e) => {
      const key = Symbol('key'); e.on(key, (x) => { block(0); log(['symbol', x]); }); e.once(7, (x) => log(['number', block(x)]));
      log([e.emit(key, 1), e.emit(7, 2), e.emit('7', 3), e.eventNames().includes(key)]);
    });`),
    'of a subclass with on and emit of its own': emitting(
      `const e = new Own(); log(e.on('timeout', listener) === e); e.once('timeout', other); e.emit('timeout', 1); await tick(); log(e.calls);`,
      `class Own extends net.Socket { calls = []; on(event, fn) { this.calls?.push(['on', String(event)]); return super.on(event, fn); } emit(event, ...args) { this.calls?.push(['emit', event]); return super.emit(event, ...args); } }`,
    ),
  });
});

describe('errors of emitters', () => {
  behaveAsBefore({
    'errorMonitor hears errors before listeners of error': emitting(`await both((e) => {
      e.on(errorMonitor, (error) => { block(0); log(['monitor', error.message]); });
      e.on('error', (error) => { block(0); log(['error', error.message]); });
      e.emit('error', new Error('bad'));
    });`),
    'errorMonitor does not count as a listener of error': emitting(`
      const e = new EventEmitter();
      e.on(errorMonitor, (error) => { block(0); log(['monitor', error.message]); });
      function fail() { try { e.emit('error', new Error('bad')); } catch (error) { log(['thrown', error.message]); } }
      fail(); await tick(); log(block(1));`),
    'an error without listeners is thrown where it is emitted': emitting(`await both((e) => {
      try { e.emit('error', new TypeError('bad')); } catch (error) { log([error.name, error.message]); }
      try { e.emit('error', 'text'); } catch (error) { log([error.code, error.message]); }
    }); log(block(1));`),
    'a throw of a listener reaches who emits an event of the program': emitting(`
      const e = new EventEmitter();
      e.on('custom', (x) => { if (x === 2) block(0); throw new RangeError('listener ' + x); });
      e.on('custom', () => log('not reached'));
      function publish(x) { try { e.emit('custom', x); } catch (error) { log([error.name, error.message]); } }
      publish(1); publish(2); await tick();`),
    'a throw of a listener of the loop is uncaught': emitting(`
      const server = net.createServer((socket) => { socket.on('data', (data) => { if (String(data) === 'b') block(0); throw new Error('data ' + data); }); socket.on('error', () => {}); });
      await new Promise((resolve) => server.listen(0, resolve));
      for (const data of ['a', 'b']) { const client = net.connect(server.address().port); client.on('error', () => {}); client.write(data); await new Promise((resolve) => process.once('uncaughtException', resolve)); client.destroy(); }
      server.close(); await tick();`),
    captureRejections: emitting(`
      const e = new EventEmitter({ captureRejections: true });
      e.on('error', (error) => { block(0); log(['captured', error.message]); });
      e.on('custom', async (x) => { block(0); throw new Error('rejected ' + x); });
      function publish(x) { log(e.emit('custom', x)); }
      publish(1); await tick(); e.emit('custom', 2); await tick();`),
    'captureRejections with a handler of its own': emitting(`
      const e = new EventEmitter({ captureRejections: true });
      e[Symbol.for('nodejs.rejection')] = function (error, event, ...args) { block(0); log(['handler', error.message, event, args, this === e]); };
      e.on('custom', async (x) => { block(0); throw new Error('rejected ' + x); });
      e.emit('custom', 1); await tick();`),
  });
});

describe('promises of events', () => {
  behaveAsBefore({
    'events.once and events.on': emitting(`
      const { on } = require('events');
      const e = new EventEmitter();
      setTimeout(() => { block(0); e.emit('ready', block(1), 2); });
      log(await once(e, 'ready'));
      setTimeout(() => { e.emit('item', block('a')); e.emit('item', block('b')); });
      const seen = []; for await (const [item] of on(e, 'item')) { seen.push(block(item)); if (seen.length === 2) break; }
      log([seen, e.listenerCount('item')]);
      setTimeout(() => e.emit('error', new Error(block('failed'))));
      await once(e, 'ready').catch((error) => log([block('caught'), error.message]));`),
    'events.once with an AbortSignal': emitting(`
      const controller = new AbortController(); const e = new EventEmitter();
      setTimeout(() => { block(0); controller.abort(); });
      await once(e, 'never', { signal: controller.signal }).catch((error) => log([error.name, error.code, e.listenerCount('never')]));
      log(block(1));`),
  });
});

describe('event targets', () => {
  behaveAsBefore({
    'call listeners, and not those that were removed': emitting(`
      const target = new EventTarget();
      const heard = function (event) { block(0); log(['heard', event.type, this === target]); };
      target.addEventListener('x', heard); target.addEventListener('x', heard);
      target.dispatchEvent(new Event('x')); await tick();
      target.removeEventListener('x', heard);
      target.dispatchEvent(new Event('x')); await tick();
      target.addEventListener('x', heard, { once: true }); target.dispatchEvent(new Event('x')); target.dispatchEvent(new Event('x')); await tick();
      log(block(1));`),
    'take objects with handleEvent': emitting(`
      const target = new EventTarget(); const object = { name: 'object', handleEvent(event) { block(0); log([this.name, event.type]); } };
      target.addEventListener('x', object); target.dispatchEvent(new Event('x')); await tick();
      target.removeEventListener('x', object); target.dispatchEvent(new Event('x')); await tick(); log(block(1));`),
    'are cancelled and stopped by a listener that suspended': emitting(`
      const target = new EventTarget();
      target.addEventListener('x', (event) => { block(0); event.preventDefault(); event.stopImmediatePropagation(); });
      target.addEventListener('x', () => log('not reached'));
      log(target.dispatchEvent(new Event('x', { cancelable: true }))); await tick(); log(block(1));`),
    'abort signals call listeners and onabort once': emitting(`
      const controller = new AbortController(); const { signal } = controller;
      signal.addEventListener('abort', function (event) { block(0); log([this === signal, event.type, signal.reason]); });
      signal.onabort = (event) => { block(0); log(['onabort', event.type]); };
      const removed = () => { block(0); log('not reached'); };
      signal.addEventListener('abort', removed); signal.removeEventListener('abort', removed);
      controller.abort('why'); controller.abort('again'); await tick(); log(block(1));`),
    'abort signals that time out call listeners': emitting(`
      const signal = AbortSignal.timeout(1);
      const removed = () => { block(0); log('not reached'); };
      signal.addEventListener('abort', removed);
      await new Promise((resolve) => { signal.addEventListener('abort', (event) => { block(0); log([event.type, signal.reason.name]); resolve(); }); signal.removeEventListener('abort', removed); });
      await tick(); log(block(1));`),
    'remove listeners with their signal': emitting(`
      const target = new EventTarget(); const controller = new AbortController();
      target.addEventListener('x', () => { block(0); log('not reached'); }, { signal: controller.signal });
      controller.abort(); target.dispatchEvent(new Event('x')); await tick(); log(block(1));`),
    'message ports remove what was added': emitting(`
      const { MessageChannel } = require('worker_threads'); const { port1, port2 } = new MessageChannel();
      const removed = () => { block(0); log('not reached'); }; const event = (e) => { block(0); log(['event', e.data]); };
      port2.on('message', removed); port2.off('message', removed);
      port2.addEventListener('message', event);
      const all = new Promise((resolve) => port2.on('message', (x) => { block(0); log(['message', x]); if (x === 2) resolve(); }));
      port1.postMessage(1); port1.postMessage(2); await all; port1.close(); await tick();`),
  });
});

describe('timers', () => {
  behaveAsBefore({
    'call with their timer as this, and with their arguments': `
      async function main() {
        await new Promise((resolve) => { const timer = setTimeout(function (...args) { block(0); log([this === timer, args]); resolve(); }, 1, 'a', 'b'); });
        await new Promise((resolve) => { const now = setImmediate(function (...args) { block(0); log([this === now, args]); resolve(); }, 'c'); });
        await new Promise((resolve) => process.nextTick(function (...args) { block(0); log([this === undefined || this === globalThis || typeof this, args]); resolve(); }, 'd'));
        await new Promise((resolve) => queueMicrotask(function (...args) { block(0); log([this === undefined || this === globalThis, args]); resolve(); }));
      }`,
    'are cleared before they fire': `
      async function main() {
        const fire = () => { block(0); log('not reached'); };
        clearTimeout(setTimeout(fire, 1)); clearImmediate(setImmediate(fire)); clearInterval(setInterval(fire, 1));
        clearTimeout(String(setTimeout(fire, 1)[Symbol.toPrimitive]())); setTimeout(fire, 1).close?.();
        await later(20); log(block('done'));
      }`,
    'are cleared while they run': `
      async function main() {
        let runs = 0;
        await new Promise((resolve) => { const timer = setInterval(() => { block(0); runs++; clearInterval(timer); block(1); resolve(); }, 1); });
        await later(15); log(runs);
        const timer = setTimeout(function () { block(0); clearTimeout(this); log('finished'); }, 1);
        await later(15); log(timer.hasRef());
      }`,
    'are refreshed, also while they run': `
      async function main() {
        let runs = 0;
        await new Promise((resolve) => setTimeout(function () { block(0); runs++; if (runs < 3) this.refresh(); else resolve(); }, 1));
        log(runs);
      }`,
    'are referenced and unreferenced': `
      async function main() {
        const timer = setTimeout(() => block(0), 1); log([timer.hasRef(), timer.unref() === timer, timer.hasRef(), timer.ref().hasRef()]);
        await later(10); log(block(typeof timer[Symbol.toPrimitive]()));
      }`,
    'repeat until cleared, one run at a time': `
      async function main() {
        let running = 0; let runs = 0;
        await new Promise((resolve) => { const timer = setInterval(() => { running++; block(0); log(running); running--; if (++runs === 3) { clearInterval(timer); resolve(); } }, 1); });
        await later(10); log(runs);
      }`,
    promisified: `
      const { promisify } = require('util');
      async function main() {
        log(await promisify(setTimeout)(1, block('value'))); log(await promisify(setImmediate)(block('now')));
        const timers = require('timers/promises'); log(await timers.setTimeout(1, block('x')));
        let n = 0; for await (const x of timers.setInterval(1, 'tick')) { log(block(x)); if (++n === 2) break; }
      }`,
    'that are bad are refused as before': `
      async function main() {
        for (const bad of [undefined, 'text', {}]) for (const f of [setTimeout, setImmediate, setInterval, queueMicrotask, process.nextTick]) try { f(bad); } catch (error) { log([error.code, error.message]); }
        log(block(1));
      }`,
  });
});

/** A program with a socket whose listener blocks, and counts. */
const counting = (body: string) => `
  const { EventEmitter } = require('events'); const net = require('net'); const http = require('http'); const readline = require('readline');
  const { PassThrough } = require('stream'); const { spawn } = require('child_process'); const { MessageChannel } = require('worker_threads');
  async function main() { let count = 0; const heard = () => { block(0); count++; }; const s = new net.Socket(); s.on('connect', heard); ${body} await later(5); log(block(count)); }`;

describe('listeners have run when the program has emitted', () => {
  behaveAsBefore({
    'by a name that only running tells': counting(`s['emi' + 't']('connect'); log(count);`),
    'by the prototype': counting(`EventEmitter.prototype.emit.call(s, 'connect'); log(count);`),
    'by Reflect': counting(`Reflect.apply(s.emit, s, ['connect']); log(count);`),
    'by a bound emit': counting(`const fire = s.emit.bind(s); fire('connect'); log(count);`),
    'by a builtin': counting(`['connect'].forEach(s.emit, s); log(count);`),
    'where the language calls it': counting(
      "log(String({ toString() { s.emit('connect'); return String(count); } }));",
    ),
    'by an emit in place of its own': counting(`
      const { emit } = s; s.emit = function (...args) { return emit.apply(this, args); }; s.emit('connect'); log(count); log(block(1));`),
    'and the listener was given to what makes the emitter': counting(`
      const server = net.createServer(heard); server.emit('connection', {}); log(count);
      s.setTimeout(5, heard); s.emit('timeout'); log(count); s.setTimeout(0);`),
    'by closing an interface': counting(`
      const rl = readline.createInterface({ input: new PassThrough() }); rl.on('close', heard); rl.close(); log(count);`),
    'by writing to an interface': counting(`
      const rl = readline.createInterface({ input: new PassThrough() }); let got = ''; rl.on('line', (line) => { got += block(line); }); rl.write('a\\n'); log(got); rl.close();`),
    'by writing to what an interface reads': counting(`
      const input = new PassThrough(); const rl = readline.createInterface({ input }); let got = ''; rl.on('line', (line) => { got += block(line); });
      await later(1); input.write('a\\n'); log(got); rl.close(); log(got);`),
    'by dispatching': counting(`
      const { port1 } = new MessageChannel(); port1.addEventListener('message', heard); port1.dispatchEvent(new Event('message')); log(count); port1.close();`),
    'by reading': counting(`
      const stream = fs.createReadStream(FILE); stream.on('data', heard); stream.pause(); await later(5); stream.read(4); log(count); stream.destroy();`),
  });
});

describe('listeners that Node registers itself', () => {
  behaveAsBefore({
    'are removed by the program': counting(`
      s.setTimeout(5, heard); s.removeListener('timeout', heard); log(s.listenerCount('timeout')); await later(10); log([count, block(1)]); s.destroy();`),
    'are removed by Node': counting(`
      s.setTimeout(500, heard); s.setTimeout(0, heard); s.setTimeout(5); log(s.listenerCount('timeout')); await later(10); log([count, block(1)]); s.destroy();`),
    'are removed by off, of those that are called once': counting(`
      const server = net.createServer(); server.close(heard); server.off('close', heard); log(server.listenerCount('close')); await later(5); log([count, block(1)]);`),
  });
});
