/** Loading one endpoint of one server, and what came of it. */
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
 * @param {string} url of the server
 * @param {{ path: string, method?: string, headers?: object, body?: string }} endpoint
 * @returns {Promise<{ rate: number, p50: number, p99: number, failed: number }>} answered requests a second (failures do not count),
 *   latencies in milliseconds, and the number of requests that failed
 */
export async function load(url, { path, method = 'GET', headers, body }, { connections, seconds }) {
  // A blocked server still has the requests of the last measurement to work off.
  await (await fetch(`${url}/cached/index.md`)).text();
  const result = await autocannon({
    url: url + path,
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
