/**
 * What the monitor costs: programs under `@unblock/runtime/monitor` against the same programs without, in interleaved runs. Prints ratios
 * of the processor time that the process takes, from its start to its end.
 *
 *     pnpm bench:monitor [--runs 7]
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { option, readOptions } from '../scripts/options.mjs';

const { runs } = readOptions('Compares programs with and without the monitor.', {
  runs: option.count('how often each program runs', 7),
});

const MONITOR = ['--import', fileURLToPath(import.meta.resolve('@unblock/runtime/monitor'))];
const WAYS = {
  without: { args: [], env: {} },
  monitor: { args: MONITOR, env: {} },
  sampling: { args: MONITOR, env: { UNBLOCK_MONITOR_SAMPLE: '1' } },
};

const FILE = JSON.stringify(fileURLToPath(import.meta.url));
const PROGRAMS = {
  'nothing (start and end)': '',
  'smallest calls: 300,000 of existsSync': `const fs = require('fs'); for (let i = 0; i < 3e5; i++) fs.existsSync(${FILE});`,
  'reads: 60,000 of readFileSync, 2 KiB': `const fs = require('fs'); for (let i = 0; i < 6e4; i++) fs.readFileSync(${FILE}, 'utf8');`,
  'a server: 3,000 requests, each of files, gzip and JSON': `
    const fs = require('fs'), http = require('http'), zlib = require('zlib');
    const text = fs.readFileSync(${FILE}, 'utf8').repeat(8);
    const server = http.createServer((request, response) => {
      for (let i = 0; i < 10; i++) fs.statSync(${FILE});
      const words = fs.readFileSync(${FILE}, 'utf8').split(' ').map((word) => ({ word, size: word.length }));
      response.end(zlib.gzipSync(text + JSON.stringify(words)));
    }).listen(0, async () => {
      const { port } = server.address();
      const agent = new http.Agent({ keepAlive: true });
      for (let i = 0; i < 3000; i++) {
        await new Promise((done) => http.get({ port, agent }, (response) => response.resume().on('end', done)));
      }
      agent.destroy();
      server.close();
    });`,
};

/** Milliseconds of processor time. */
function measure(program, { args, env }) {
  const script = `process.on('exit', () => { const { user, system } = process.cpuUsage(); console.log((user + system) / 1000); });${program}`;
  const options = { encoding: 'utf8', env: { ...process.env, UNBLOCK_MONITOR: 'none', ...env } };
  const { status, stdout, stderr } = spawnSync(process.execPath, [...args, '-e', script], options);
  if (status !== 0) throw new Error(stderr);
  return Number(stdout);
}

function median(numbers) {
  return numbers.toSorted((a, b) => a - b)[numbers.length >> 1];
}

const ratio = (of, to) => {
  const ratios = of.map((time, at) => time / to[at]);
  return `${median(ratios).toFixed(2)} (${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)})`;
};

console.log(
  `Node ${process.versions.node}, ${runs} runs: processor time against the same program without the monitor, median (range)`,
);
for (const [name, program] of Object.entries(PROGRAMS)) {
  const times = { without: [], monitor: [], sampling: [] };
  for (let run = 0; run < runs; run++) {
    for (const [way, options] of Object.entries(WAYS)) times[way].push(measure(program, options));
  }
  const { without, monitor, sampling } = times;
  console.log(
    `${name}\n  monitor ${ratio(monitor, without)}, with samples ${ratio(sampling, without)}; ${median(without).toFixed(0)} ms without`,
  );
}
