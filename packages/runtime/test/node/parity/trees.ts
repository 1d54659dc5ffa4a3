/**
 * Directories, links, trees and what is known of files: options of the functions that make, list, copy, remove and change them.
 *
 * Whatever is outside of the sandbox stays as it is, also if the tests run as root: a copy that fails removes its target, so that none goes to
 * a device.
 */
import { constants } from 'node:fs';
import { arrayWith, at, bufferAt, type Exceptions, fd, inAllWays, made, type Row, urlAt } from './rows.js';
import { LONG_AGO } from './sandbox.js';

const ENCODINGS: readonly unknown[] = ['utf8', 'buffer', 'latin1', 'hex', 'no-such', '', null, undefined, 5, true];
const MODES: readonly unknown[] = [
  0o700,
  0,
  0o7777,
  '755',
  '0755',
  'rwx',
  '8',
  -1,
  1.5,
  2 ** 32,
  null,
  undefined,
  true,
  {},
];

const LISTING: readonly Row[] = [
  ...ENCODINGS.flatMap((encoding): Row[] => [
    ['readdirSync', '.', encoding],
    ['readdirSync', '.', { encoding, withFileTypes: true }],
    ['readdirSync', 'folder', { encoding, recursive: true }],
    ['readlinkSync', 'link', encoding],
    ['readlinkSync', 'link', { encoding }],
    ['realpathSync', 'folder/up', { encoding }],
    ['realpathSync.native', 'folder/up', { encoding }],
    ['mkdtempSync', 'tmp-', { encoding }],
    ['opendirSync', 'folder', { encoding }],
  ]),
  ...[
    '.',
    './',
    'folder',
    './folder/',
    'folder/../folder',
    '../sandbox',
    'folder link',
    'unicode ☃',
    'empty folder',
  ].flatMap((path): Row[] => [
    ['readdirSync', path, { withFileTypes: true }],
    ['readdirSync', path, { recursive: true }],
    ['readdirSync', path, { withFileTypes: true, recursive: true }],
    ['readdirSync', Buffer.from(path), { withFileTypes: true }],
    ['opendirSync', path, { recursive: true }],
  ]),
  ...[at('folder'), at('.'), urlAt('folder'), bufferAt('folder')].flatMap((path): Row[] => [
    ['readdirSync', path, { withFileTypes: true }],
    ['readdirSync', path, { withFileTypes: true, recursive: true }],
    ['readdirSync', path, { recursive: true, encoding: 'utf8' }],
  ]),
  ...[0, 1, -1, 1.5, 2 ** 32, '5', null, undefined].map((bufferSize): Row => ['opendirSync', 'folder', { bufferSize }]),
  ['readdirSync', '/proc/self/fdinfo/no-such'],
  ['readdirSync', '/proc/self/attr'],
  ['readdirSync', '.', { recursive: 'yes', withFileTypes: 0 }],
  ['readdirSync', '.', () => {}],
  ['readdirSync', 'folder', made('inherited', () => Object.create({ withFileTypes: true }))],
  ...inAllWays({ recursive: true }).map((options): Row => ['readdirSync', 'folder', options]),
  ...inAllWays({ withFileTypes: true, encoding: 'buffer' }).map((options): Row => ['readdirSync', 'folder', options]),
  // Links on the way, and ways back.
  ...[
    ...[
      'folder link/up',
      'folder link/../link',
      'folder/../folder link/sub/deep/last.txt',
      'folder link/sub/../../link',
    ],
    ...['folder/up/', 'folder/up/below', 'folder link/nowhere', 'link/..', './/folder//sub/./deep/', 'loop/..'],
  ].flatMap((path): Row[] => [
    ['realpathSync', path],
    ['realpathSync.native', path],
    ['readlinkSync', path],
    ['statSync', path],
  ]),
  ...['file.txt', './file.txt', 'folder', '/proc', '/proc/self'].map(
    (path): Row => ['realpathSync', made(`bytes of ${path}`, () => new Uint8Array(Buffer.from(path)))],
  ),
];

