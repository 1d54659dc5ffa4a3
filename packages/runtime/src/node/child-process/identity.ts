/** What children inherit from a process besides what `spawn` is told. */
import { readFileSync } from 'node:fs';
import { getPriority } from 'node:os';

const INHERITED = /^(?:Umask|Uid|Gid|Groups|Cap\w+|NoNewPrivs|Seccomp|Cpus_allowed|Mems_allowed):.*$/gm;

/**
 * User, groups, capabilities, umask, processors and priority of this process, as text to compare (Linux).
 *
 * @throws if the system does not tell
 */
export function identity(): string {
  const lines = readFileSync('/proc/self/status', 'utf8').match(INHERITED) ?? [];
  return [...lines, getPriority()].join('\n');
}
