/**
 * Compares the compiled application with the same application written by hand in async/await and, up to 32 connections, with the blocking
 * original (more keep it busy for minutes), in interleaved runs; and a twin lookup with a plain call. Prints ratios: the median over the repetitions, and the least and the greatest.
 * Pages over Postgres run on the server that DATABASE_URL names, in databases of their own, or on one that is started.
 * `--help` lists the options.
 */
import { writeFileSync } from 'node:fs';
import { option, readOptions } from '../scripts/options.mjs';
import { databasesOf } from './databases.mjs';
import { DATABASE_ENDPOINTS, ENDPOINTS, OTHER_DATABASE_ENDPOINTS, OTHER_ENDPOINTS } from './endpoints.mjs';
import { load, prepare } from './load.mjs';
import { measureLookups } from './lookup.mjs';
import { start } from './servers.mjs';

const {
  seconds,
  repetitions,
  connections: numbers,
  only = [''],
  json,
} = readOptions('Compares the compiled application with the hand-written and the blocking one.', {
  seconds: option.amount('how long a measurement takes', 2),
  repetitions: option.count('how often each is taken', 3),
  connections: option.counts('connections at a time', [1, 32, 256]),
  only: option.texts('endpoints whose name has this in it'),
  json: option.text('the file for the rows'),
});
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
  for (const endpoint of endpoints.filter(({ name }) => only.some((part) => name.includes(part)))) {
    for (const connections of numbers) {
      if (connections <= (endpoint.mostConnections ?? connections)) await compare(endpoint, connections);
    }
  }
} finally {
  await Promise.all(Object.values(servers).map((server) => server.stop()));
  await databases?.close();
}
if (json !== undefined) writeFileSync(json, `${JSON.stringify(rows, null, 2)}\n`);

/** Each repetition measures every form, each time in another order. */
async function compare(endpoint, connections) {
  const forms = FORMS.filter((form) => form !== 'blocking' || connections <= 32);
  const options = { connections, seconds: seconds * endpoint.patience };
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
