/** Small projects for tests of the command line, in a directory of their own outside any project. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import { main } from '../../src/hosts/commandLine.js';

const packages = resolve(dirname(fileURLToPath(import.meta.url)), '../../..');
const cli = join(packages, 'transformer/dist/cli.mjs');
const require = createRequire(import.meta.url);

export interface Run {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export class Workspace {
  readonly #root = realpathSync(mkdtempSync(join(tmpdir(), 'unblock-cli-')));
  #count = 0;

  /** A directory with these files, and what `links` names in `node_modules`; TypeScript by either name as `typescript`. */
  project(
    files: Readonly<Record<string, string>>,
    links: readonly ('runtime' | 'typescript' | 'typescript-7')[] = ['runtime'],
  ): string {
    const root = join(this.#root, String(this.#count++));
    mkdirSync(join(root, 'node_modules/@unblock'), { recursive: true });
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(root, name)), { recursive: true });
      writeFileSync(join(root, name), text);
    }
    if (links.includes('runtime')) symlinkSync(join(packages, 'runtime'), join(root, 'node_modules/@unblock/runtime'));
    for (const name of links.filter((link) => link !== 'runtime')) {
      symlinkSync(dirname(require.resolve(`${name}/package.json`)), join(root, 'node_modules/typescript'));
    }
    return root;
  }

  remove(): void {
    rmSync(this.#root, { recursive: true, force: true });
  }
}

/** Runs the command in this process, in `cwd`. */
export async function unblock(cwd: string, ...args: string[]): Promise<Run> {
  const written = { out: '', err: '' };
  const status = main(args, {
    cwd,
    version: '0.0.0',
    debug: false,
    out: (text) => {
      written.out += stripVTControlCharacters(text);
    },
    err: (text) => {
      written.err += text;
    },
  });
  return { status, stdout: written.out, stderr: written.err };
}

/** Runs the built command as a process. */
export function spawnUnblock(cwd: string, env: NodeJS.ProcessEnv, ...args: string[]): Run {
  if (!existsSync(cli)) throw new Error(`${cli} is missing: run "pnpm build" first.`);
  // Package managers let scripts find hoisted packages by NODE_PATH, the runtime among them.
  const clean = { ...process.env, NO_COLOR: '1', FORCE_COLOR: undefined, DEBUG: undefined, NODE_PATH: undefined };
  const options = { cwd, env: { ...clean, ...env }, encoding: 'utf8' } as const;
  const { status, stdout, stderr } = spawnSync(process.execPath, [cli, ...args], options);
  return { status, stdout, stderr };
}

/** Runs a script in a fresh process; options of Node stand before its name. */
export function runNode(cwd: string, ...args: readonly string[]): Run {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd, encoding: 'utf8', timeout: 20_000 });
  return { status, stdout, stderr };
}
