/** Loading one endpoint of one server, and what came of it. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import autocannon from 'autocannon';
import { NOTES, noteText } from './endpoints.mjs';

const CREDENTIALS = {
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: '{"name":"ada","password":"secret"}',
};

/**
 * Milliseconds at the beginning that do not count. Node accepts a connection or so in a turn of the event loop, so that the last of some hundred
 * that come at once wait up to seconds, in one run and not in the next.
 */
const SETTLING = 500;

/** Texts of a page that has revisions. */
const REVISIONS = ['It beeps.\n', 'It beeps three times.\n'];

/**
 * Fills an application: with the user that endpoints are asked by, an attachment, revisions of a page, and notes where it has a database for
 * them.
 *
 * @param {{ url: string }} server
 * @returns {Promise<{ cookie: string, sessionFile: string }>} the cookie of the user's session, and the name of the file that keeps it
 */
export async function prepare({ url }) {
  await fetch(`${url}/api/register`, CREDENTIALS);
  const { headers } = await fetch(`${url}/api/login`, CREDENTIALS);
  const [cookie] = headers.get('set-cookie').split(';');
  const send = async (method, path, body, type = 'application/json') => {
    const { ok, status } = await fetch(url + path, { method, headers: { 'content-type': type, cookie }, body });
    if (!ok) throw new Error(`${url}${path} answers ${status}`);
  };
  await send('PUT', '/files/manual.txt', 'Fill it, switch it on, wait.\n'.repeat(500), 'text/plain');
  for (const end of REVISIONS) {
    const text = `# Alarms\n\nThe kettle calls where it needs somebody.\n\n${end}`;
    await send('PUT', '/pages/guide/alarms.md', JSON.stringify({ text }));
  }
  if ((await fetch(`${url}/notes`)).status !== 404) {
    const pages = await (await fetch(`${url}/api/tree`)).json();
    for (let i = 1; i <= NOTES; i++) {
      await send('POST', '/notes', JSON.stringify({ page: pages[i % pages.length], body: noteText(i) }));
    }
  }
  const token = cookie.slice('session='.length);
  return { cookie, sessionFile: createHash('sha256').update(token).digest('hex') };
}

/**
 * Loads an endpoint for so many seconds.
 *
 * @param {{ url: string, pid: number, cookie?: string }} server the cookie is sent where a session is asked for
 * @param {object} endpoint see `endpoints.mjs`
 * @returns {Promise<{ rate: number, p50: number, p99: number, failed: number, cpu: number }>} answered requests a second (failures do not
 *   count), latencies in milliseconds, the number of requests that failed, and microseconds of processor time that the server has used for a
 *   request; NaN where the system does not tell
 */
export async function load(server, endpoint, { connections, seconds }) {
  await settled(server);
  endpoint.tidy?.(server);
  const before = processorTime(server.pid);
  const run = autocannon({
    url: server.url,
    requests: (endpoint.requests ?? [endpoint]).map((request) => requestTo(server, request)),
    connections,
    duration: seconds + SETTLING / 1000,
    timeout: 60,
  });
  const begun = performance.now();
  const latencies = { all: [], settled: [] };
  let answered = 0;
  let all = 0;
  run.on('response', (_client, status, _bytes, latency) => {
    const since = performance.now() - begun;
    all++;
    if (since < SETTLING) return;
    if (status >= 200 && status < 300) answered++;
    latencies.all.push(latency);
    if (since - latency >= SETTLING) latencies.settled.push(latency);
  });
  const { non2xx, errors, duration } = await run;
  const used = sum(processorTime(server.pid)) - sum(before);
  // An endpoint that takes longer than the measurement answers nothing that was asked later.
  const counted = (latencies.settled.length > 0 ? latencies.settled : latencies.all).sort((a, b) => a - b);
  const percentile = (part) => counted[Math.floor(counted.length * part)] ?? Number.NaN;
  return {
    rate: answered / (duration - SETTLING / 1000),
    p50: percentile(0.5),
    p99: percentile(0.99),
    failed: non2xx + errors,
    cpu: (used * TICK) / all,
  };
}

/** A request as autocannon takes it. */
function requestTo({ cookie }, { path = '/', method = 'GET', headers, body, session, vary, answered }) {
  return {
    method,
    path,
    headers: session ? { ...headers, cookie } : (headers ?? {}),
    ...(body !== undefined && { body }),
    ...(vary && { setupRequest: (request, context) => ({ ...request, ...vary(context) }) }),
    ...(answered && { onResponse: (_status, text, context, received) => answered(text, context, received) }),
  };
}

/** Microseconds of a tick of the clock by which Linux counts processor time. */
const TICK = 10_000;

/** All of what {@link processorTime} tells. */
function sum(times) {
  return times === '' ? Number.NaN : times.split(' ').reduce((total, ticks) => total + Number(ticks), 0);
}

/**
 * Waits until a server has worked off the requests of the last measurement, with their children. A blocked one resets connections until then.
 */
async function settled({ url, pid }) {
  for (let attempt = 0, last = ''; attempt < 600; attempt++) {
    await new Promise((resolve) => setTimeout(resolve, 200));
    const work = processorTime(pid);
    if (work === last && (await answers(url))) return;
    last = work;
  }
  throw new Error(`${url} does not come to rest`);
}

async function answers(url) {
  try {
    await (await fetch(`${url}/cached/index.md`)).text();
    return true;
  } catch {
    return false;
  }
}

/** What a process and its children have used so far; empty where the system does not tell. */
function processorTime(pid) {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
    // User and system time, of the process and of the children that it has waited for (proc_pid_stat, fields 14 to 17).
    return fields.slice(11, 15).join(' ');
  } catch {
    return '';
  }
}
