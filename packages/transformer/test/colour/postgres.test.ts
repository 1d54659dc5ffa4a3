/** Calls of the drivers of Postgres, and what is known of them. */
import { expect, it } from 'vitest';
import { compile } from '../../src/engine.js';

/** Verdicts as `api status`, in the order of the calls. */
function verdicts(text: string, kind: 'esm' | 'commonjs' = 'esm'): string[] {
  const { verdicts } = compile({
    modules: [{ fileName: '/app/main.js', text, kind }],
    resolve: () => undefined,
    closed: true,
    options: { patch: {}, runtime: 'runtime' },
  });
  return verdicts.map(({ api, status }) => `${api} ${status}`);
}

it('knows connections by what they were made of', () => {
  expect(
    verdicts(`
      import Libpq from 'libpq';
      import Client from 'pg-native';
      const client = new Client();
      class Store {
        constructor() { this.pq = new Libpq(); this.client = client; }
        read() { this.pq.exec('select 1'); this.pq.describePrepared('x'); return this.client.querySync('select 1'); }
      }
      const store = new Store();
      setTimeout(() => { client.connectSync(''); store.read(); }, 1);
      setTimeout(() => { for (const c of [client]) c.executeSync('a', []); }, 1);
    `),
  ).toEqual([
    'libpq.prototype.exec patched',
    'libpq.prototype.describePrepared partly',
    'pg-native.prototype.querySync patched',
    'pg-native.prototype.connectSync patched',
    'pg-native.prototype.executeSync patched',
  ]);
});

it('knows connections in CommonJS, and of subclasses', () => {
  expect(
    verdicts(
      `
        const Libpq = require('libpq');
        class Connection extends Libpq {
          ask(text) { this.exec(text); return this.ntuples(); }
        }
        setTimeout(() => new Connection().ask('select 1'), 1);
        setTimeout(() => { const pq = new Libpq(); pq.getResult(); }, 1);
      `,
      'commonjs',
    ),
  ).toEqual(['libpq.prototype.exec patched', 'libpq.prototype.getResult patched']);
});

it('takes functions with the names of those of pg-native for them, where nothing is known of the object', () => {
  expect(verdicts(`import { open } from 'some-package'; setTimeout(() => open().querySync('select 1'), 1);`)).toEqual([
    'pg-native.prototype.querySync (by its name) patched',
  ]);
});

it('knows connections that collections hold, and what the runtime lends one to', () => {
  expect(
    verdicts(
      `
        const Client = require('pg-native');
        const { Pool } = require('@unblock/runtime/pg');
        const { withTimeout } = require('@unblock/runtime');
        const pool = new Pool({ url: '' });
        async function main() {
          const clients = await Promise.all(Array.from({ length: 3 }, async () => new Client()));
          clients.map((client) => client.executeSync('a', []));
          withTimeout(5, () => clients[0].prepareSync('a', '', 0));
          return pool.withConnection((client) => client.querySync('select 1'));
        }
        main();
      `,
      'commonjs',
    ),
  ).toEqual([
    'pg-native.prototype.executeSync patched',
    'pg-native.prototype.prepareSync (by its name) patched',
    'pg-native.prototype.querySync (by its name) patched',
    '@unblock/runtime/pg.Pool.prototype.withConnection patched',
  ]);
});
