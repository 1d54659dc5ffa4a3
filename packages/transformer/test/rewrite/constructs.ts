/** The programs of `fixtures/constructs`: a folder for each construct of the language, in it programs with what they compile to and what they do. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, parse } from 'node:path';
import { fileURLToPath } from 'node:url';
import { formsOf, type Language } from './harness.js';
import { FORMS, MIXED, UNCOLOURED } from './schedules.js';
import { traceOf, whereAllBlocks } from './trace.js';

const ROOT = fileURLToPath(new URL('../../../../fixtures/constructs', import.meta.url));

const LANGUAGES: Readonly<Record<string, Language>> = {
  '.js': 'javascript',
  '.cjs': 'commonjs',
  '.ts': 'typescript',
  '.tsx': 'tsx',
};

/** One program of a construct. */
export interface Program {
  /** The folder, and what the file's name says beyond `input`: `call-new/errors`. */
  readonly name: string;
  readonly language: Language;
  readonly text: string;
  /** The file of the expected compiled text. */
  readonly output: string;
  /** The file of what the program does. */
  readonly trace: string;
}

function programsOf(construct: string): Program[] {
  const directory = join(ROOT, construct);
  const inputs = readdirSync(directory).filter((file) => file.startsWith('input'));
  if (inputs.length === 0) throw new Error(`${directory} holds no input`);
  return inputs.map((file) => {
    const { name, ext } = parse(file);
    const language = LANGUAGES[ext];
    const variant = /^input(?:-([a-z\d-]+))?$/.exec(name);
    if (language === undefined || variant === null)
      throw new Error(`${join(directory, file)}: not the name of an input`);
    const [, part] = variant;
    return {
      name: part === undefined ? construct : `${construct}/${part}`,
      language,
      text: readFileSync(join(directory, file), 'utf8'),
      output: join(directory, file.replace('input', 'output')),
      trace: join(directory, `${name.replace('input', 'trace')}.txt`),
    };
  });
}

export const PROGRAMS: readonly Program[] = readdirSync(ROOT).flatMap(programsOf);

/** Programs that see the text of a function, which is not that of the source where it is written once. */
export const WRITTEN_ONCE_DIFFERS: ReadonlySet<string> = new Set(['construction/no-constructor', 'function-names']);

/** What a program does in one of the {@link FORMS} of its compiled text. */
export async function traceIn(form: string, compiled: string, language: Language): Promise<string> {
  const of = FORMS[form];
  if (of === undefined) throw new Error(`no form ${form}`);
  const trace = await traceOf(of(formsOf(compiled, language)));
  return form === MIXED ? whereAllBlocks(trace) : trace;
}

/** What it should do. */
export function expectedTrace(form: string, { trace }: Program): string {
  const expected = readFileSync(trace, 'utf8');
  return form === UNCOLOURED || form === MIXED ? whereAllBlocks(expected) : expected;
}

/** Expected files of programs that are gone. */
export function strays(): string[] {
  const expected = new Set(PROGRAMS.flatMap(({ output, trace }) => [output, trace]));
  return readdirSync(ROOT)
    .flatMap((construct) => readdirSync(join(ROOT, construct)).map((file) => join(ROOT, construct, file)))
    .filter((file) => !parse(file).name.startsWith('input') && !expected.has(file));
}
