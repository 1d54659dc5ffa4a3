/** The command `unblock`: its options, and errors as people see them. */
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { InternalError, messageOf, UnblockError } from '../errors.js';
import {
  type BuildOptions,
  build,
  type CheckOptions,
  check,
  explain,
  type ProjectOptions,
  type Surroundings,
} from './commands.js';

/**
 * Runs the command.
 *
 * @param args without the program's own name
 * @returns the exit code: 0 clean, 1 errors or too many warnings, 2 wrong use or input
 */
export function main(args: readonly string[], io: Surroundings): number {
  let status = 0;
  const program = commandLine(io, (code) => {
    status = code;
  });
  try {
    program.parse(args, { from: 'user' });
    return status;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    io.err(told(error, io.debug));
    return 2;
  }
}

function count(value: string): number {
  if (!/^\d+$/.test(value)) throw new InvalidArgumentError('Expected a whole number.');
  return Number(value);
}

function commandLine(io: Surroundings, done: (status: number) => void): Command {
  const program = new Command('unblock')
    .description('Compiles blocking Node.js code into non-blocking code, and reports what keeps blocking.')
    .version(io.version)
    .exitOverride()
    .configureOutput({
      writeOut: io.out,
      writeErr: io.err,
      outputError: (text, write) => write(`unblock: ${oneLine(text)}\n`),
    });
  const command = (name: string, description: string) =>
    program
      .command(name)
      .description(description)
      .option('-p, --project <tsconfig>', 'tsconfig file or its directory (default: ./tsconfig.json)')
      .option('--whole-program', 'the files given are all that is compiled');

  command('check', 'report the blocking calls that could not be patched')
    .argument('[files...]', 'files, directories or globs, in place of a tsconfig')
    .addOption(new Option('--format <name>', 'output').choices(['stylish', 'json']).default('stylish'))
    .option('--max-warnings <n>', 'exit with 1 on more warnings than that', count)
    .action((files: string[], options: CheckOptions) => done(check(io, files, options)));
  command('explain', 'why a call blocks, or what it became')
    .argument('<file:line>', 'the call; a column may follow')
    .argument('[files...]', 'other files of the program, in place of a tsconfig')
    .action((place: string, files: string[], options: ProjectOptions) => done(explain(io, place, files, options)));
  command('build', 'write the compiled sources, in the language that they are in')
    .argument('[files...]', 'files, directories or globs, in place of a tsconfig')
    .requiredOption('--out-dir <dir>', 'where to write')
    .option('--root-dir <dir>', 'directory that the output mirrors (default: the deepest that holds all files)')
    .option('--no-maps', 'write no source maps')
    .action((files: string[], options: BuildOptions) => done(build(io, files, options)));
  return program;
}

/** Commander's message and its suggestion, which it writes on a line of its own, as one line. */
function oneLine(text: string): string {
  const [problem = '', ...more] = text.trim().split(/\s*\n\s*/);
  return [`${problem.replace(/^error: /, '').replace(/\.?$/, '.')}`, ...more].join(' ').replace(/\((.*)\)$/, '$1');
}

/** An error in one line; the stack of a defect follows if it is wanted. */
function told(error: unknown, debug: boolean): string {
  if (error instanceof UnblockError) return `unblock: ${error.message}\n`;
  const what = error instanceof InternalError ? '' : 'internal error: ';
  const line = `unblock: ${what}${messageOf(error)}. Please report it with the stack (set DEBUG=unblock).\n`;
  if (!debug) return line;
  const { stack, cause } = error as Error;
  return `${line}${cause instanceof Error ? cause.stack : stack}\n`;
}
