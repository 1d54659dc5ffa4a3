/**
 * Loads the sample application as it was written and as compiled by tspc, endpoint by endpoint, and prints both and their
 * ratio; then the report on its blocking calls.
 *
 * Options: --seconds N (per measurement, default 2), --connections A,B,C (default 1,32,256)
 */
import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import autocannon from 'autocannon';
import { ENDPOINTS } from './endpoints.mjs';
import { appDirectory, start } from './servers.mjs';

const { values } = parseArgs({
  options: { seconds: { type: 'string', default: '2' }, connections: { type: 'string', default: '1,32,256' } },
});
const seconds = Number(values.seconds);
const connections = values.connections.split(',').map(Number);

const servers = { blocking: await start('blocking'), compiled: await start('compiled') };
try {
  for (const { url } of Object.values(servers)) {
    await fetch(`${url}/api/register`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"name":"ada","password":"secret"}',
    });
  }
  console.log(row('endpoint', 'conn.', 'blocking: req/s', 'p50', 'p99', 'compiled: req/s', 'p50', 'p99', 'ratio'));
  for (const endpoint of ENDPOINTS) {
    for (const count of connections) {
      const blocking = await load(servers.blocking.url, endpoint, count);
      const compiled = await load(servers.compiled.url, endpoint, count);
      console.log(
        row(
          endpoint.name,
          count,
          ...figures(blocking),
          ...figures(compiled),
          (rate(compiled) / rate(blocking)).toFixed(2),
        ),
      );
    }
  }
} finally {
  await Promise.all(Object.values(servers).map((server) => server.stop()));
}

console.log('\nBlocking calls of the application:\n');
const cli = join(dirname(createRequire(import.meta.url).resolve('@unblock/transformer/package.json')), 'dist/cli.mjs');
execFileSync(process.execPath, [cli, 'check'], { cwd: appDirectory, stdio: 'inherit' });

async function load(url, { path, method = 'GET', headers, body }, count) {
  // A blocked server still has the requests of the last measurement to work off.
  await (await fetch(`${url}/pages/index.md`)).text();
  return autocannon({ url: url + path, method, headers, body, connections: count, duration: seconds, timeout: 60 });
}

/** Answered requests a second; failures do not count. */
function rate({ '2xx': answered, duration }) {
  return answered / duration;
}

function figures(result) {
  return [rate(result).toFixed(1), `${result.latency.p50} ms`, `${result.latency.p99} ms`];
}

function row(name, ...cells) {
  return name.padEnd(26) + cells.map((cell) => String(cell).padStart(16)).join('');
}
