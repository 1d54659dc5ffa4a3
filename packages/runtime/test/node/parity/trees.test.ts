/** Twins of node:fs against the blocking calls: directories, links, trees and what is known of files. */
import { describe } from 'vitest';
import { compareCalls } from './runner.js';
import { TREE_EXCEPTIONS, TREE_ROWS } from './trees.js';

describe('a twin answers as the blocking call does', () => compareCalls(TREE_ROWS, TREE_EXCEPTIONS));
