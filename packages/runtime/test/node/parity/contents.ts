/** Reading and writing of files and descriptors: flags, encodings, positions, special files. */
import { constants } from 'node:fs';
import { bufferAt, bytes, type Exceptions, fd, inAllWays, made, type Row, urlAt } from './rows.js';

const ENCODINGS: readonly unknown[] = [
  ...['utf8', 'UTF-8', 'utf16le', 'latin1', 'ascii', 'hex', 'base64', 'base64url', 'buffer', 'no-such', ''],
  ...[null, undefined, 5, true, { encoding: 'hex' }, { encoding: null }, { encoding: 'no-such' }, { encoding: 5 }],
];

const FLAGS: readonly unknown[] = [
  ...['r', 'rs', 'sr', 'r+', 'rs+', 'w', 'wx', 'xw', 'w+', 'wx+', 'a', 'ax', 'as', 'a+', 'ax+', 'as+'],
  ...['x', 'rw', '', ' r', 'R', 0, constants.O_RDWR, constants.O_CREAT | constants.O_EXCL, -1, 1.5, Number.NaN],
  ...[null, undefined, {}, true, 2 ** 31, constants.O_DIRECTORY, constants.O_WRONLY | constants.O_TRUNC],
];

/** Files that are none. */
const SPECIAL = ['/dev/null', '/dev/full', '/proc/self/comm', '/proc/sys/kernel/ostype', '/proc/version', '/proc/self'];

/** Options of later Nodes that say what is read into. */
const INTO: readonly unknown[] = [
  ...[64, 20, 2, 0].map((length) => made(`{ buffer: bytes(${length}) }`, () => ({ buffer: Buffer.alloc(length) }))),
  made('{ buffer: Uint16Array }', () => ({ buffer: new Uint16Array(16), encoding: 'utf8' })),
  made('{ buffer: function }', () => ({ buffer: () => Buffer.alloc(40) })),
  ...[5, null].map((buffer) => ({ buffer })),
];

const READING: readonly Row[] = [
  ...['file.txt', 'bytes', 'bom'].flatMap((path) => ENCODINGS.map((encoding): Row => ['readFileSync', path, encoding])),
  ...FLAGS.map((flag): Row => ['readFileSync', 'file.txt', { flag, encoding: 'utf8' }]),
  ...FLAGS.map((flag): Row => ['readFileSync', 'nowhere', { flag }]),
  ...['empty', 'large', 'unicode ☃', 'hard too', "quote ' and \\ [x] %41"].map((path): Row => ['readFileSync', path]),
  // Reading /dev/full does not end.
  ...SPECIAL.filter((path) => path !== '/dev/full').map((path): Row => ['readFileSync', path, 'latin1']),
  ...SPECIAL.flatMap((path): Row[] => [
    ['statSync', path],
    ['lstatSync', path, { bigint: true }],
    ['accessSync', path, constants.X_OK],
    ['realpathSync', path],
    ['writeFileSync', path, ''],
  ]),
  ['readFileSync', '/proc/self/mem'],
  ['readFileSync', '/proc/self/task'],
  ['readFileSync', fd('file.txt'), 'utf8'],
  ['readFileSync', fd('file.txt', 'r', 5), 'utf8'],
  ['readFileSync', fd('file.txt', 'a'), 'utf8'],
  ['readFileSync', fd('folder'), 'utf8'],
  ['readFileSync', fd('large')],
  ['readFileSync', fd('/dev/null')],
  ['readFileSync', fd('empty'), 'utf8'],
  ...ENCODINGS.map((encoding): Row => ['readFileSync', fd('file.txt', 'r', 2), encoding]),
  ...INTO.flatMap((into): Row[] => [
    ['readFileSync', 'file.txt', into],
    ['readFileSync', fd('file.txt', 'r', 2), into],
  ]),
  ...inAllWays({ encoding: 'hex', flag: 'r+' }).flatMap((options): Row[] => [
    ['readFileSync', 'file.txt', options],
    ['readFileSync', fd('file.txt', 'r', 3), options],
  ]),
  ['readFileSync', fd('file.txt'), { flag: 'bad' }],
  ['readFileSync', 'file.txt', () => {}],
  ['readFileSync', 'file.txt', { signal: AbortSignal.abort() }],
  ['readFileSync', 'file.txt', { signal: 5 }],
  ['readFileSync', 'file.txt', Object.create({ encoding: 'utf8' })],
  ['readFileSync'],
  ...[-1, -5, 1.5, 2 ** 31, 2 ** 32, Number.NaN, Infinity, 98_765, 5n, '5'].map((file): Row => ['readFileSync', file]),
];