const MAKING: readonly Row[] = [
  ...MODES.flatMap((mode): Row[] => [
    ['mkdirSync', 'made', mode],
    ['mkdirSync', 'made/deep', { mode, recursive: true }],
  ]),
  ...[true, false, 1, 'yes', null, undefined].map((recursive): Row => ['mkdirSync', 'made/deep', { recursive }]),
  ...[
    ...[
      'made',
      './made',
      'made/',
      'made//deep/',
      'folder/new/deep',
      'folder/../made/deep',
      'folder link/new',
      '.',
      '..',
    ],
    ...['file.txt/below/deeper', 'dangling/below', 'loop/below', 'unicode ☃/ñ', 'folder/sub/deep'],
  ].map((path): Row => ['mkdirSync', path, { recursive: true }]),
  ['mkdirSync', at('made/deep'), { recursive: true }],
  ['mkdirSync', urlAt('made'), { recursive: true }],
  ['mkdirSync', '/proc/made'],
  ...inAllWays({ recursive: true, mode: 0o700 }).map((options): Row => ['mkdirSync', 'made/deep', options]),
  ...['tmp-', './tmp-', 'folder/tmp-', 'no/tmp-', 'file.txt/tmp-', 'unicode ☃/tmp-', '../sandbox/tmp-'].flatMap(
    (prefix): Row[] => [
      ['mkdtempSync', prefix],
      ['mkdtempDisposableSync', prefix],
    ],
  ),
  ['mkdtempSync', 'tmp-', () => {}],
  ['mkdtempSync', Buffer.from('tmp-')],
  ['mkdtempSync', urlAt('tmp-')],
  ...['file', 'dir', 'junction', 'no-such', null, undefined, 5].map(
    (type): Row => ['symlinkSync', 'file.txt', 'new', type],
  ),
  ...['', 'a\0b', '..', 'x'.repeat(5000), Buffer.from('target'), urlAt('file.txt'), 5].map(
    (target): Row => ['symlinkSync', target, 'new'],
  ),
  ['symlinkSync', 'file.txt', 'no/new'],
  ['symlinkSync', 'file.txt', 'link'],
  ['linkSync', 'file.txt', 'no/new'],
  ['linkSync', 'folder', 'new'],
  ['linkSync', 'no', 'new'],
  ['linkSync', 'link', 'new'],
  ['linkSync', at('file.txt'), 'folder/new'],
];

const MOVING: readonly Row[] = [
  ...[
    ['folder', 'empty folder'],
    ['empty folder', 'folder'],
    ['folder', 'folder/inner folder'],
    ['folder', 'file.txt'],
    ['file.txt', 'folder'],
    ['file.txt', 'hard'],
    ['hard', 'hard too'],
    ['link', 'moved'],
    ['folder/', 'moved/'],
    ['file.txt', '/proc/moved'],
    ['./file.txt', './folder/moved'],
    ['nowhere', '/nowhere'],
  ].map((pair): Row => ['renameSync', ...pair]),
  ...[0, constants.COPYFILE_EXCL, constants.COPYFILE_FICLONE, 7, 8, -1, 1.5, '1', null, undefined, {}].flatMap(
    (mode): Row[] => [
      ['copyFileSync', 'file.txt', 'copied', mode],
      ['copyFileSync', 'file.txt', 'empty', mode],
    ],
  ),
  ...[
    ['large', 'copied'],
    ['empty', 'copied'],
    ['program', 'copied'],
    ['read only', 'copied'],
    ['link', 'copied'],
    ['folder', 'copied'],
    ['file.txt', 'folder'],
    ['file.txt', 'link'],
    ['file.txt', 'dangling'],
    ['hard', 'hard too'],
    ['/dev/null', 'copied'],
    ['/proc/sys/kernel/ostype', 'copied'],
    ['file.txt', 'no/copied'],
    ['./nowhere', '../nowhere'],
  ].map((pair): Row => ['copyFileSync', ...pair]),
];

const all = () => true;
const allButOne = (path: string) => !path.endsWith('inner.txt');

