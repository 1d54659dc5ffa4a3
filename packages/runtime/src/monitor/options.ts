/** The options of the monitor, which it reads from the environment. */

export interface MonitorOptions {
  /** What is written when the process ends. `none`: nothing, for programs that read the channels. */
  readonly output: 'table' | 'json' | 'none';
  /** Where it is written; undefined for standard error. */
  readonly file: string | undefined;
  /** Milliseconds from which on a call is told by itself. */
  readonly callMs: number;
  /** Milliseconds from which on the event loop counts as held. */
  readonly loopMs: number;
  /** Whether the running code is sampled, so that stretches of JavaScript are told with what ran. */
  readonly sample: boolean;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** @throws {Error} that names the variable and what it may be */
export function readOptions(env: Environment, pid: number): MonitorOptions {
  const { UNBLOCK_MONITOR: wanted = 'table', UNBLOCK_MONITOR_SAMPLE: sample = '0' } = env;
  const [, output, file] = /^(table|json|none)(?::(.+))?$/s.exec(wanted) ?? [];
  if (output === undefined || (output === 'none' && file !== undefined)) {
    throw new Error(
      `UNBLOCK_MONITOR is ${JSON.stringify(wanted)}. Set it to table, json or none, or to table:FILE or json:FILE.`,
    );
  }
  if (sample !== '0' && sample !== '1') {
    throw new Error(`UNBLOCK_MONITOR_SAMPLE is ${JSON.stringify(sample)}. Set it to 1 or 0.`);
  }
  return {
    output: output as MonitorOptions['output'],
    file: file?.replaceAll('{pid}', String(pid)),
    callMs: milliseconds(env, 'UNBLOCK_MONITOR_CALL_MS', 1, 0),
    loopMs: milliseconds(env, 'UNBLOCK_MONITOR_LOOP_MS', 50, 5),
    sample: sample === '1',
  };
}

function milliseconds(env: Environment, name: string, otherwise: number, least: number): number {
  const text = env[name];
  if (text === undefined) return otherwise;
  const value = Number(text);
  if (text.trim() !== '' && Number.isFinite(value) && value >= least) return value;
  throw new Error(`${name} is ${JSON.stringify(text)}. Set it to a number of milliseconds, ${least} or more.`);
}
