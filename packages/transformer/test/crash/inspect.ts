/** What the compiler makes of files that nobody has written for it: it has to take each, and what it writes has to be valid. */
import { ROOT_PACKS } from '../../src/catalogue/roots.js';
import { type Compilation, compile } from '../../src/engine.js';
import { UnblockError } from '../../src/errors.js';
import { extractFacts } from '../../src/facts/extract.js';
import { fileResolver, resolverAmong } from '../../src/hosts/fileResolver.js';
import { parseModule } from '../../src/parse/parse.js';
import type { ModuleInput } from '../../src/program.js';
import type { RewrittenModule } from '../../src/rewrite/rewrite.js';
import { unfulfilled } from '../rewrite/fulfilment.js';
import { judgesOf } from './judges.js';

/** How a file was compiled: on its own or with its package, what blocks or everything. */
export type Form = 'open' | 'open, forced' | 'open, forced, once' | 'closed' | 'closed, forced' | 'compiled again';

export interface Finding {
  readonly fileName: string;
  /** Where it was not compiled: why not. */
  readonly form: Form | 'excluded' | 'no JavaScript' | 'not parsed';
  readonly problem: string;
}

/** What compiling a text took. */
export interface Measure {
  readonly form: Form;
  /** Of the text, in characters. */
  readonly size: number;
  /** Of the compiled text; 0 where nothing changed. */
  readonly output: number;
  /** Milliseconds of processor time. */
  readonly time: number;
  /** Bytes of the heap that parsed texts, analysis and the compiled text hold; only measured for larger texts. */
  readonly heap?: number;
}

export interface Inspection {
  readonly findings: readonly Finding[];
  readonly measures: readonly Measure[];
  /** Why the parser does not take the file, if so. */
  readonly unreadable?: Unreadable;
}

/** A file that the parser does not take. */
export interface Unreadable {
  readonly message: string;
  /** Whether V8 or TypeScript takes it. */
  readonly isValid: boolean;
}

const RUNTIME = '@unblock/runtime/compiled';
/** The same under a name by which compiled code is not recognised. */
const OTHER_RUNTIME = 'bundled-runtime';

/**
 * Whether a text is compiled twice and with forced colour, what came out is compiled again as if it were any text, and all judges are asked.
 * Not all are: it takes time, and what goes wrong there does so in many.
 */
function isRepeated({ text }: ModuleInput): boolean {
  return text.length < 2 ** 15 && text.length % 4 === 0;
}

/** How a file is compiled on its own: every file in the first way, a part of them in all. */
const ALONE: readonly Form[] = ['open', 'open, forced', 'open, forced, once'];

/** Compiles a file of which nothing else is at hand, what blocks and everything, and once more what came out. */
export function inspectFile(module: ModuleInput): Inspection {
  const findings: Finding[] = [];
  const measures: Measure[] = [];
  let unreadable: Unreadable | undefined;
  for (const form of isRepeated(module) ? ALONE : ALONE.slice(0, 1)) {
    const how = { forced: form !== 'open', compact: form === 'open, forced, once' };
    const found = attempt(findings, module, form, () => {
      const run = () => compileAlone(module, how, RUNTIME);
      let compiled: ReturnType<typeof measured>;
      try {
        compiled = measured(module, run);
      } catch (error) {
        if (!(error instanceof UnblockError)) throw error;
        unreadable = { message: error.message, isValid: judgesOf(module).length > 0 };
        return undefined;
      }
      const { compilation, rewritten, measure } = compiled;
      measures.push({ ...measure, form });
      if (isRepeated(module) && !isSame(rewritten, run().rewritten)) {
        throw new Error('compiling twice gives different texts');
      }
      checkWritten(module, compilation, rewritten);
      return rewritten;
    });
    if (unreadable !== undefined) return { findings, measures, unreadable };
    if (found === undefined) continue;
    const compiled = { ...module, text: found.code };
    attempt(findings, module, 'compiled again', () => {
      // What this says of a module is all that keeps it as it is.
      if (!extractFacts(parseModule(compiled)).imports.includes(RUNTIME)) {
        throw new Error('compiled code is not recognised as such');
      }
      if (!isRepeated(module)) return;
      if (compileAlone(compiled, how, RUNTIME).rewritten !== undefined) throw new Error('changes once more');
      if (how.forced || module.text.length % 16 !== 0) return;
      const { compilation, rewritten } = compileAlone(compiled, how, OTHER_RUNTIME);
      checkWritten(compiled, compilation, rewritten);
    });
  }
  return { findings, measures };
}

