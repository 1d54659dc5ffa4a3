/** Loading one endpoint of one server, and what came of it. */
import { readFileSync } from 'node:fs';
import autocannon from 'autocannon';

const CREDENTIALS = {
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: '{"name":"ada","password":"secret"}',
};

/** Registers the user that the login endpoint is asked for. */
export async function prepare(url) {
  await fetch(`${url}/api/register`, CREDENTIALS);
}

/**
 * @param {{ url: string, pid: number }} server
 * @param {{ path: string, method?: string, headers?: object, body?: string }} endpoint
 * @returns {Promise<{ rate: number, p50: number, p99: number, failed: number }>} answered requests a second (failures do not count),
 *   latencies in milliseconds, and the number of requests that failed
 */
export async function load(server, { path, method = 'GET', headers, body }, { connections, seconds }) {
  await settled(server);
  const result = await autocannon({
    url: server.url + path,
    method,
    headers,
    body,
    connections,
    duration: seconds,
    timeout: 60,
  });
  const { '2xx': answered, non2xx, errors, duration, latency } = result;
  return { rate: answered / duration, p50: latency.p50, p99: latency.p99, failed: non2xx + errors };
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
