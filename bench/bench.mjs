/**
 * Compares the compiled application with the same application written by hand in async/await and, up to 32 connections, with the blocking
 * original (more keep it busy for minutes), in interleaved runs; and a twin lookup with a plain call. Prints ratios: the median over the repetitions, and the least and the greatest.
 * Pages over Postgres run on the server that DATABASE_URL names, in databases of their own, or on one that is started.
 *
 * Options: --seconds N (per measurement, default 2), --repetitions N (default 3), --connections A,B,C (default 1,32,256), --only TEXT
 * (endpoints whose name contains it; may be given several times), --json FILE (rows as an array)
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { databasesOf } from './databases.mjs';
import { DATABASE_ENDPOINTS, ENDPOINTS, OTHER_DATABASE_ENDPOINTS, OTHER_ENDPOINTS } from './endpoints.mjs';
import { load, prepare } from './load.mjs';
import { measureLookups } from './lookup.mjs';
import { start } from './servers.mjs';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '2' },
    repetitions: { type: 'string', default: '3' },
    connections: { type: 'string', default: '1,32,256' },
    only: { type: 'string', multiple: true, default: [''] },
    json: { type: 'string' },
  },
});
const repetitions = Number(values.repetitions);
const FORMS = ['compiled', 'hand-written', 'blocking'];
const rows = [];

function add(bench, name, metric, concurrency, rival, ratios) {
  const sorted = ratios.filter(Number.isFinite).sort((a, b) => a - b);
  if (sorted.length === 0) return;
  const row = {
    bench,
    case: name,
    metric,
    concurrency,
    subject: 'compiled',
    rival,
    ratio: sorted[sorted.length >> 1],
    min: sorted[0],
    max: sorted.at(-1),
  };
  rows.push(row);
  const range = `${row.min.toFixed(2)} to ${row.max.toFixed(2)}`;
  console.log(
    `${name.padEnd(40)}${String(concurrency).padStart(6)}  ${metric.padEnd(12)} compiled / ${rival.padEnd(14)}${row.ratio.toFixed(2).padStart(8)}  (${range})`,
  );
}

for (const { case: name, plain, lookedUp } of measureLookups(7)) {
  const extra = lookedUp.map((time, i) => time - plain[i]).sort((a, b) => a - b);
  add(
    'lookup',
    `${name} without a twin`,
    'time',
    1,
    'plain',
    lookedUp.map((time, i) => time / plain[i]),
  );
  console.log(`  which is ${extra[extra.length >> 1].toFixed(1)} ns a call more\n`);
}

const databases = await databasesOf(FORMS);
const servers = {};
try {
  for (const form of FORMS) {
    servers[form] = await start(form, { database: databases?.urls[form] });
    Object.assign(servers[form], await prepare(servers[form]));
  }
  const endpoints = [
    ...ENDPOINTS,
    ...OTHER_ENDPOINTS,
    ...(databases ? [...DATABASE_ENDPOINTS, ...OTHER_DATABASE_ENDPOINTS] : []),
  ];
  // What is faster leaves more behind: what asks for that comes before.
  endpoints.sort((a, b) => Number(a.isLast ?? false) - Number(b.isLast ?? false));
  for (const endpoint of endpoints.filter(({ name }) => values.only.some((part) => name.includes(part)))) {
    for (const connections of values.connections.split(',').map(Number)) {
      if (connections <= (endpoint.mostConnections ?? connections)) await compare(endpoint, connections);
    }
  }
} finally {
  await Promise.all(Object.values(servers).map((server) => server.stop()));
  await databases?.close();
}
if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(rows, null, 2)}\n`);

/** Each repetition measures every form, each time in another order. */
async function compare(endpoint, connections) {
  const forms = FORMS.filter((form) => form !== 'blocking' || connections <= 32);
  const options = { connections, seconds: Number(values.seconds) * endpoint.patience };
  const results = Object.fromEntries(forms.map((form) => [form, []]));
  for (let i = 0; i < repetitions; i++) {
    for (let j = 0; j < forms.length; j++) {
      const form = forms[(i + j) % forms.length];
      const result = await load(servers[form], endpoint, options);
      if (result.failed > 0) console.log(`  ${form}: ${result.failed} requests of ${endpoint.name} failed`);
      results[form].push(result);
    }
  }
  for (const rival of forms.slice(1)) {
    const ratios = (metric) => results.compiled.map((result, i) => result[metric] / results[rival][i][metric]);
    add('docs-server', endpoint.name, 'throughput', connections, rival, ratios('rate'));
    if (rival === 'hand-written') add('docs-server', endpoint.name, 'p99', connections, rival, ratios('p99'));
  }
}
