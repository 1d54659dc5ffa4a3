/** The options of the workspace's own commands. What is wrong with one is said in a line, with exit code 2; `--help` lists them. */
import { Command, InvalidArgumentError, Option } from 'commander';

/**
 * @param purpose what the command does, in a sentence
 * @param options by name: of the kinds of {@link option}
 * @returns their values by name
 */
export function readOptions(purpose, options) {
  const command = new Command().name(process.env.npm_lifecycle_event ?? 'command').description(purpose);
  for (const [name, { meaning, kind, initial, parse }] of Object.entries(options)) {
    const added = new Option(kind === undefined ? `--${name}` : `--${name} <${kind}>`, meaning);
    if (initial !== undefined) added.default(initial);
    if (parse !== undefined) added.argParser(parse);
    command.addOption(added);
  }
  command.exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2));
  return command.parse().opts();
}

/** Kinds of options. */
export const option = {
  /** A whole number, of `least` at least. */
  count: (meaning, initial, least = 1) => ({
    meaning,
    kind: 'number',
    initial,
    parse: (given) => counted(given, least),
  }),

  /** Several of them, with commas in between. */
  counts(meaning, initial) {
    return { meaning, kind: 'numbers', initial, parse: (given) => given.split(',').map((part) => counted(part, 1)) };
  },

  /** A number above 0. */
  amount: (meaning, initial) => ({ meaning, kind: 'number', initial, parse: measured }),

  text: (meaning, initial) => ({ meaning, kind: 'text', initial }),

  /** May be given several times. */
  texts: (meaning) => ({ meaning, kind: 'text', parse: (given, before = []) => [...before, given] }),

  /** Some of `known`, with commas in between. */
  choice(meaning, known) {
    const parse = (given) => {
      const names = given.split(',');
      const other = names.find((name) => !known.includes(name));
      if (other !== undefined) throw new InvalidArgumentError(`${other} is none of ${known.join(', ')}.`);
      return names;
    };
    return { meaning, kind: 'names', initial: known, parse };
  },

  flag: (meaning) => ({ meaning, initial: false }),
};

function counted(text, least) {
  if (!/^\d+$/.test(text) || Number(text) < least)
    throw new InvalidArgumentError(`It takes whole numbers from ${least} on.`);
  return Number(text);
}

function measured(text) {
  const number = Number(text);
  if (text.trim() === '' || !Number.isFinite(number) || number <= 0)
    throw new InvalidArgumentError('It takes a number above 0.');
  return number;
}
