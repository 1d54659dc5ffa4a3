/** `node:http2`, loaded so that the standard error stays as it is. */
import { quietly } from './quietly.js';

export const http2 = quietly(() => process.getBuiltinModule('node:http2'));