const DATA: readonly unknown[] = [
  ...['text ☃', '', Buffer.from('bytes'), new Uint16Array([1, 2]), new DataView(new ArrayBuffer(3)), Buffer.alloc(0)],
  ...[new ArrayBuffer(3), 5, null, undefined, true, {}, [1, 2], Symbol.for('x'), 5n, new String('boxed')],
  ...[{ toString: () => 'own' }, new Date(0), new Uint8Array(new SharedArrayBuffer(4))],
];

const WRITING: readonly Row[] = [
  ...['writeFileSync', 'appendFileSync'].flatMap((name): Row[] => [
    ...DATA.map((data): Row => [name, 'file.txt', data]),
    ...ENCODINGS.map((encoding): Row => [name, 'file.txt', 'f0é', encoding]),
    ...FLAGS.map((flag): Row => [name, 'file.txt', 'new', { flag }]),
    ...FLAGS.map((flag): Row => [name, 'created', 'new', { flag }]),
    ...[0o600, 0o777, 0, '600', '0o600', -1, 1.5, 2 ** 32, null, undefined, {}, 'x'].map(
      (mode): Row => [name, 'created', 'new', { mode }],
    ),
    ...inAllWays({ encoding: 'latin1', flag: 'ax', mode: 0o600 }).flatMap((options): Row[] => [
      [name, 'created', 'é', options],
      [name, 'file.txt', 'é', options],
    ]),
    ...[true, false, 1, null, undefined].map((flush): Row => [name, 'created', 'new', { flush }]),
    ...['r+', 'a', 'r'].map((flags): Row => [name, fd('file.txt', flags), 'NEW']),
    [name, fd('file.txt', 'r+', 5), 'NEW'],
    [name, fd('file.txt', 'r+'), Buffer.alloc(150_000, 'x')],
    [name, fd('/dev/full', 'w'), 'no space'],
    [name, fd('/dev/null', 'w'), 'nothing'],
    [name, fd('folder'), 'x'],
    [name, '/dev/full', 'no space'],
    [name, '/dev/full', Buffer.alloc(150_000)],
    [name, '/proc/version', 'x'],
    [name, '/proc/self/no-such', 'x'],
    [name, 'file.txt', Buffer.alloc(1_000_000, 'large ')],
    [name, 'file.txt', 'é'.repeat(100_000), 'latin1'],
    [name, 'file.txt', 'x', { signal: AbortSignal.abort() }],
    [name, 'file.txt', 'x', () => {}],
    [name, urlAt('created'), 'x'],
    [name, bufferAt('created'), 'x'],
    [name, 'read only', 'x', { mode: 0o600 }],
    [name, 'file.txt'],
    [name],
    ...[-1, 1.5, 2 ** 31, 98_765].map((file): Row => [name, file, 'x']),
  ]),
];

const OPENING: readonly Row[] = [
  ...FLAGS.flatMap((flags): Row[] => [
    ['openSync', 'file.txt', flags],
    ['openSync', 'created', flags],
    ['openSync', 'folder', flags],
  ]),
  ...[0o600, 0, 0o7777, '644', '0x1', 'x', -1, 1.5, 2 ** 32, null, undefined, {}].map(
    (mode): Row => ['openSync', 'created', 'w', mode],
  ),
  ...['/dev/null', '/dev/full', '/proc/self/comm', '/proc/version', 'link', 'loop', 'dangling'].flatMap(
    (path): Row[] => [
      ['openSync', path, 'r'],
      ['openSync', path, 'w'],
      ['openSync', path, 'wx'],
      ['openSync', path, constants.O_NOFOLLOW],
    ],
  ),
  ['openSync', 'fifo', constants.O_RDONLY | constants.O_NONBLOCK],
  ['openSync', 'fifo', constants.O_WRONLY | constants.O_NONBLOCK],
  ['openSync', 'fifo', 'r+'],
  ['openSync', 'file.txt', () => {}],
  ['openSync'],
];

