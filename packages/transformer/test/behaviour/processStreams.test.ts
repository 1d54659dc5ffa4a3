/** The standard streams of a process, read and written by descriptor: original and compiled program in processes of their own. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { compile } from '../../src/engine.js';

const directory = mkdtempSync(join(tmpdir(), 'unblock-streams-'));
afterAll(() => rmSync(directory, { recursive: true }));
const RUNTIME = fileURLToPath(new URL('../../../runtime/dist/compiled.cjs', import.meta.url));

/** Each has a `main`, which is called from a timer. */
const PROGRAMS = {
  lines: `
    function readLine(fd) {
      const byte = Buffer.alloc(1); let line = '';
      for (;;) {
        if (fs.readSync(fd, byte, 0, 1, null) === 0) return line === '' ? null : line;
        const char = byte.toString('latin1');
        if (char === '\\n') return line;
        line += char;
      }
    }
    function main() {
      let count = 0; let sum = 0;
      for (let line = readLine(0); line !== null; line = readLine(0)) {
        count++; sum = (sum * 31 + line.length) % 1000003;
        if (count % 50 === 0) { fs.writeSync(1, 'written ' + count + '\\n'); console.log('logged', count); }
      }
      console.log('done', count, sum);
    }`,
  whole: `function main() { console.log(fs.readFileSync(0, 'utf8').length, fs.readFileSync(0, 'utf8').length); }`,
  chunks: `
    function main() {
      const buffer = Buffer.alloc(100); let total = 0; let size;
      while ((size = fs.readSync(0, buffer)) > 0) total += size;
      console.log(total);
    }`,
  questions: `
    function ask(question) {
      fs.writeSync(1, question);
      const buffer = Buffer.alloc(64);
      return buffer.toString('utf8', 0, fs.readSync(0, buffer, 0, 64, null)).trim();
    }
    function main() {
      console.log('hello', ask('name? ')); process.stdout.write(ask('age? ') + '!\\n');
      fs.writeFileSync(1, 'bye\\n'); console.log('end');
    }`,
  mixed: `
    function step(i) {
      console.log('log' + i); fs.writeSync(1, 'write' + i + '\\n'); process.stdout.write('stream' + i + '\\n');
      console.error('error' + i); fs.writeSync(2, 'written' + i + '\\n');
      fs.writevSync(1, [Buffer.from('vector'), Buffer.from(i + '\\n')]); fs.appendFileSync(1, 'append' + i + '\\n');
    }
    function main() { for (let i = 0; i < 60; i++) step(i); process.exitCode = 3; process.exit(); }`,
  deaf: `
    function main() {
      try { for (let i = 0; i < 1000; i++) fs.writeSync(1, 'x'.repeat(1000) + '\\n'); fs.writeSync(2, 'all'); }
      catch ({ code, syscall, message }) { fs.writeSync(2, [code, syscall, message].join(' ')); }
    }`,
  modes: `
    const flags = (fd) => /flags:.*/.exec(fs.readFileSync('/proc/self/fdinfo/' + fd, 'utf8'))[0];
    function main() { fs.writeSync(1, flags(0) + flags(1) + flags(2)); fs.writeSync(2, ''); fs.writeSync(1, flags(2)); }`,
};

const files = Object.fromEntries(
  Object.entries(PROGRAMS).map(([name, text]) => {
    const source = `const fs = require('fs');\n${text}\nsetTimeout(main, 0);\n`;
    const fileName = `/${name}.cjs`;
    const options = { patch: {}, runtime: RUNTIME };
    const { rewrite } = compile({
      modules: [{ fileName, text: source, kind: 'commonjs' }],
      resolve: () => undefined,
      closed: true,
      options,
    });
    const compiled = rewrite(fileName)?.code;
    if (compiled === undefined) throw new Error(`${name} was not compiled`);
    const paths = { original: join(directory, fileName), compiled: join(directory, `compiled-${name}.cjs`) };
    writeFileSync(paths.original, source);
    writeFileSync(paths.compiled, compiled);
    return [name, paths];
  }),
);

const INPUT = join(directory, 'input.txt');
writeFileSync(INPUT, Array.from({ length: 600 }, (_, i) => `${'x'.repeat((i * 37) % 81)}\n`).join(''));

/** How a program is run: a shell command, in which NODE stands for it, and what its input gets and when. */
interface Run {
  readonly command: string;
  readonly input?: readonly (string | number)[];
}

/** What a program printed and how it ended. A number in the input waits until the program has printed so many bytes. */
async function outcome(path: string, { command, input = [] }: Run): Promise<string> {
  const child = spawn('sh', ['-c', command.replace('NODE', `'${process.execPath}' '${path}'`)]);
  let printed = '';
  let failed = '';
  child.stdout.on('data', (data) => {
    printed += data;
  });
  child.stderr.on('data', (data) => {
    failed += data;
  });
  child.stdin.on('error', () => {});
  const closed = new Promise((resolve) => child.on('close', resolve));
  for (const part of input) {
    if (typeof part === 'string') child.stdin.write(part);
    else while (printed.length < part) await new Promise((resolve) => setTimeout(resolve, 5));
  }
  child.stdin.end();
  return `${await closed}\n${printed}\n${failed}`;
}

const WAYS: Readonly<Record<string, Run>> = {
  'a file': { command: `NODE < '${INPUT}'` },
  'a pipe': { command: `cat '${INPUT}' | NODE` },
  'a slow pipe': { command: `(head -c 5000 '${INPUT}'; sleep 0.2; tail -c +5001 '${INPUT}') | NODE` },
  nothing: { command: 'NODE < /dev/null' },
  'a pipe, writing to a file': { command: `cat '${INPUT}' | NODE > '${INPUT}.out'; cat '${INPUT}.out'` },
  'a closed descriptor': { command: 'NODE <&-' },
};

const same = async (name: keyof typeof PROGRAMS, run: Run) => {
  const { original, compiled } = files[name] as { original: string; compiled: string };
  const [expected, actual] = [await outcome(original, run), await outcome(compiled, run)];
  expect(actual.replaceAll(compiled, original)).toBe(expected);
  return expected;
};

describe.each(Object.entries(WAYS))('from %s', (_way, run) => {
  test.each(['lines', 'whole', 'chunks'] as const)('%s are read', async (name) => {
    await same(name, run);
  });
});

test('questions are asked before they are answered', async () => {
  const asked = await same('questions', {
    command: 'cat | NODE',
    input: [6, 'Ada\n', 'name? hello Ada\nage? '.length, '36\n'],
  });
  expect(asked).toBe('0\nname? hello Ada\nage? 36!\nbye\nend\n\n');
});

test.each([
  `NODE 2> '${INPUT}.errors' | cat; cat '${INPUT}.errors'`,
  `NODE > '${INPUT}.mixed' 2>&1; cat '${INPUT}.mixed'`,
])('what is written by all means keeps its order: %s', async (command) => {
  await same('mixed', { command });
});

test('a reader that goes away is noticed', async () => {
  expect(await same('deaf', { command: 'NODE | head -c 5000 > /dev/null' })).toMatch(/EPIPE/);
});

test.skipIf(process.platform !== 'linux')('pipes block as they did', async () => {
  await same('modes', { command: '(cat | NODE | cat) 2>&1 | cat' });
});
