/** Programs that are run in processes of their own, as they are and compiled. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll } from 'vitest';
import { compile } from '../../src/engine.js';

const runtimeFile = (name: string): string => fileURLToPath(new URL(`../../../runtime/dist/${name}`, import.meta.url));

/** No call completes in place: all of them suspend. */
const SUSPENDING = `require(${JSON.stringify(runtimeFile('index.cjs'))}).completeInPlace(false);`;

const directory = mkdtempSync(join(tmpdir(), 'unblock-processes-'));
afterAll(() => rmSync(directory, { recursive: true }));

export const FORMS = ['original', 'compiled'] as const;
export type Form = (typeof FORMS)[number];

/** What a process has come to. */
export interface Ending {
  readonly code: unknown;
  /** The messages that it has sent. */
  readonly messages: readonly unknown[];
}

/**
 * Runs a CommonJS module, in which `fs` is at hand.
 *
 * @param begin is called with the process once it has started
 */
export async function runInProcess(
  name: string,
  text: string,
  form: Form,
  args: readonly string[] = [],
  begin: (child: ChildProcess) => void = () => {},
): Promise<Ending> {
  const file = join(directory, `${name.replaceAll(/\W/g, '-')}-${form}.cjs`);
  const source = `const fs = require('fs');\n${text}\n`;
  writeFileSync(file, form === 'original' ? source : compiled(file, source));
  const child = fork(file, args, {
    execArgv: form === 'original' ? [] : ['--require', suspending()],
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  const messages: unknown[] = [];
  child.on('message', (message) => messages.push(message));
  begin(child);
  const [code] = await once(child, 'close');
  return { code, messages };
}

function suspending(): string {
  const file = join(directory, 'suspending.cjs');
  writeFileSync(file, SUSPENDING);
  return file;
}

function compiled(fileName: string, text: string): string {
  const code = compile({
    modules: [{ fileName, text, kind: 'commonjs' }],
    resolve: () => undefined,
    closed: true,
    options: { patch: {}, runtime: runtimeFile('compiled.cjs') },
  }).rewrite(fileName)?.code;
  if (code === undefined) throw new Error('the program was not compiled');
  return code;
}
