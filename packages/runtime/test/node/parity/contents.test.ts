/** Twins of node:fs against the blocking calls: what is read and written. */
import { describe } from 'vitest';
import { CONTENT_EXCEPTIONS, CONTENT_ROWS } from './contents.js';
import { compareCalls } from './runner.js';

describe('a twin answers as the blocking call does', () => compareCalls(CONTENT_ROWS, CONTENT_EXCEPTIONS));
