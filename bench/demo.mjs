/**
 * Loads the sample application as it was written and as compiled by tspc, endpoint by endpoint, and prints both and their
 * ratio; then the report on its blocking calls. Its pages over Postgres are loaded on the server that DATABASE_URL names, in databases of their
 * own, or on one that is started.
 * `--help` lists the options.
 */
import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { option, readOptions } from '../scripts/options.mjs';
import { databasesOf } from './databases.mjs';
import { DATABASE_ENDPOINTS, ENDPOINTS } from './endpoints.mjs';
import { load, prepare } from './load.mjs';
import { appDirectory, start } from './servers.mjs';

const { seconds, connections: numbers } = readOptions('Compares the compiled application with the blocking one.', {
  seconds: option.amount('how long a measurement takes', 2),
  connections: option.counts('connections at a time', [1, 32, 256]),
});

const databases = await databasesOf(['blocking', 'compiled']);
const servers = {};
try {
  for (const form of ['blocking', 'compiled']) {
    servers[form] = await start(form, { database: databases?.urls[form] });
    Object.assign(servers[form], await prepare(servers[form]));
  }
  console.log(row('endpoint', 'conn.', 'blocking: req/s', 'p50', 'p99', 'compiled: req/s', 'p50', 'p99', 'ratio'));
  for (const endpoint of [...ENDPOINTS, ...(databases ? DATABASE_ENDPOINTS : [])]) {
    for (const connections of numbers) {
      const options = { connections, seconds: seconds * endpoint.patience };
      const blocking = await load(servers.blocking, endpoint, options);
      const compiled = await load(servers.compiled, endpoint, options);
      const ratio = blocking.rate > 0 ? (compiled.rate / blocking.rate).toFixed(2) : 'n.a.';
      console.log(row(endpoint.name, connections, ...figures(blocking), ...figures(compiled), ratio));
    }
  }
} finally {
  await Promise.all(Object.values(servers).map((server) => server.stop()));
  await databases?.close();
}

console.log('\nBlocking calls of the application:\n');
const cli = join(dirname(createRequire(import.meta.url).resolve('@unblock/transformer/package.json')), 'dist/cli.mjs');
execFileSync(process.execPath, [cli, 'check'], { cwd: appDirectory, stdio: 'inherit' });

function figures({ rate, p50, p99 }) {
  const milliseconds = (value) => (Number.isNaN(value) ? 'n.a.' : `${value.toFixed(1)} ms`);
  return [rate.toFixed(1), milliseconds(p50), milliseconds(p99)];
}

function row(name, ...cells) {
  return name.padEnd(28) + cells.map((cell) => String(cell).padStart(16)).join('');
}
