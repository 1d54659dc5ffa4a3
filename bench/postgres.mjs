/**
 * Compares one small service over Postgres in these forms, in interleaved runs: blocking over libpq and over the client of
 * `@unblock/runtime/pg`, each compiled and as it was written; written by hand in async/await over pg; and in Python, with gevent, psycopg2 and
 * psycogreen. Prints what each does, and then the ratios of the compiled ones to the others: the median over the repetitions, the least and the
 * greatest. It starts a database server of its own.
 * `--help` lists the options.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { startServer } from '../fixtures/postgres/server.mjs';
import { createTables } from '../fixtures/postgres/service/tables.mjs';
import { option, readOptions } from '../scripts/options.mjs';
import { load } from './load.mjs';
import { launch } from './servers.mjs';

const CASES = [
  { name: 'fast query (by key)', path: '/item' },
  { name: 'page of 20 rows', path: '/page' },
  { name: 'transaction of three', path: '/order' },
  { name: 'slow query (20 ms)', path: '/slow' },
];

const place = (path) => fileURLToPath(new URL(`../fixtures/postgres/${path}`, import.meta.url));
const node = (path) => ({ command: process.execPath, args: [place(path)] });
const FORMS = {
  'compiled-libpq': node('compiled/libpq.mjs'),
  'compiled-client': node('compiled/client.mjs'),
  'hand-written': node('service/handWritten.mjs'),
  'blocking-libpq': node('service/libpq.mjs'),
  'blocking-client': node('service/client.mjs'),
  gevent: { command: pythonWithGevent(), args: [place('service/service.py')] },
};

const {
  seconds,
  repetitions,
  connections: numbers,
  pool,
  only,
  forms: chosen,
  json,
} = readOptions('Compares a service over Postgres in its forms.', {
  seconds: option.amount('how long a measurement takes', 2),
  repetitions: option.count('how often each is taken', 3),
  connections: option.counts('connections at a time', [1, 32, 256]),
  pool: option.count('connections of each form to the database', 50),
  only: option.text('cases whose name has this in it', ''),
  forms: option.choice('what is compared', Object.keys(FORMS)),
  json: option.text('the file for the rows'),
});

/** What compiled forms are compared with: each with its own original. */
const SUBJECTS = { 'compiled-libpq': 'blocking-libpq', 'compiled-client': 'blocking-client' };
const RIVALS = ['hand-written', 'blocking', 'gevent'];
const METRICS = { throughput: 'rate', p50: 'p50', p99: 'p99', cpu: 'cpu', memory: 'memory' };

const rows = [];
const database = await startServer({ maxConnections: 100 + 6 * pool });
const servers = {};
try {
  await createTables(database.url);
  for (const form of chosen.filter(isThere)) {
    const { command, args } = FORMS[form];
    const env = { DATABASE_URL: database.url, POOL_SIZE: String(pool) };
    servers[form] = await launch(form, command, args, env);
    // It makes its connections, and Node compiles what runs often.
    await load(servers[form], CASES[0], { connections: pool, seconds: 2 });
  }
  console.log(line('case', 'conn.', 'form', 'req/s', 'p50', 'p99', 'CPU a request', 'memory'));
  for (const each of CASES.filter(({ name }) => name.includes(only))) {
    for (const connections of numbers) await measure(each, connections);
  }
} finally {
  await Promise.all(Object.values(servers).map((server) => server.stop()));
  await database.stop();
}
console.log('\nRatios: median (least to greatest)');
for (const row of rows) console.log(ratioLine(row));
if (json !== undefined) writeFileSync(json, `${JSON.stringify(rows, null, 2)}\n`);

/** The first Python that has what the service imports; undefined where none has. */
function pythonWithGevent() {
  const imports = 'import gevent.monkey, psycopg2, psycogreen.gevent';
  return ['python3', '/usr/bin/python3'].find((command) => spawnSync(command, ['-c', imports]).status === 0);
}

/** Whether a form can be measured here. Says so where it cannot. */
function isThere(form) {
  const missing = whatIsMissing(form);
  if (missing !== undefined) console.log(`LEFT OUT: ${form}. ${missing}\n`);
  return missing === undefined;
}

function whatIsMissing(form) {
  if (form === 'gevent' && FORMS.gevent.command === undefined) {
    return 'No Python here has gevent, psycopg2 and psycogreen; Debian: apt-get install python3-gevent python3-psycopg2 python3-psycogreen';
  }
  if (form.endsWith('libpq') && !existsSync(place('node_modules/libpq/build'))) {
    return 'The package libpq was not built; it takes pg_config, a compiler and the headers of Node';
  }
  return undefined;
}

/** Each repetition measures every form, each time in another order. */
async function measure({ name, path }, connections) {
  const forms = Object.keys(servers);
  const results = Object.fromEntries(forms.map((form) => [form, []]));
  for (let i = 0; i < repetitions; i++) {
    for (let j = 0; j < forms.length; j++) {
      const form = forms[(i + j) % forms.length];
      const result = await load(servers[form], { path }, { connections, seconds: seconds });
      if (result.failed > 0) console.log(`  ${form}: ${result.failed} requests to ${path} failed`);
      results[form].push({ ...result, memory: residentSet(servers[form].pid) });
    }
  }
  for (const form of forms) {
    const of = (metric) => median(results[form].map((result) => result[metric]));
    const times = [`${of('p50').toFixed(1)} ms`, `${of('p99').toFixed(1)} ms`, `${of('cpu').toFixed(0)} us`];
    console.log(line(name, connections, form, of('rate').toFixed(0), ...times, `${of('memory').toFixed(0)} MB`));
  }
  for (const [subject, original] of Object.entries(SUBJECTS)) {
    for (const rival of RIVALS) {
      const others = results[rival === 'blocking' ? original : rival];
      if (results[subject] === undefined || others === undefined) continue;
      for (const [metric, key] of Object.entries(METRICS)) {
        const ratios = results[subject].map((result, i) => result[key] / others[i][key]);
        add({ case: name, metric, concurrency: connections, subject, rival }, ratios);
      }
    }
  }
}

function add(row, ratios) {
  const sorted = ratios.filter(Number.isFinite).sort((a, b) => a - b);
  if (sorted.length === 0) return;
  rows.push({ bench: 'postgres', ...row, ratio: median(sorted), min: sorted[0], max: sorted.at(-1) });
}

function median(numbers) {
  return numbers.toSorted((a, b) => a - b)[numbers.length >> 1];
}

/** Megabytes of memory that a process holds; NaN where the system does not tell. */
function residentSet(pid) {
  try {
    return Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;
  } catch {
    return Number.NaN;
  }
}

function line(name, connections, form, ...cells) {
  const start = name.padEnd(22) + String(connections).padStart(6);
  return `${start}  ${form.padEnd(17)}${cells.map((cell) => cell.padStart(14)).join('')}`;
}

function ratioLine({ case: name, metric, concurrency, subject, rival, ratio, min, max }) {
  const compared = `${subject} / ${rival}`.padEnd(32);
  const range = `(${min.toFixed(2)} to ${max.toFixed(2)})`;
  return `${name.padEnd(22)}${String(concurrency).padStart(6)}  ${metric.padEnd(11)}${compared}${ratio.toFixed(2).padStart(7)}  ${range}`;
}
