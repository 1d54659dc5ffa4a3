/** Programs that run under the monitor, each in a process of its own, with the built package. */
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll } from 'vitest';
import type { Report } from '../../src/monitor/report.js';

const directory = mkdtempSync(join(tmpdir(), 'unblock-monitor-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const BUILT = fileURLToPath(new URL('../../dist/', import.meta.url));

/** How Node is told to load the monitor, for each of its builds. */
export const PRELOADS = {
  import: ['--import', join(BUILT, 'monitor.mjs')],
  require: ['--require', join(BUILT, 'monitor.cjs')],
} as const;

export interface Run {
  readonly preload?: keyof typeof PRELOADS;
  readonly nodeOptions?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Called with the process when it has first written to standard output. */
  readonly onReady?: (child: { kill(signal: NodeJS.Signals): boolean }) => void;
}

export interface Ended {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

let count = 0;

/**
 * Runs a program under the monitor.
 *
 * @param files texts by name; the first is the program
 */
export async function runMonitored(files: Readonly<Record<string, string>>, options: Run = {}): Promise<Ended> {
  const { preload = 'import', nodeOptions = [], env = {}, onReady } = options;
  const cwd = placeFiles(files);
  const [main = ''] = Object.keys(files);
  const child = spawn(process.execPath, [...PRELOADS[preload], ...nodeOptions, main], {
    cwd,
    env: { ...process.env, NODE_OPTIONS: '', ...env },
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text) => {
    if (stdout === '') onReady?.(child);
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text) => {
    stderr += text;
  });
  const [code, signal] = await new Promise<[number | null, NodeJS.Signals | null]>((resolve) =>
    child.on('close', (...ending) => resolve(ending)),
  );
  return { stdout, stderr, code, signal };
}

/** The same, for what it writes as JSON. */
export async function reportOf(files: Readonly<Record<string, string>>, options: Run = {}): Promise<Report> {
  const file = join(directory, `report-${count++}.json`);
  const { code, stderr } = await runMonitored(files, {
    ...options,
    env: { ...options.env, UNBLOCK_MONITOR: `json:${file}` },
  });
  if (code !== 0) throw new Error(`The program ended with ${code}:\n${stderr}`);
  return JSON.parse(readFileSync(file, 'utf8')) as Report;
}

function placeFiles(files: Readonly<Record<string, string>>): string {
  const cwd = join(directory, String(count++));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(cwd, name)), { recursive: true });
    writeFileSync(join(cwd, name), text);
  }
  return cwd;
}

/** `file:line function` of where a call came from, with files by their last name. */
export function lineOf(
  place: { readonly file: string; readonly line: number; readonly function?: string } | undefined,
): string {
  return place === undefined
    ? 'Node.js'
    : `${place.file.replace(/.*[\\/]/, '')}:${place.line} ${place.function ?? ''}`.trim();
}
