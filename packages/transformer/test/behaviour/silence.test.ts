/** What stays silent while a callback is suspended: lines and their input, workers, timers that were started again. */
import { describe } from 'vitest';
import { behaveAsBefore } from './harness.js';

const reading = (body: string) => `
  const readline = require('readline'); const { Readable } = require('stream');
  const open = (text) => readline.createInterface({ input: Readable.from([text]) });
  const closed = (rl) => new Promise((resolve) => rl.on('close', () => { log('close'); resolve(); }));
  async function main() { ${body} await later(5); }`;

describe('lines', () => {
  behaveAsBefore({
    'are dealt with before the input ends, so that the interface can be used': reading(`
      const rl = open('a\\nb\\nc\\n'); rl.on('line', (line) => { log(line); block(0); rl.prompt(); rl.pause(); rl.resume(); log([line, rl.closed]); });
      await closed(rl);`),
    'without a line break at the end too': reading(`
      const rl = open('a\\nb'); rl.on('line', (line) => { log(line); block(0); rl.prompt(); rl.pause(); rl.resume(); log([line, rl.closed]); });
      await closed(rl); log(rl.closed);
      const other = open('only'); other.question('', (answer) => { block(0); other.setPrompt('x'); log([answer, other.closed]); }); await closed(other);`),
    'answer questions that are asked in answers': reading(`
      const rl = open('a\\nb\\nc\\nd\\n'); rl.on('line', (line) => { block(0); log(['line', line]); });
      rl.question('', (first) => { block(0); log(first); rl.question('', (second) => { block(0); log(second); rl.setPrompt('x'); }); });
      await closed(rl);`),
    'come after what a close in the middle of them starts': reading(`
      const rl = open('a\\nquit\\nb\\n'); let isOpen = true;
      rl.on('close', () => { isOpen = false; });
      rl.on('line', (line) => { block(0); log([line, isOpen]); if (line === 'quit') rl.close(); });
      await closed(rl);`),
    'reach listeners of other emitters that read on': reading(`
      const rl = open('a\\nb\\n'); const seen = [];
      rl.on('line', (line) => { block(0); seen.push(line); }).on('close', () => { log(seen); });
      await closed(rl); log(seen);`),
  });
});

describe('lines of which only some suspend', () => {
  const texts = ['quit\\nb\\n', 'a\\nquit\\nb\\n', 'a\\nquit\\nb\\nc', 'a\\nb\\nc'];
  const programs = texts.flatMap((text) =>
    [1, 2, 3, 5, 6].map((mask): [string, string] => [
      `${text} (${mask})`,
      reading(`
      const rl = open('${text}'); let isOpen = true; let count = 0;
      rl.on('close', () => { isOpen = false; });
      rl.on('line', (line) => { if (${mask} & (1 << count++)) block(0); log([line, isOpen]); if (line === 'quit') rl.close(); });
      await closed(rl);`),
    ]),
  );
  behaveAsBefore(Object.fromEntries(programs));
});

describe('a worker', () => {
  behaveAsBefore({
    'says that it has ended after an error whose listener suspends': `
      const { Worker } = require('worker_threads');
      async function main() {
        const worker = new Worker('throw new Error("broken")', { eval: true });
        worker.on('error', (error) => { block(0); log(error.message); });
        await new Promise((resolve) => worker.on('exit', (code) => { log(['exit', code]); resolve(); }));
      }`,
  });
});

describe('a timer', () => {
  behaveAsBefore({
    'that starts itself again does not overlap itself': `
      async function main() {
        let runs = 0;
        const timer = setTimeout(() => { const run = ++runs; log(['in', run]); if (run < 3) timer.refresh(); for (let i = 0; i < 20; i++) { block(0); fs.statSync(FILE); } log(['out', run]); }, 1);
        while (runs < 3) await later(5); await later(20);
      }`,
    'that starts itself again and is cleared does not run again': `
      async function main() {
        const timer = setTimeout(() => { log('in'); timer.refresh(); for (let i = 0; i < 20; i++) block(0); clearTimeout(timer); log('out'); }, 1);
        await later(40);
      }`,
  });
});
