/** Starting and stopping the sample application in its different forms. */
import { execFileSync, spawn } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export const appDirectory = fileURLToPath(new URL('../fixtures/docs-server/', import.meta.url));

const GIT = {
  GIT_AUTHOR_NAME: 'Ada',
  GIT_AUTHOR_EMAIL: 'ada@example.org',
  GIT_COMMITTER_NAME: 'Ada',
  GIT_COMMITTER_EMAIL: 'ada@example.org',
  GIT_AUTHOR_DATE: '2026-01-01T00:00:00Z',
  GIT_COMMITTER_DATE: '2026-01-01T00:00:00Z',
};

/** The forms of the application, and where their JavaScript is, relative to the application. */
const FORMS = {
  blocking: 'dist',
  compiled: 'dist-unblock',
  babel: 'dist-babel',
  'hand-written': '../docs-server-async/dist',
};

/**
 * Starts one form of the application on a copy of its content, which is a git repository of its own.
 *
 * @param {keyof FORMS} form
 * @param {{ git?: boolean, config?: object, database?: string, env?: Record<string, string> }} [options] without git, commands on the content
 *   fail; the application's configuration file; URL of its database, without which it has no notes, whatever the environment says; additions
 *   to its environment
 * @returns {Promise<{ url: string, dataDir: string, pid: number, stop: () => Promise<void> }>}
 */
export async function start(form, { git: withGit = true, config, database, env } = {}) {
  const dataDir = mkdtempSync(join(tmpdir(), 'docs-server-'));
  const contentDir = join(dataDir, 'content');
  cpSync(join(appDirectory, 'content'), contentDir, { recursive: true });
  const git = (...args) =>
    execFileSync('git', args, { cwd: contentDir, stdio: 'ignore', env: { ...process.env, ...GIT } });
  if (withGit) {
    git('init');
    git('add', '.');
    git('commit', '-m', 'Write the documentation');
  }
  if (config !== undefined) writeFileSync(join(dataDir, 'config.json'), JSON.stringify(config));
  const script = join(appDirectory, FORMS[form], 'server.js');
  if (!existsSync(script)) throw new Error(`${script} is missing: build the application first`);
  const server = await launch(form, process.execPath, [script], {
    ...env,
    PORT: '0',
    DATA_DIR: dataDir,
    CONTENT_DIR: contentDir,
    TEMPLATE_DIR: join(appDirectory, 'templates'),
    DATABASE_URL: database,
    // Outside any repository, whatever the temporary directory lies in.
    GIT_CEILING_DIRECTORIES: dataDir,
  });
  return {
    ...server,
    dataDir,
    async stop() {
      await server.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/**
 * Starts a server that prints `listening on PORT`.
 *
 * @param {string} name for errors
 * @param {string} command
 * @param {readonly string[]} args
 * @param {Record<string, string>} env additions to its environment
 * @returns {Promise<{ url: string, pid: number, stop: () => Promise<void> }>}
 */
export async function launch(name, command, args, env) {
  const child = spawn(command, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = new Promise((resolve) => child.once('exit', resolve));
  const port = await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`${name} exited with ${code}`)));
    createInterface({ input: child.stdout }).on('line', (line) => {
      const match = /listening on (\d+)/.exec(line);
      if (match) resolve(match[1]);
    });
  });
  return {
    url: `http://127.0.0.1:${port}`,
    pid: child.pid,
    async stop() {
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), 3000);
      await exited;
      clearTimeout(timer);
    },
  };
}
