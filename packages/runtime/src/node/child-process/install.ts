/** Twins of spawnSync, execFileSync and execSync, built over `spawn`. */
import childProcess, { type SpawnSyncReturns } from 'node:child_process';
import { type Interruption, interruptible } from '../../green/interruption.js';
import { asTwinsCall } from '../../monitor/twinForm.js';
import { type Callable, linkTwin, suspend } from '../../twin/protocol.js';
import { restack } from '../offload.js';
import {
  type Call,
  type CheckedCall,
  callOfExecFileSync,
  callOfExecSync,
  callOfSpawnSync,
  isRunnable,
} from './call.js';
import { type RunResult, run } from './run.js';

const { spawnSync, execFileSync, execSync } = childProcess;

export function installChildProcess(): void {
  linkTwin(spawnSync, (...given: unknown[]): unknown => {
    const call = callOfSpawnSync(given);
    if (call === undefined || !isRunnable(call)) return Reflect.apply(asTwinsCall(spawnSync), undefined, given);
    return interruptible((interruption) => suspend(runUnchecked(call, interruption)));
  });
  linkChecked(execFileSync, callOfExecFileSync);
  linkChecked(execSync as Callable, callOfExecSync);
}

function linkChecked(original: Callable, callOf: (given: readonly unknown[]) => CheckedCall | undefined): void {
  linkTwin(original, (...given: unknown[]): unknown => {
    const call = callOf(given);
    if (call === undefined || !isRunnable(call)) return Reflect.apply(asTwinsCall(original), undefined, given);
    const command = call.command();
    return interruptible((interruption) => suspend(runChecked(call, command, interruption)));
  });
}

/** spawnSync: what it throws for a run that took place is about the encoding. */
async function runUnchecked(call: Call, interruption: Interruption | undefined): Promise<RunResult> {
  try {
    return await run(call, interruption);
  } catch (error) {
    throw restack(error, runUnchecked);
  }
}

/** execFileSync and execSync: the output, or an error made of the result. */
async function runChecked(
  call: CheckedCall,
  command: string,
  interruption: Interruption | undefined,
): Promise<unknown> {
  const result = await runUnchecked(call, interruption);
  if (call.tellsErrors && result.stderr?.length) process.stderr.write(result.stderr);
  const error = failureOf(result, command);
  if (error === undefined) return result.stdout;
  Error.captureStackTrace?.(error, runChecked);
  throw error;
}

function failureOf(result: RunResult, command: string): Error | undefined {
  const { error } = result as SpawnSyncReturns<string | Buffer>;
  if (error !== undefined) return Object.assign(error, result);
  if (result.status === 0) return undefined;
  const stderr = result.stderr?.length ? `\n${result.stderr.toString()}` : '';
  return Object.assign(new Error(`Command failed: ${command}${stderr}`), result);
}
