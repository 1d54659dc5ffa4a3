/** Modules compiled on their own: what they import may block, and what they hand on may be called by compiled code. */
import { describe, expect, it } from 'vitest';
import { compile } from '../../src/engine.js';

function compiled(text: string, unknownCalls: 'block' | 'suspend' = 'block'): string {
  const fileName = '/module.js';
  const compilation = compile({
    modules: [{ fileName, text, kind: 'commonjs' }],
    resolve: () => undefined,
    closed: false,
    options: { patch: {}, runtime: 'runtime', unknownCalls },
  });
  return compilation.rewrite(fileName)?.code ?? '';
}

const READ = "require('fs').readFileSync('x')";

describe('a module on its own', () => {
  it('looks up methods of objects of which it knows nothing, also if it has methods of this name itself', () => {
    const text = 'module.exports = (adapter) => { const db = {}; db.write = () => adapter.write(1); return db; };';
    expect(compiled(text, 'suspend')).toContain('adapter.write, "adapter.write").call(adapter');
    expect(compiled(text)).toBe('');
    const reading = text.replace('adapter.write(1)', `[adapter.write(1), ${READ}]`);
    expect(compiled(reading)).toContain('adapter.write, "adapter.write").call(adapter');
  });

  it('waits for nothing where nothing is known to block', () => {
    const queue = `class Queue { constructor(log) { this.log = log; }
      push(job) { this.check(); this[this.n++] = job; } check() { this.log.warn('full'); this.onFull(); } }`;
    expect(compiled(`${queue} exports.Queue = Queue;`)).toBe('');
    expect(
      compiled(
        `exports.run = (task) => new Promise((resolve, reject) => { try { resolve(task()); } catch (e) { reject(e); } });`,
      ),
    ).toBe('');
    // What other files of the project export may block.
    expect(compiled("const log = require('./log'); exports.check = () => log.warn('full');")).toContain('.warn');
    expect(compiled("const { Log } = require('./log'); exports.check = () => new Log().warn('full');")).toContain(
      '.warn',
    );
  });

  it('gives asynchronous forms to methods that are defined by property descriptors', () => {
    const code = compiled(`
      function define(target, list) { for (const one of list) Object.defineProperty(target, one.key, one); }
      function C() {}
      define(C.prototype, [{ key: 'write', value: function write() { return ${READ}; } }]);
      module.exports = C;`);
    expect(code).toContain('$linkSelf(function write()');
  });

  it('hands callbacks that come from elsewhere to the adapter of what registers them', () => {
    expect(compiled("const w = require('./w'); setTimeout(w, 5);")).toContain(
      '$registrar(setTimeout, "setTimeout")(w, 5)',
    );
    expect(compiled("setTimeout(() => {}, 5); require('x').on('y', () => 1);")).toBe('');
  });

  it('applies the pack of a package that it requires', () => {
    const code = compiled("const express = require('express'); const app = express(); app.get('/', () => 1);");
    expect(code).toContain("$pack('express', require('express'))");
  });
});
