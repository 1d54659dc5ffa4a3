/** A directory of files of every kind, the same for each call, and what a call has left of it. */
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Bytes beyond what a call reads in place. */
const LARGE = 200_000;
/** A name that is no UTF-8. */
export const NOT_UTF8: Buffer = Buffer.from([0x62, 0xff, 0x62]);
/** A time long ago, in seconds: times of the files are only compared where a call set them. */
export const LONG_AGO = 981_173_106.25;

const HOUR = 3_600_000;

export interface Sandbox {
  /** Where it is: always the same place, because errors tell paths. */
  readonly root: string;
  /** Makes it anew, if the last call has changed it. */
  readonly restore: () => void;
  /** What is there: a line for each file, with everything that can be seen of it. */
  readonly contents: () => readonly string[];
  readonly remove: () => void;
}

/** Makes the sandbox, in which the process then is. */
export async function makeSandbox(): Promise<Sandbox> {
  const outer = fs.mkdtempSync(join(tmpdir(), 'unblock-parity-'));
  fs.chmodSync(outer, 0o755);
  const root = join(outer, 'sandbox');
  execFileSync('mkfifo', [join(outer, 'fifo')]);
  const server = net.createServer().listen(join(outer, 'socket'));
  await once(server, 'listening');
  fs.mkdirSync(root);
  process.chdir(root);
  const entries = entriesOf(outer);
  for (const { make } of entries) make();
  const pristine = contents(root);
  let last: readonly string[] = pristine;
  return {
    root,
    restore() {
      if (last.join('\n') === pristine.join('\n')) return;
      const changed = new Set([...differing(last, pristine), ...differing(pristine, last)].map(outermost));
      process.chdir(root);
      if (changed.delete('.')) restoreRoot(root);
      const broken = entries.filter(({ names }) => names.some((name) => changed.has(name)));
      for (const name of new Set([...changed, ...broken.flatMap(({ names }) => names)]))
        removeTree(pathIn(root, Buffer.from(name, 'latin1')));
      for (const { make } of broken) make();
      last = pristine;
    },
    contents() {
      last = contents(root);
      return last;
    },
    remove() {
      process.chdir('/');
      server.close();
      removeTree(Buffer.from(root));
      fs.rmSync(outer, { recursive: true });
    },
  };
}

function differing(lines: readonly string[], others: readonly string[]): string[] {
  const known = new Set(others);
  return lines.filter((line) => !known.has(line));
}

/** The name in the sandbox of what a line is about, in Latin-1. */
function outermost(line: string): string {
  const [path = ''] = line.split('\t');
  return path.split('/')[1] ?? '.';
}

function restoreRoot(root: string): void {
  const now = Date.now() / 1000;
  fs.chmodSync(root, 0o755);
  fs.chownSync(root, process.getuid?.() ?? 0, process.getgid?.() ?? 0);
  fs.utimesSync(root, now, now);
}

function pathIn(directory: string | Buffer, name: Buffer): Buffer {
  return Buffer.concat([Buffer.from(directory), Buffer.from('/'), name]);
}

/** Also of names that are no UTF-8, which rmSync cannot remove. */
function removeTree(path: Buffer): void {
  const found = fs.lstatSync(path, { throwIfNoEntry: false });
  if (found === undefined) return;
  if (!found.isDirectory()) {
    fs.unlinkSync(path);
    return;
  }
  fs.chmodSync(path, 0o755);
  for (const name of fs.readdirSync(path, { encoding: 'buffer' })) removeTree(pathIn(path, name));
  fs.rmdirSync(path);
}

/** What is in the sandbox, in the pieces in which it is made. */
interface Entry {
  /** In Latin-1, as everywhere where names may be no UTF-8. */
  readonly names: readonly string[];
  /** Makes it in the current directory. */
  readonly make: () => void;
}

const latin1 = (name: string): string => Buffer.from(name).toString('latin1');

function file(name: string, text: string | Buffer, mode = 0o644): Entry {
  return { names: [latin1(name)], make: () => fs.writeFileSync(name, text, { mode }) };
}

function symlink(name: string, target: string): Entry {
  return { names: [latin1(name)], make: () => fs.symlinkSync(target, name) };
}

function entry(names: readonly string[], make: () => void): Entry {
  return { names: names.map(latin1), make };
}