/** Compiles files as a whole program. */
export function inspectProgram(modules: readonly ModuleInput[]): Inspection {
  const findings: Finding[] = [];
  const measures: Measure[] = [];
  const size = modules.reduce((sum, { text }) => sum + text.length, 0);
  const [first] = modules;
  if (first === undefined) return { findings, measures };
  const resolve = resolverAmong(
    modules.map(({ fileName }) => fileName),
    fileResolver(),
  );
  for (const forced of [false, true]) {
    const form = forced ? 'closed, forced' : 'closed';
    const before = cpuTime();
    const compilation = attempt(findings, first, form, () =>
      compile({ modules, resolve, closed: true, options: { patch: {}, runtime: RUNTIME, forced } }),
    );
    if (compilation === undefined) continue;
    if (!forced) attempt(findings, first, form, () => compilation.findings());
    let time = cpuTime() - before;
    let output = 0;
    const nothingBlocks = !forced && compilation.verdicts.every(({ status }) => status === 'blocking');
    for (const module of modules) {
      attempt(findings, module, form, () => {
        const start = cpuTime();
        const rewritten = compilation.rewrite(module.fileName);
        time += cpuTime() - start;
        output += rewritten?.code.length ?? 0;
        checkWritten(module, compilation, rewritten);
        if (nothingBlocks && rewritten !== undefined && !usesPack(module)) {
          throw new Error('changed, although nothing in the program blocks');
        }
      });
    }
    measures.push({ form, size, output, time });
  }
  return { findings, measures };
}

function usesPack({ text }: ModuleInput): boolean {
  return ROOT_PACKS.some((name) => text.includes(`'${name}'`) || text.includes(`"${name}"`));
}

interface Compiled {
  readonly compilation: Compilation;
  readonly rewritten: RewrittenModule | undefined;
}

function compileAlone(
  module: ModuleInput,
  how: { readonly forced: boolean; readonly compact: boolean },
  runtime: string,
): Compiled {
  const options = { patch: {}, runtime, ...how };
  const compilation = compile({ modules: [module], resolve: () => undefined, closed: false, options });
  return { compilation, rewritten: compilation.rewrite(module.fileName) };
}

const HEAP_FROM = 2 ** 16;

function measured({ text }: ModuleInput, run: () => Compiled): Compiled & { measure: Omit<Measure, 'form'> } {
  const { gc } = globalThis;
  const isWeighed = text.length >= HEAP_FROM && gc !== undefined;
  if (isWeighed) gc();
  const heap = process.memoryUsage().heapUsed;
  const start = cpuTime();
  const compiled = run();
  const time = cpuTime() - start;
  if (isWeighed) gc();
  const held = process.memoryUsage().heapUsed - heap;
  const output = compiled.rewritten?.code.length ?? 0;
  return { ...compiled, measure: { size: text.length, output, time, ...(isWeighed && { heap: held }) } };
}

/** Processor time of this process in milliseconds: others use the machine, too. */
export function cpuTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

function attempt<T>(findings: Finding[], { fileName }: ModuleInput, form: Form, work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    const { cause = error } = error as Error;
    const { message = String(cause), stack = '' } = cause as Error;
    const place = /^\s*at .*$/m.exec(stack.slice(stack.indexOf(message) + message.length))?.[0].trim();
    const isOwn = error === cause;
    findings.push({ fileName, form, problem: isOwn ? message : `crash: ${message} (${place})` });
    return undefined;
  }
}

/** Texts that are known to be valid, by the module that they are made of: the forms of a module often have the same one. */
const valid = new WeakMap<ModuleInput, Set<string>>();

/** @throws {Error} if what was written is invalid, or is not what was planned */
function checkWritten(module: ModuleInput, compilation: Compilation, rewritten: RewrittenModule | undefined): void {
  const broken = unfulfilled(compilation, module.fileName, module.text, rewritten);
  if (broken.length > 0) throw new Error(`promised, and not written: ${broken[0]?.slice(0, 200)}`);
  if (rewritten === undefined) return;
  const text = rewritten.code;
  const known = valid.get(module) ?? new Set();
  if (known.has(text)) return;
  const [first, ...others] = [...judgesOf(module), parseMistake];
  for (const judge of isRepeated(module) ? [first, ...others] : [first]) {
    const mistake = judge?.(text, module);
    if (mistake !== undefined) throw new Error(`invalid: ${mistake}${excerpt(text, mistake)}`);
  }
  valid.set(module, known.add(text));
}

function parseMistake(text: string, module: ModuleInput): string | undefined {
  try {
    parseModule({ ...module, text });
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

/** The line of a mistake, or the part of it around the mistake. */
function excerpt(text: string, mistake: string): string {
  const [, line, column = '1'] = /:(\d+):(\d+)|line (\d+)/.exec(mistake) ?? [];
  if (line === undefined) return '';
  const at = Math.max(0, Number(column) - 80);
  return `: ${text.split('\n')[Number(line) - 1]?.slice(at, at + 160)}`;
}

function isSame(one: RewrittenModule | undefined, other: RewrittenModule | undefined): boolean {
  return one?.code === other?.code && one?.map.mappings === other?.map.mappings;
}
