/** Loading one endpoint of one server, and what came of it. */
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

/**
 * Registers the user that endpoints are asked by, and writes notes, where the application has a database for them.
 *
 * @returns {Promise<string>} the cookie of the user's session
 */
export async function prepare(url) {
  await fetch(`${url}/api/register`, CREDENTIALS);
  const { headers } = await fetch(`${url}/api/login`, CREDENTIALS);
  const [cookie] = headers.get('set-cookie').split(';');
  if ((await fetch(`${url}/notes`)).status === 404) return cookie;
  const pages = await (await fetch(`${url}/api/tree`)).json();
  for (let i = 1; i <= NOTES; i++) {
    const note = { page: pages[i % pages.length], body: noteText(i) };
    const { status } = await fetch(`${url}/notes`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', cookie },
      body: JSON.stringify(note),
    });
    if (status !== 201) throw new Error(`${url} keeps no note: ${status}`);
  }
  return cookie;
}

/**
 * Loads an endpoint for so many seconds.
 *
 * @param {{ url: string, pid: number, cookie?: string }} server the cookie is sent to endpoints that ask for a session
 * @param {{ path: string, method?: string, headers?: object, body?: string, session?: boolean, vary?: () => object }} endpoint `vary` makes
 *   what differs from request to request: `path` and `body`
 * @returns {Promise<{ rate: number, p50: number, p99: number, failed: number, cpu: number }>} answered requests a second (failures do not
 *   count), latencies in milliseconds, the number of requests that failed, and microseconds of processor time that the server has used for a
 *   request; NaN where the system does not tell
 */
export async function load(server, { path, method = 'GET', headers, body, session, vary }, { connections, seconds }) {
  await settled(server);
  const before = processorTime(server.pid);
  const run = autocannon({
    url: server.url + path,
    method,
    headers: session ? { ...headers, cookie: server.cookie } : headers,
    body,
    ...(vary && { requests: [{ setupRequest: (request) => ({ ...request, ...vary() }) }] }),
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
