/** Calls that open a file and close it, of which few hold one at a time. */
import { describe, expect, it } from 'vitest';
import type { Interruption } from '../../src/green/interruption.js';
import { holdingFile } from '../../src/node/fs/openFiles.js';
import type { Done } from '../../src/node/offload.js';

/** Four times the threads of the pool. */
const MOST = 4 * (Number(process.env.UV_THREADPOOL_SIZE) || 4);

const exhausted = Object.assign(new Error('no descriptor left'), { code: 'EMFILE' });
const uninterrupted = (): Interruption => ({ isInterrupted: false, release: undefined });

/** Makes so many calls, which end when they are told to. */
function make(count: number) {
  const begun: number[] = [];
  const ended: (readonly unknown[])[] = [];
  const ends: Done[] = [];
  const interruptions = Array.from({ length: count }, uninterrupted);
  for (const [i, interruption] of interruptions.entries()) {
    holdingFile(
      (end) => {
        begun.push(i);
        ends[i] = end;
      },
      (error, result) => ended.push([i, error, result]),
      interruption,
    );
  }
  const end = (i: number, error?: unknown) => (ends[i] as Done)(error, `result ${i}`);
  const interrupt = (i: number) => {
    const interruption = interruptions[i] as Interruption;
    interruption.isInterrupted = true;
    interruption.release?.();
  };
  return { begun, ended, end, interrupt };
}

const upTo = (count: number) => Array.from({ length: count }, (_, i) => i);

describe('calls that hold files', () => {
  it('wait for others beyond some number, first come, first served', () => {
    const { begun, ended, end } = make(MOST + 2);
    expect(begun).toEqual(upTo(MOST));
    end(3);
    expect(begun).toEqual(upTo(MOST + 1));
    end(0, exhausted.message);
    expect(begun).toEqual(upTo(MOST + 2));
    for (const i of begun) if (i !== 3 && i !== 0) end(i);
    expect(ended.slice(0, 2)).toEqual([
      [3, undefined, 'result 3'],
      [0, exhausted.message, 'result 0'],
    ]);
    expect(ended).toHaveLength(MOST + 2);
  });

  it('are made again when another has closed its file, where there is no descriptor left', () => {
    const { begun, ended, end } = make(3);
    end(1, exhausted);
    end(2, exhausted);
    expect(begun).toEqual([0, 1, 2]);
    expect(ended).toEqual([]);
    end(0);
    expect(begun).toEqual([0, 1, 2, 2, 1]);
    end(1);
    // Nobody else has one: to wait would take for ever.
    end(2, exhausted);
    expect(ended).toEqual([
      [0, undefined, 'result 0'],
      [1, undefined, 'result 1'],
      [2, exhausted, 'result 2'],
    ]);
  });

  it('are not made if they are interrupted before', () => {
    const { begun, ended, end, interrupt } = make(MOST + 2);
    interrupt(MOST);
    expect(ended).toEqual([[MOST, undefined, undefined]]);
    interrupt(0);
    expect(ended).toHaveLength(1);
    end(1);
    expect(begun).toEqual([...upTo(MOST), MOST + 1]);
    for (const i of begun) if (i !== 1) end(i);
    expect(ended).toHaveLength(MOST + 2);
  });

  it('are not made again if they are interrupted meanwhile', () => {
    const { begun, ended, end, interrupt } = make(2);
    interrupt(1);
    end(1, exhausted);
    end(0);
    expect(begun).toEqual([0, 1]);
    expect(ended).toEqual([
      [1, undefined, undefined],
      [0, undefined, 'result 0'],
    ]);
  });
});
