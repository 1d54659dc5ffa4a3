#!/usr/bin/env node
/** The program `unblock`. */
import { createRequire } from 'node:module';
import { main } from './commandLine.js';

const { version } = createRequire(import.meta.url)('@unblock/transformer/package.json') as { version: string };
// A reader that has seen enough (`| head`) is no defect.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});
process.exitCode = main(process.argv.slice(2), {
  cwd: process.cwd(),
  version,
  debug: process.env.DEBUG?.includes('unblock') === true,
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
});