const COPYING: readonly Row[] = [
  ...[
    {},
    { recursive: true },
    { recursive: true, dereference: true },
    { recursive: true, force: false },
    { recursive: true, force: false, errorOnExist: true },
    { recursive: true, preserveTimestamps: true },
    { recursive: true, verbatimSymlinks: true },
    { recursive: true, mode: constants.COPYFILE_EXCL },
    { recursive: true, filter: all },
    { recursive: true, filter: allButOne },
  ].flatMap((options): Row[] => [
    ['cpSync', 'folder', 'copied', options],
    ['cpSync', 'folder', 'empty folder', options],
    ['cpSync', 'file.txt', 'hard', options],
    ['cpSync', 'link', 'copied', options],
    ['cpSync', 'dangling', 'copied', options],
    ['cpSync', 'folder link', 'copied', options],
  ]),
  ...[
    ['folder', 'folder'],
    ['folder', 'folder/sub/in'],
    ['folder', 'file.txt'],
    ['file.txt', 'folder'],
    ['unicode ☃', 'copied'],
    ['large', 'copied/into/new'],
    ['socket', 'copied'],
    ['link', 'folder/up'],
    ['./folder/', './copied/'],
  ].map((pair): Row => ['cpSync', ...pair, { recursive: true }]),
  ...[
    ['file.txt', '../sandbox/file.txt'],
    ['../sandbox/file.txt', 'file.txt'],
    ['../sandbox/file.txt', '../sandbox/./file.txt'],
    ['../sandbox/folder', 'file.txt'],
  ].map((pair): Row => ['cpSync', ...pair, { recursive: true }]),
  // What is there already.
  ...[
    ['folder', '.'],
    ['folder/sub', 'folder'],
    ['folder/sub', 'folder/sub/deep'],
    ['link', 'link'],
    ['link', 'file.txt'],
    ['folder link', 'empty folder'],
    ['folder link', 'folder'],
    ['folder', 'folder link'],
    ['folder/up', 'link'],
    ['loop', 'copied'],
    ['read only', 'copied'],
    ['file.txt', 'x'.repeat(5000)],
    ['x'.repeat(5000), 'copied'],
  ].flatMap((pair): Row[] =>
    [{ recursive: true }, { recursive: true, dereference: true }, { verbatimSymlinks: true }].map(
      (options): Row => ['cpSync', ...pair, options],
    ),
  ),
  ['cpSync', 'folder', 'copied', { recursive: true, dereference: true, verbatimSymlinks: true }],
  ['cpSync', 'read only', 'copied', { preserveTimestamps: true }],
  ...['dereference', 'errorOnExist', 'force', 'preserveTimestamps', 'verbatimSymlinks', 'filter', 'mode'].flatMap(
    (name) => [1, 'yes', null, {}].map((value): Row => ['cpSync', 'file.txt', 'copied', { [name]: value }]),
  ),
  ...[1, 'yes', true, [], () => {}].map((options): Row => ['cpSync', 'file.txt', 'copied', options]),
  ...inAllWays({ recursive: true }).map((options): Row => ['cpSync', 'folder', 'copied', options]),
  ...inAllWays({}).map((options): Row => ['cpSync', 'file.txt', 'copied', options]),
  ['cpSync', at('folder'), at('copied'), { recursive: true }],
  ['cpSync', at('folder'), 'copied', { recursive: true }],
  ['cpSync', urlAt('folder'), urlAt('copied'), { recursive: true }],
];

