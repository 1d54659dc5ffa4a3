/** Files that are written by their path are whole when the process ends, in whichever step of the write that is. */
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { type Form, runInProcess } from './processes.js';

const directory = mkdtempSync(join(tmpdir(), 'unblock-exit-'));
afterAll(() => rmSync(directory, { recursive: true }));
const FILE = join(directory, 'file');

/** How many times the event loop turns before the process ends. */
const TURNS = [0, 1, 2, 5];
const OLD = 'what was there before';

/** The process ends as `end` says, while `save` writes: its arguments are the file, what to write, how often to repeat that and the turns. */
const program = (save: string, end: string, top = '') => `
  const [, , file, part, times, turns] = process.argv; const text = part.repeat(Number(times)); let left = Number(turns);
  ${top}
  const wait = () => { if (left-- > 0) setImmediate(wait); else { ${end} } };
  const save = () => { ${save} };
  setTimeout(() => { setImmediate(wait); save(); }, 1);`;

/** A file in short: megabytes make no readable difference. */
const digest = (data: Buffer) => ({ length: data.length, hash: createHash('sha256').update(data).digest('hex') });

/** How the process ends, and what is in the file then. */
async function outcome(name: string, text: string, form: Form, before: string, times: number, turns: number) {
  writeFileSync(FILE, before);
  const ending = await runInProcess(name, text, form, [FILE, 'new', String(times), String(turns)]);
  return { turns, ...ending, ...digest(readFileSync(FILE)) };
}

const EXIT = 'process.exit(4);';

describe('a file is whole', () => {
  const PROGRAMS = {
    'that is new': [program('fs.writeFileSync(file, text);', EXIT), ''],
    'that is put in the place of another': [program('fs.writeFileSync(file, text);', EXIT), OLD],
    'that is appended to': [program('fs.appendFileSync(file, text);', EXIT), OLD],
    'that is appended to by a flag': [program(`fs.writeFileSync(file, text, { flag: 'a' });`, EXIT), OLD],
    'that is written in another encoding': [program(`fs.writeFileSync(file, text, 'base64');`, EXIT), OLD],
    'that a listener of exit reads': [
      program('fs.writeFileSync(file, text);', EXIT, `process.on('exit', () => process.send(fs.statSync(file).size));`),
      OLD,
    ],
    'that is written when an error ends the process': [
      program('fs.writeFileSync(file, text);', `throw new Error('the end');`),
      OLD,
    ],
    'and written once where the program emits exit itself': [
      program('fs.appendFileSync(file, text);', `process.emit('exit'); process.emit('exit');`),
      OLD,
    ],
  } as const;

  test.each(Object.entries(PROGRAMS))('%s', async (name, [text, before]) => {
    for (const times of [1, 4_000_000]) {
      const original = await outcome(name, text, 'original', before, times, 0);
      for (const turns of TURNS) {
        expect(await outcome(name, text, 'compiled', before, times, turns)).toEqual({ ...original, turns });
      }
    }
  });
});
