/** What children inherit from a process besides what `spawn` is told. */
import fs from 'node:fs';
import { getPriority } from 'node:os';
import { asTwinsCall } from '../../monitor/twinForm.js';

const readFileSync = asTwinsCall(fs.readFileSync);

const STATUS = /^(?:Umask|Uid|Gid|Groups|Cap\w+|NoNewPrivs|Seccomp|Cpus_allowed|Mems_allowed):.*$/gm;

/** Limits, control groups, and what the system ends first where memory is short. Others may set them while a process runs. */
const WHOLE = ['limits', 'cgroup', 'oom_score_adj'] as const;

/**
 * User, groups, capabilities, umask, processors, priority, limits and control groups of this process, as text to compare (Linux).
 *
 * @throws if the system does not tell
 */
export function identity(): string {
  const read = (name: string) => readFileSync(`/proc/self/${name}`, 'utf8');
  return [...(read('status').match(STATUS) ?? []), getPriority(), ...WHOLE.map(read)].join('\n');
}
