/** `node:http2`, loaded so that the standard error stays as it is. */
// Not the global one, in whose place sandboxes put others.
import process from 'node:process';
import { quietly } from './quietly.js';

export const http2 = quietly(() => process.getBuiltinModule('node:http2'));
