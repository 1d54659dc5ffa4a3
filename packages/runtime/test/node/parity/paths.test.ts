/** Twins of node:fs against the blocking calls, with every kind of path. */
import { describe } from 'vitest';
import { GUARDED_ROWS, PATH_EXCEPTIONS, PATH_ROWS } from './paths.js';
import { compareCalls } from './runner.js';

describe('a twin answers as the blocking call does', () => compareCalls(PATH_ROWS, PATH_EXCEPTIONS));
describe('a twin answers as the blocking call does, without rights', () => compareCalls(GUARDED_ROWS));
