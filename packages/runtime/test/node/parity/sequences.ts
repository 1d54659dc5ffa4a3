/** Calls that are made one after the other by the blocking functions, and all at once by twins: on one file they keep their order. */
import type { Row } from './rows.js';

/** Stands for the descriptor of a {@link Sequence}. */
export const FD = Symbol('the descriptor');

export interface Sequence {
  readonly name: string;
  /** Path and flags of the descriptor. */
  readonly opens?: readonly [path: string, flags: string];
  readonly calls: readonly Row[];
}

const times = (count: number, call: (i: number) => Row): Row[] => Array.from({ length: count }, (_, i) => call(i));

export const SEQUENCES: readonly Sequence[] = [
  { name: 'appends', calls: times(20, (i) => ['appendFileSync', 'file.txt', `line ${i}\n`]) },
  { name: 'writes', calls: times(20, (i) => ['writeFileSync', 'file.txt', `text ${i}`.repeat(i * 1000)]) },
  {
    name: 'a write between reads',
    calls: [
      ['readFileSync', 'file.txt', 'latin1'],
      ['writeFileSync', 'file.txt', 'new'.repeat(100_000)],
      ['readFileSync', 'file.txt', 'latin1'],
    ],
  },
  { name: 'reads of a large file', calls: times(30, () => ['readFileSync', 'large']) },
  {
    name: 'a move between reads',
    calls: [
      ['readFileSync', 'file.txt', 'utf8'],
      ['renameSync', 'file.txt', 'moved'],
      ['readFileSync', 'file.txt', 'utf8'],
      ['readFileSync', 'moved', 'utf8'],
    ],
  },
  {
    name: 'a copy between writes',
    calls: [
      ['writeFileSync', 'file.txt', 'one'],
      ['copyFileSync', 'file.txt', 'copied'],
      ['writeFileSync', 'file.txt', 'two'],
      ['readFileSync', 'copied', 'utf8'],
    ],
  },
  {
    name: 'a tree copied between writes',
    calls: [
      ['writeFileSync', 'empty', 'one'],
      ['cpSync', 'empty', 'copied'],
      ['appendFileSync', 'empty', 'two'],
      ['readFileSync', 'copied', 'utf8'],
    ],
  },
  {
    name: 'a removal between questions',
    calls: [
      ['existsSync', 'file.txt'],
      ['unlinkSync', 'file.txt'],
      ['existsSync', 'file.txt'],
      ['statSync', 'file.txt'],
    ],
  },
  {
    name: 'a forced removal, and a file of the same name',
    calls: [
      ['rmSync', 'file.txt', { force: true }],
      ['writeFileSync', 'file.txt', 'again'],
      ['readFileSync', 'file.txt', 'utf8'],
      ['rmSync', 'file.txt'],
      ['rmSync', 'file.txt'],
    ],
  },
  {
    name: 'changes of mode, size and time',
    calls: [
      ['chmodSync', 'file.txt', 0o600],
      ['truncateSync', 'file.txt', 5],
      ['statSync', 'file.txt'],
      ['truncateSync', 'file.txt', 3],
      ['utimesSync', 'file.txt', 1, 1],
      ['lstatSync', 'file.txt'],
    ],
  },
  {
    name: 'links',
    calls: [
      ['linkSync', 'file.txt', 'made'],
      ['linkSync', 'file.txt', 'made'],
      ['unlinkSync', 'made'],
      ['symlinkSync', 'empty', 'made'],
      ['lstatSync', 'made'],
    ],
  },
  {
    name: 'reads through one descriptor',
    opens: ['file.txt', 'r'],
    calls: times(6, () => ['readSync', FD, Buffer.alloc(4)]),
  },
  {
    name: 'writes through one descriptor',
    opens: ['file.txt', 'r+'],
    calls: times(12, (i) => ['writeSync', FD, `${i},`]),
  },
  {
    name: 'all that is done through one descriptor',
    opens: ['file.txt', 'r+'],
    calls: [
      ['readSync', FD, Buffer.alloc(4)],
      ['writeSync', FD, 'written'],
      ['ftruncateSync', FD, 8],
      ['fstatSync', FD],
      ['readFileSync', FD, 'utf8'],
      ['writevSync', FD, [Buffer.from('a'), Buffer.from('b')]],
      ['readSync', FD, Buffer.alloc(20), 0, 20, 0],
      ['fchmodSync', FD, 0o600],
      ['closeSync', FD],
    ],
  },
  {
    name: 'a descriptor that is closed underneath',
    opens: ['file.txt', 'r'],
    calls: [
      ['readSync', FD, Buffer.alloc(4)],
      ['closeSync', FD],
      ['readSync', FD, Buffer.alloc(4)],
      ['fstatSync', FD],
      ['closeSync', FD],
    ],
  },
  {
    name: 'no space, again and again',
    opens: ['/dev/full', 'w'],
    calls: times(10, (i) => ['writeSync', FD, `${i}`]),
  },
];
