/** Runs one of Node's tests as Node's own runner does: with the flags and variables that stand in it. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname } from 'node:path';

/** How much of what a test has printed is kept. */
const KEPT = 4000;

/** The groups of processes that are running. */
const running = new Set();
process.once('exit', () => {
  for (const group of running) end(group);
});

/**
 * @param node the executable
 * @param program of {@link writeProgram}
 * @param text of the original test
 * @param patience in milliseconds
 * @returns whether it passed, whether it said that it does not run here, what it came to, and how long it took
 */
export async function runProgram(node, { file, ending }, text, patience) {
  const began = Date.now();
  // In a group of its own, so that nothing is left of it.
  const child = spawn(node, [...listed(text, 'Flags'), file], {
    cwd: dirname(dirname(file)),
    env: {
      ...process.env,
      // The test would look for flags in the beginning of its file, which is another one.
      NODE_SKIP_FLAG_CHECK: '1',
      ...Object.fromEntries(listed(text, 'Env').map((entry) => entry.split('='))),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  running.add(child.pid);
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (data) => {
      printed = (printed + data).slice(-KEPT);
    });
  }
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = true;
    end(child.pid);
  }, patience);
  const [code, signal] = await new Promise((settle) => child.once('exit', (...outcome) => settle(outcome)));
  clearTimeout(timer);
  end(child.pid);
  const isEnded = existsSync(ending(child.pid));
  const outcome = isLate ? 'does not end' : `${signal ?? `exit code ${code}`}${isEnded ? '' : ', not run to its end'}`;
  return {
    passed: !isLate && code === 0,
    skipped: /^1\.\.0 # Skipped/m.test(printed),
    isEnded,
    outcome,
    printed,
    took: Date.now() - began,
  };
}

function end(group) {
  running.delete(group);
  try {
    process.kill(-group, 'SIGKILL');
  } catch {
    // Nothing was left.
  }
}

/** What stands behind `// Flags:` or `// Env:`. */
function listed(text, title) {
  const [, list = ''] = new RegExp(`^// ${title}:[ \\t]+(.*)$`, 'm').exec(text) ?? [];
  return list.split(/\s+/).filter(Boolean);
}