const REMOVING: readonly Row[] = [
  ...['folder', 'file.txt', 'nowhere', 'link', 'folder link', 'dangling', 'loop', 'fifo', 'socket', 'locked'].flatMap(
    (path): Row[] => [
      ['rmSync', path, { recursive: true }],
      ['rmSync', path, { force: true }],
      ['rmSync', path, { recursive: true, force: true, maxRetries: 2, retryDelay: 1 }],
    ],
  ),
  ...[{ recursive: 1 }, { force: 1 }, { maxRetries: -1 }, { retryDelay: 1.5 }, { maxRetries: 'x' }, null, 5, 'x'].map(
    (options): Row => ['rmSync', 'file.txt', options],
  ),
  ...inAllWays({ recursive: true }).map((options): Row => ['rmSync', 'folder', options]),
  ...inAllWays({}).map((options): Row => ['rmSync', 'file.txt', options]),
  ['rmSync', '/proc/self/status'],
  ['rmSync', '/proc/version', { force: true }],
  ['rmSync', 'folder', { recursive: true, signal: AbortSignal.abort() }],
  ...['folder', 'empty folder', 'empty folder/', 'folder link', 'locked', '/proc/self', '.'].flatMap((path): Row[] => [
    ['rmdirSync', path, {}],
    ['rmdirSync', path, { maxRetries: 1, retryDelay: 1 }],
  ]),
  ...[
    'folder',
    'folder/',
    'folder link',
    'folder link/',
    'link',
    'link/',
    'file.txt',
    'file.txt/',
    'nowhere',
    'dangling',
  ].flatMap((path): Row[] => [
    ['rmdirSync', path, { recursive: true }],
    ['rmdirSync', path, { recursive: false }],
  ]),
  ...['loop', 'fifo', 'locked', 'locked/', 'empty folder/', 'file.txt/below'].map(
    (path): Row => ['rmdirSync', path, { recursive: true }],
  ),
  ...inAllWays({ recursive: true }).map((options): Row => ['rmdirSync', 'folder', options]),
  ...inAllWays({ maxRetries: -1 }).map((options): Row => ['rmdirSync', 'empty folder', options]),
  ...['link', 'folder', 'fifo', 'socket', 'hard', 'read only', '/proc/version'].map(
    (path): Row => ['unlinkSync', path, null],
  ),
];

const GLOBBING: readonly Row[] = [
  ...[
    ...[
      '*',
      '**',
      '**/*.txt',
      'folder/*',
      './*',
      '*/',
      '.*',
      'folder/.*',
      '{file,folder}*',
      'f?l?.txt',
      '[fl]*',
      '../*/*.txt',
    ],
    ...['no-such*', '', 'unicode*/*', 'file.txt', './file.txt', 'folder/**/last.txt', '!(file.txt)', '+(l)*'],
    ...['folder/**', 'folder//sub//*', './**/deep', '**/deep/**/', '**/deep/..', 'folder/*/../*', 'folder/./inner.txt'],
    ...[
      '{folder,empty folder}/**',
      'folder/{sub/**,sub/deep}',
      '**/{inner,last}.txt',
      'folder/s{ub/d,x}*',
      '{,x}file.txt',
    ],
    ...[
      '@(file|hard)*',
      '*(f)ile.txt',
      '?(x)file.txt',
      '+(a|f|h)*',
      'folder/!(sub)/**',
      '[!f]*',
      '[^f]*',
      '[a-f]*.txt',
    ],
    ...['folder link/*', 'folder link/**', '**/up', 'loop/**', 'locked/*', 'file.txt/*', 'file.txt/', '***', '**.txt'],
    ...[
      'nowhere/**',
      '/proc/version',
      '/proc/sys/kernel/osty*',
      '..',
      '.',
      '/',
      '\\*',
      '**/**/last.*',
      '*/*/*/*',
      '[',
      '{',
    ],
  ].map((pattern): Row => ['globSync', pattern]),
  ...['folder/**', './folder/**', '**/sub', '**/inner.*', '*', '**', '**/./deep', 'folder/sub/../inner.txt', ''].map(
    (exclude): Row => ['globSync', 'folder/**', { exclude: [exclude] }],
  ),
  ...[at('folder/*'), at('**/last.txt')].flatMap((pattern): Row[] => [
    ['globSync', pattern],
    ['globSync', pattern, { cwd: 'folder' }],
  ]),
  ['globSync', '**', { cwd: urlAt('folder') }],
  ['globSync', '*', { cwd: at('folder'), withFileTypes: true, exclude: ['sub'] }],
  ...[5, null, true, 'folder', [5], [null]].map((exclude): Row => ['globSync', '*', { exclude }]),
  ...[5, null, true, {}].map((cwd): Row => ['globSync', '*', { cwd }]),
  ['globSync', ['*.txt', 'folder/*']],
  ['globSync', []],
  ['globSync', '*', { cwd: 'folder' }],
  ['globSync', '**', { cwd: 'folder', withFileTypes: true }],
  ['globSync', '**', { cwd: at('folder') }],
  ['globSync', '*', { cwd: 'nowhere' }],
  ['globSync', '**', { exclude: ['folder/**'] }],
  ['globSync', '**', { exclude: (name: string) => name === 'folder' }],
  ['globSync', '**', { exclude: 'folder' }],
  ...inAllWays({ exclude: ['folder/**'] }).map((options): Row => ['globSync', '**', options]),
  ['globSync', '*', arrayWith({ cwd: 'folder' })],
  ['globSync', 5],
  ['globSync', [5]],
  ['globSync'],
];

