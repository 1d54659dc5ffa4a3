/** Every function that takes a path, with every kind of path. */
import { constants } from 'node:fs';
import { at, bufferAt, type Exceptions, LINUX_NAME_MAX, MAJOR, type Row, urlAt, where } from './rows.js';
import { LONG_AGO, NOT_UTF8 } from './sandbox.js';

/** Functions as they are called with one path. */
const ON_A_PATH: readonly ((path: unknown) => Row)[] = [
  (path) => ['accessSync', path],
  (path) => ['existsSync', path],
  (path) => ['statSync', path],
  (path) => ['lstatSync', path],
  (path) => ['statSync', path, { throwIfNoEntry: false }],
  (path) => ['lstatSync', path, { throwIfNoEntry: false, bigint: true }],
  (path) => ['readdirSync', path],
  (path) => ['readdirSync', path, { withFileTypes: true }],
  (path) => ['readdirSync', path, { recursive: true }],
  (path) => ['readlinkSync', path],
  (path) => ['realpathSync', path],
  (path) => ['realpathSync.native', path],
  (path) => ['opendirSync', path],
  (path) => ['statfsSync', path],
  (path) => ['chmodSync', path, 0o640],
  (path) => ['chownSync', path, 12, 34],
  (path) => ['lchownSync', path, 12, 34],
  (path) => ['utimesSync', path, LONG_AGO, LONG_AGO],
  (path) => ['lutimesSync', path, LONG_AGO, LONG_AGO],
  (path) => ['unlinkSync', path],
  (path) => ['rmdirSync', path],
  (path) => ['rmSync', path],
  (path) => ['rmSync', path, { recursive: true, force: true }],
  (path) => ['mkdirSync', path],
  (path) => ['mkdirSync', path, { recursive: true }],
  (path) => ['renameSync', path, 'target'],
  (path) => ['renameSync', 'file.txt', path],
  (path) => ['linkSync', path, 'target'],
  (path) => ['linkSync', 'file.txt', path],
  (path) => ['symlinkSync', path, 'target'],
  (path) => ['symlinkSync', 'file.txt', path],
  (path) => ['mkdtempSync', path],
];

/** Those that open what is there, and so wait at a FIFO. */
const OPENING: readonly ((path: unknown) => Row)[] = [
  (path) => ['readFileSync', path],
  (path) => ['readFileSync', path, 'utf8'],
  (path) => ['openSync', path],
  (path) => ['truncateSync', path, 3],
  (path) => ['writeFileSync', path, 'new'],
  (path) => ['appendFileSync', path, 'more'],
  (path) => ['copyFileSync', path, 'target'],
  (path) => ['copyFileSync', 'file.txt', path],
  (path) => ['cpSync', path, 'target', { recursive: true }],
  (path) => ['cpSync', 'file.txt', path],
];

const PATHS: readonly unknown[] = [
  'file.txt',
  at('file.txt'),
  'nowhere',
  './no/where',
  'file.txt/below',
  'file.txt/',
  'folder',
  'empty folder/',
  'folder/../file.txt',
  'link',
  'folder link',
  'folder link/',
  'dangling',
  'loop',
  'unicode ☃/ñame 🐎',
  bufferAt('file.txt'),
  bufferAt(NOT_UTF8),
  Buffer.from('folder'),
  urlAt('file.txt'),
  urlAt('unicode ☃'),
  urlAt('nowhere'),
  'socket',
  'x'.repeat(LINUX_NAME_MAX + 1),
  'half \ud800',
  at('half \ud800/below'),
];

/** What is no path. */
const BAD: readonly unknown[] = [
  ...['', 'a\0b', undefined, null, 98_765, {}, new URL('http://localhost/file.txt')],
  ...[false, [], Buffer.from('a\0b'), new URL('file:///a%00b'), new URL('file:///a%2Fb'), new URL('file://host/file')],
  // Texts and objects that look like URLs.
  ...['file:///nowhere', { href: 'file:///nowhere', protocol: 'file:', pathname: '/nowhere' }],
];

/** What may be done to them is not for everybody. */
const GUARDED: readonly unknown[] = ['locked', 'locked/file', 'secret', 'read only', 'file.txt', 'new file'];

const tried = [...ON_A_PATH, ...OPENING];

/** A FIFO only where nothing waits for it. */
export const PATH_ROWS: readonly Row[] = [
  ...PATHS.flatMap((path) => tried.map((row) => row(path))),
  ...ON_A_PATH.map((row) => row('fifo')),
  ...BAD.flatMap((path) => tried.map((row) => row(path))),
];

export const GUARDED_ROWS: readonly Row[] = where({ asNobody: true }, [
  ...GUARDED.flatMap((path) => tried.map((row) => row(path))),
  ...[constants.R_OK, constants.W_OK, constants.X_OK, constants.R_OK | constants.W_OK].flatMap((mode) =>
    ['secret', 'read only', 'program', 'locked', 'nowhere'].map((path): Row => ['accessSync', path, mode]),
  ),
]);

const EQUIVALENCE = 'cpSync does not catch what std::filesystem::equivalent throws, and Node aborts';

export const PATH_EXCEPTIONS: Exceptions = {
  "cpSync('file.txt', 'loop')": { aborts: { when: MAJOR >= 22, reason: EQUIVALENCE } },
  "cpSync('file.txt', 'dangling')": { aborts: { when: MAJOR >= 26, reason: EQUIVALENCE } },
};