function entriesOf(outer: string): readonly Entry[] {
  return [
    file('file.txt', 'text é\nsecond line\n'),
    file('empty', ''),
    file('large', Buffer.alloc(LARGE, 'large ')),
    file('bytes', Buffer.from(Array.from({ length: 256 }, (_, i) => i))),
    file('bom', '\ufefftext'),
    file('secret', 'secret', 0),
    file('read only', 'read only', 0o444),
    file('program', '#!/bin/sh\n', 0o755),
    file("quote ' and \\ [x] %41", 'odd'),
    { names: [NOT_UTF8.toString('latin1')], make: () => fs.writeFileSync(NOT_UTF8, 'no UTF-8') },
    entry(['hard', 'hard too'], () => {
      fs.writeFileSync('hard', 'two names');
      fs.linkSync('hard', 'hard too');
    }),
    entry(['unicode ☃'], () => {
      fs.mkdirSync('unicode ☃');
      fs.writeFileSync('unicode ☃/ñame 🐎', 'snow');
    }),
    entry(['folder'], () => {
      fs.mkdirSync('folder/sub/deep', { recursive: true });
      fs.writeFileSync('folder/inner.txt', 'inner');
      fs.writeFileSync('folder/.hidden', 'hidden');
      fs.writeFileSync('folder/sub/deep/last.txt', 'last');
      fs.symlinkSync('../file.txt', 'folder/up');
    }),
    entry(['empty folder'], () => fs.mkdirSync('empty folder')),
    entry(['locked'], () => {
      fs.mkdirSync('locked');
      fs.writeFileSync('locked/file', 'locked');
      fs.chmodSync('locked', 0);
    }),
    symlink('link', 'file.txt'),
    symlink('folder link', 'folder'),
    symlink('dangling', 'nowhere'),
    symlink('loop', 'loop'),
    ...['fifo', 'socket'].map((name) => entry([name], () => restoreLink(join(outer, name), name))),
  ];
}

/** Another name of a file that is kept outside of the sandbox. */
function restoreLink(kept: string, name: string): void {
  const now = Date.now() / 1000;
  fs.chmodSync(kept, 0o644);
  fs.chownSync(kept, process.getuid?.() ?? 0, process.getgid?.() ?? 0);
  fs.utimesSync(kept, now, now);
  fs.linkSync(kept, name);
}

function contents(root: string): string[] {
  const lines: string[] = [];
  const walk = (path: Buffer, name: string): void => {
    const stats = fs.lstatSync(path);
    const { mode, nlink, uid, gid } = stats;
    const line = [name, mode.toString(8), nlink, `${uid}:${gid}`, timeOf(stats.atimeMs), timeOf(stats.mtimeMs)];
    if (stats.isSymbolicLink()) line.push(fs.readlinkSync(path, 'latin1'));
    if (stats.isFile()) line.push(stats.size, textOf(readable(path, stats, () => fs.readFileSync(path))));
    lines.push(line.join('\t'));
    if (!stats.isDirectory()) return;
    readable(path, stats, () => {
      for (const inner of fs.readdirSync(path, { encoding: 'buffer' }).sort(Buffer.compare)) {
        walk(pathIn(path, inner), `${name}/${inner.toString('latin1')}`);
      }
    });
  };
  walk(Buffer.from(root), '.');
  return lines;
}

/** Looks at what may not be looked at otherwise. */
function readable<T>(path: Buffer, stats: fs.Stats, look: () => T): T {
  const needed = stats.isDirectory() ? 0o500 : 0o400;
  if ((stats.mode & needed) === needed) return look();
  fs.chmodSync(path, 0o700);
  try {
    return look();
  } finally {
    fs.chmodSync(path, stats.mode);
  }
}

function timeOf(milliseconds: number): string {
  return Math.abs(Date.now() - milliseconds) < HOUR ? 'now' : String(milliseconds);
}

function textOf(bytes: Buffer): string {
  return bytes.length <= 300 ? bytes.toString('latin1') : `${bytes.toString('latin1', 0, 20)}... ${sumOf(bytes)}`;
}

function sumOf(bytes: Buffer): number {
  let sum = 0;
  for (let i = 0; i < bytes.length; i += 7) sum = (sum * 31 + (bytes[i] ?? 0)) | 0;
  return sum;
}