/** Descriptors that are none. */
const BAD_FDS: readonly unknown[] = [
  -1,
  -5,
  1.5,
  2 ** 31,
  Number.NaN,
  Infinity,
  98_765,
  '3',
  null,
  undefined,
  {},
  3n,
  true,
];

const POSITIONS: readonly unknown[] = [
  0,
  5,
  1000,
  -1,
  5n,
  -1n,
  2n ** 63n,
  2 ** 53,
  1.5,
  Number.NaN,
  null,
  undefined,
  '1',
  {},
];

/** What is read into. */
const TARGETS: readonly unknown[] = [
  made('Uint8Array(4)', () => new Uint8Array(4)),
  made('Float64Array(1)', () => new Float64Array(1)),
  made('DataView(4)', () => new DataView(new ArrayBuffer(8), 2, 4)),
  made('ArrayBuffer(4)', () => new ArrayBuffer(4)),
  made('shared', () => new Uint8Array(new SharedArrayBuffer(4))),
  ...[Buffer.alloc(0), 'text', null, undefined, 5],
];

const TRANSFERRING: readonly Row[] = [
  ...POSITIONS.flatMap((position): Row[] => [
    ['readSync', fd('file.txt'), bytes(6), 0, 6, position],
    ['readSync', fd('file.txt'), bytes(6), { position }],
    ['writeSync', fd('file.txt', 'r+'), Buffer.from('new'), 0, 3, position],
    ['writeSync', fd('file.txt', 'r+'), 'new ☃', position],
    ['readvSync', fd('file.txt'), made('[4, 4]', () => [Buffer.alloc(4), new Uint8Array(4)]), position],
    ['writevSync', fd('file.txt', 'r+'), [Buffer.from('one'), Buffer.from('two')], position],
  ]),
  ...[
    ...[[0, 0], [0, 3], [2, 2], [2], [6, 0], [6, 1], [7, 0], [0, 7], [-1, 3], [0, -1], [1.5, 2], [0, 1.5]],
    ...[
      [null, null],
      [undefined, undefined],
      ['0', 3],
      [0, '3'],
      [Number.NaN, 2],
      [{}, 2],
      [2n, 2],
      [0, 2 ** 32],
    ],
  ].flatMap((range): Row[] => [
    ['readSync', fd('file.txt', 'r', 2), bytes(6), ...range],
    ['writeSync', fd('file.txt', 'r+', 2), Buffer.from('123456'), ...range],
  ]),
  ...BAD_FDS.flatMap((file): Row[] => [
    ['readSync', file, bytes(3)],
    ['writeSync', file, Buffer.from('x')],
    ['writeSync', file, 'x'],
    ['readvSync', file, made('[3]', () => [Buffer.alloc(3)])],
    ['writevSync', file, [Buffer.from('x')]],
    ['closeSync', file],
    ['fstatSync', file],
    ['ftruncateSync', file, 1],
    ['fsyncSync', file],
    ['fdatasyncSync', file],
    ['fchmodSync', file, 0o600],
    ['fchownSync', file, 0, 0],
    ['futimesSync', file, 1, 1],
  ]),
  // Buffers, and what is none.
  ...TARGETS.map((target): Row => ['readSync', fd('file.txt'), target, 0]),
  ['readSync', fd('file.txt')],
  ['readSync', fd('file.txt'), { buffer: 5 }],
  ['readSync', fd('file.txt'), bytes(3), {}],
  ['readSync', fd('file.txt'), bytes(3), null],
  ['readSync', fd('file.txt'), bytes(3), { offset: 1, length: 2, position: 3 }],
  ['readSync', fd('file.txt'), bytes(3), { offset: 4 }],
  ...[null, undefined, {}, { offset: 1 }, []].flatMap((options): Row[] => [
    ['readSync', fd('file.txt', 'r', 2), bytes(4), options, 2, 0],
    ['readSync', fd('file.txt', 'r', 2), bytes(4), options, 2, null],
    ['readSync', fd('file.txt', 'r', 2), bytes(4), options, undefined, undefined],
    ['writeSync', fd('file.txt', 'r+', 2), Buffer.from('12345'), options, 2, 0],
  ]),
  ...inAllWays({ offset: 1, length: 2, position: 3 }).flatMap((options): Row[] => [
    ['readSync', fd('file.txt'), bytes(4), options],
    ['writeSync', fd('file.txt', 'r+'), Buffer.from('12345'), options],
    ['writeSync', fd('file.txt', 'r+'), '12345', options],
  ]),
  ['readSync', fd('file.txt'), bytes(3), { length: 4 }],
  ['readSync', fd('file.txt', 'w'), bytes(3)],
  ['readSync', fd('folder'), bytes(3)],
  ['readSync', fd('empty'), bytes(3)],
  ['readSync', fd('large'), bytes(200_000)],
  ['readSync', fd('/dev/zero'), bytes(5)],
  ['readSync', fd('/dev/null'), bytes(5)],
  ['readSync', fd('/proc/sys/kernel/ostype'), bytes(5)],
  ['readSync', fd('file.txt', 'r', 20), bytes(50)],
  ...DATA.map((data): Row => ['writeSync', fd('file.txt', 'r+'), data]),
  ...['utf8', 'latin1', 'hex', 'base64', 'utf16le', 'no-such', null, undefined, 5].map(
    (encoding): Row => ['writeSync', fd('file.txt', 'r+', 3), 'f0é', null, encoding],
  ),
  ['writeSync', fd('file.txt'), 'x'],
  ['writeSync', fd('file.txt', 'a'), 'x', 0],
  ['writeSync', fd('/dev/full', 'w'), 'x'],
  ['writeSync', fd('/dev/full', 'w'), Buffer.from('x')],
  ['writeSync', fd('/dev/null', 'w'), Buffer.alloc(100_000)],
  ['writeSync', fd('file.txt', 'r+'), Buffer.from('12345'), { offset: 1, length: 2, position: 3 }],
  ['writeSync', fd('file.txt', 'r+'), Buffer.from('12345'), { offset: 9 }],
  ['writeSync', fd('file.txt', 'r+'), Buffer.from('12345'), null],
  ['readvSync', fd('file.txt'), []],
  ['readvSync', fd('file.txt'), [5]],
  ['readvSync', fd('file.txt'), 'x'],
  ['readvSync', fd('file.txt'), made('[0, 3]', () => [Buffer.alloc(0), Buffer.alloc(3)])],
  ['readvSync', fd('folder'), made('[3]', () => [Buffer.alloc(3)])],
  ['readvSync', fd('file.txt', 'a'), made('[3]', () => [Buffer.alloc(3)])],
  ['writevSync', fd('file.txt', 'r+'), []],
  ['writevSync', fd('file.txt', 'r+'), 'text'],
  ...[false, {}, [{}], ['text'], null, undefined, 7].flatMap((buffers): Row[] => [
    ['readvSync', fd('file.txt'), buffers],
    ['writevSync', fd('file.txt', 'r+'), buffers],
  ]),
  ['writevSync', fd('file.txt'), [Buffer.from('x')]],
  ['writevSync', fd('/dev/full', 'w'), [Buffer.from('x')]],
  ['writevSync', fd('file.txt', 'r+'), Array.from({ length: 1030 }, () => Buffer.from('x'))],
];

export const CONTENT_ROWS: readonly Row[] = [...READING, ...WRITING, ...OPENING, ...TRANSFERRING];

export const CONTENT_EXCEPTIONS: Exceptions = {};