/** Times as Node takes them. */
const TIMES: readonly unknown[] = [
  ...[LONG_AGO, 0, 1.5, -1, '981173106', new Date(LONG_AGO * 1000), new Date(Number.NaN), Number.NaN, Infinity],
  ...['x', null, undefined, {}, true, 2 ** 33],
];

const CHANGING: readonly Row[] = [
  ...MODES.flatMap((mode): Row[] => [
    ['chmodSync', 'file.txt', mode],
    ['fchmodSync', fd('file.txt'), mode],
  ]),
  ...TIMES.flatMap((time): Row[] => [
    ['utimesSync', 'file.txt', time, LONG_AGO],
    ['lutimesSync', 'link', LONG_AGO, time],
    ['futimesSync', fd('file.txt'), time, LONG_AGO],
  ]),
  ...[0, 1000, -1, 2 ** 31, 2 ** 32, 1.5, '0', null, undefined].flatMap((id): Row[] => [
    ['chownSync', 'file.txt', id, 0],
    ['lchownSync', 'link', 0, id],
    ['fchownSync', fd('file.txt'), id, 0],
  ]),
  ...[0, 5, 300, 100_000, -1, 1.5, '5', null, undefined, 5n].flatMap((length): Row[] => [
    ['truncateSync', 'file.txt', length],
    ['ftruncateSync', fd('file.txt', 'r+', 3), length],
  ]),
  ['truncateSync', 'file.txt'],
  ['truncateSync', 'folder'],
  ['truncateSync', 'nowhere'],
  ['truncateSync', fd('file.txt', 'r+'), 2],
  ['ftruncateSync', fd('file.txt'), 0],
  ['ftruncateSync', fd('/dev/null', 'w'), 0],
  ...['file.txt', 'folder', '/dev/null', '/proc/version'].flatMap((path): Row[] => [
    ['fsyncSync', fd(path)],
    ['fdatasyncSync', fd(path)],
    ['fstatSync', fd(path)],
    ['fstatSync', fd(path), { bigint: true }],
    ['closeSync', fd(path)],
    ['statfsSync', path, { bigint: true }],
  ]),
  ...[{ bigint: 1 }, { bigint: null }, null, undefined, 5, 'x', { throwIfNoEntry: 0 }].flatMap((options): Row[] => [
    ['statSync', 'file.txt', options],
    ['lstatSync', 'link', options],
    ['fstatSync', fd('file.txt'), options],
    ['statfsSync', '/proc', options],
    ['statSync', 'nowhere', options],
  ]),
  ...['nowhere', 'file.txt/below', 'dangling', 'loop', 'locked/file', 'x'.repeat(300)].flatMap((path): Row[] => [
    ['statSync', path, { throwIfNoEntry: false }],
    ['lstatSync', path, { throwIfNoEntry: false }],
    ['statSync', path, { throwIfNoEntry: true, bigint: true }],
  ]),
  ...inAllWays({ throwIfNoEntry: false }).flatMap((options): Row[] => [
    ['statSync', 'nowhere', options],
    ['lstatSync', 'nowhere', options],
  ]),
  ...inAllWays({ bigint: true }).flatMap((options): Row[] => [
    ['statSync', 'file.txt', options],
    ['fstatSync', fd('file.txt'), options],
  ]),
  ...[0, 1, 4, 7, 8, -1, 1.5, '4', null, undefined, {}].map((mode): Row => ['accessSync', 'file.txt', mode]),
  ['existsSync', made('an object with toString', () => ({ toString: () => 'file.txt' }))],
  ['existsSync'],
  ['existsSync', 'folder', () => {}],
];

export const TREE_ROWS: readonly Row[] = [
  ...[...LISTING, ...MAKING, ...MOVING, ...COPYING, ...REMOVING, ...GLOBBING, ...CHANGING],
];

export const TREE_EXCEPTIONS: Exceptions = {};
