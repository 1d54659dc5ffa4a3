/**
 * What other work suffers while many blocking calls of one kind are under way: each kind by the twins and by the callback API as one calls it by hand, in
 * interleaved rounds in one process. Prints medians of the latencies in milliseconds, and the ratio of their medians over the rounds.
 *
 *     pnpm bench:fairness [--rounds 5] [--only TEXT] [--json FILE]
 */
import childProcess from 'node:child_process';
import crypto from 'node:crypto';
import fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { $callee as callee, $SUSPENDED as SUSPENDED, $take as take, $unbox as unbox } from '@unblock/runtime/compiled';
import { option, readOptions } from '../scripts/options.mjs';

const { rounds, only, json } = readOptions('Measures what other work suffers from calls that wait for others.', {
  rounds: option.count('how often each is measured', 5),
  only: option.text('cases whose name has this in it', ''),
  json: option.text('the file for the rows'),
});

const directory = fs.mkdtempSync(join(tmpdir(), 'unblock-fairness-'));
process.on('exit', () => fs.rmSync(directory, { recursive: true }));
const fifos = Array.from({ length: 12 }, (_, i) => join(directory, `fifo-${i}`));
childProcess.execFileSync('mkfifo', fifos);
const descriptors = fifos.map((path) => fs.openSync(path, 'r+'));
/** What a service of some size holds: forking copies its page tables. */
const memory = Array.from({ length: 150 }, () => Buffer.alloc(1 << 20, 1));

/** What a call of `fn` with a callback comes to. */
const called = (fn, ...args) =>
  new Promise((resolve, reject) => fn(...args, (error, value) => (error ? reject(error) : resolve(value))));

async function twin(fn, ...args) {
  const result = callee(fn)(...args);
  return result === SUSPENDED ? unbox(await take()) : result;
}

/** The latency of a call that needs a thread of the pool. */
const onPool = () => fs.promises.stat(directory);
/** How late a timer is. */
const timer = () => delay(10);

const many = (count, start) => () => Array.from({ length: count }, (_, i) => start(i));
const releaseReaders = () => {
  for (const fd of descriptors) fs.writeSync(fd, 'x');
};

/** `background` starts calls, `release` lets them end where they do not by themselves. */
const CASES = [
  {
    name: 'timer of 10 ms, 4 scrypt',
    probe: timer,
    twin: many(4, () => twin(crypto.scryptSync, 'password', 'salt', 64, { N: 65_536, maxmem: 1 << 28 })),
    hand: many(4, () => called(crypto.scrypt, 'password', 'salt', 64, { N: 65_536, maxmem: 1 << 28 })),
  },
  {
    name: 'stat, 40 scrypt',
    probe: onPool,
    twin: many(40, () => twin(crypto.scryptSync, 'password', 'salt', 64)),
    hand: many(40, () => called(crypto.scrypt, 'password', 'salt', 64)),
  },
  {
    name: 'stat, 12 FIFOs are read',
    probe: onPool,
    twin: many(12, (i) => twin(fs.readSync, descriptors[i], Buffer.alloc(1), 0, 1, null)),
    hand: many(12, (i) => called(fs.read, descriptors[i], Buffer.alloc(1), 0, 1, null)),
    release: releaseReaders,
  },
  {
    name: 'timer of 10 ms, 64 children',
    probe: timer,
    twin: many(64, () => twin(childProcess.execFileSync, 'true')),
    hand: many(64, () => called(childProcess.execFile, 'true')),
  },
].filter(({ name }) => name.includes(only));

/** Longer than any latency that is not endless, in milliseconds. */
const ENDLESS = 1000;

/** The median latency of `probe` while the calls are under way, in milliseconds. */
async function latency({ probe, release }, background) {
  const calls = Promise.all(background());
  let isOver = false;
  calls.then(() => {
    isOver = true;
  });
  const taken = [];
  const ended = performance.now() + ENDLESS;
  do {
    const started = performance.now();
    const tooLong = new Promise((resolve) => setTimeout(resolve, ended - started).unref());
    await Promise.race([probe(), tooLong]);
    taken.push(performance.now() - started);
  } while (!isOver && performance.now() < ended);
  release?.();
  await calls;
  taken.sort((a, b) => a - b);
  return taken[taken.length >> 1];
}

const median = (numbers) => numbers.toSorted((a, b) => a - b)[numbers.length >> 1];
const rows = [];
for (const test of CASES) {
  const taken = { twin: [], hand: [] };
  for (let round = -1; round < rounds; round++) {
    for (const way of round % 2 === 0 ? ['twin', 'hand'] : ['hand', 'twin']) {
      const each = await latency(test, test[way]);
      if (round >= 0) taken[way].push(each);
    }
  }
  const ratios = taken.twin.map((each, i) => each / taken.hand[i]);
  const row = {
    bench: 'fairness',
    case: test.name,
    metric: 'latency',
    subject: 'twin',
    rival: 'hand-written',
    ratio: median(ratios),
    min: Math.min(...ratios),
    max: Math.max(...ratios),
  };
  rows.push(row);
  const shown = [median(taken.twin), median(taken.hand)].map((each) => `${each.toFixed(1)} ms`.padStart(10));
  console.log(
    `${test.name.padEnd(28)} twin ${shown[0]}  hand-written ${shown[1]}  ${row.ratio.toFixed(3)} (${row.min.toFixed(3)} to ${row.max.toFixed(3)})`,
  );
}
for (const fd of descriptors) fs.closeSync(fd);
if (json !== undefined) fs.writeFileSync(json, `${JSON.stringify(rows, null, 2)}\n`);
memory.length = 0;
