/** Random programs of several modules, original and compiled, each loaded by Node itself. */
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { twin } from '@unblock/runtime';
import fc from 'fast-check';
import { compile } from '../../src/engine.js';
import { unfulfilled } from './fulfilment.js';
import { print } from './generated.js';
import { HOST, type ModuleProgram, type ModuleText, modulePrograms, writeModules } from './generatorModules.js';
import type { Schedule } from './harness.js';
import { linkSuspending } from './suspending.js';

/** Where compiled code finds the runtime: in the built package, or in a copy of the sources that is run as it is. */
const RUNTIME = ['../../../runtime/src/compiled.js', '../../../runtime/dist/compiled.mjs']
  .map((path) => fileURLToPath(new URL(path, import.meta.url)))
  .find((path) => existsSync(path));

/** How many functions a run of a program may enter. */
const FUEL = 40;

type Block = (value: unknown) => unknown;

/** The schedules under which the asynchronous form runs; without one, `main` runs as uncompiled callers get it. */
const SCHEDULES: Readonly<Record<string, (() => Schedule) | undefined>> = {
  'for uncompiled callers': undefined,
  'when nothing suspends': () => () => false,
  'when everything suspends': () => () => true,
  'when every other call suspends': () => {
    let calls = 0;
    return () => calls++ % 2 === 0;
  },
};

/** How a program is compiled. */
const COMPILED = {
  'each file by itself': { closed: false, compact: false },
  'written once': { closed: false, compact: true },
  'as a whole, every function coloured': { closed: true, compact: false },
} as const;

function compiledTexts(texts: readonly ModuleText[], how: (typeof COMPILED)[keyof typeof COMPILED]): ModuleText[] {
  const { closed, compact } = how;
  const names = new Set(texts.map(({ name }) => name));
  const compilation = compile({
    modules: texts.map(({ name, kind, text }) => ({ fileName: `/${name}`, text, kind })),
    resolve: (specifier) => (names.has(specifier.slice(2)) ? `/${specifier.slice(2)}` : undefined),
    closed,
    options: { patch: {}, runtime: RUNTIME ?? '', compact, ...(closed && { forced: true }) },
  });
  return texts.map((module) => {
    const fileName = `/${module.name}`;
    const rewritten = compilation.rewrite(fileName);
    const broken = unfulfilled(compilation, fileName, module.text, rewritten);
    if (broken.length > 0) throw new Error(`${module.name}: promised, and not written: ${broken.join('; ')}`);
    return { ...module, text: rewritten?.code ?? module.text };
  });
}

const TRIAL = 'the trial of a program of several modules';
const HOST_TEXT = `const { block, log, dry } = globalThis['${TRIAL}']; exports.block = block; exports.log = log; exports.dry = dry;`;

let runs = 0;

/** What a program does while it is loaded and run, a line for each thing. */
async function traceOf(texts: readonly ModuleText[], place: string, schedule: Schedule | undefined): Promise<string> {
  const lines: string[] = [];
  const directory = join(place, String(runs++));
  mkdirSync(directory);
  for (const { name, text } of texts) writeFileSync(join(directory, name), text);
  writeFileSync(join(directory, HOST), HOST_TEXT);
  let fuel = FUEL;
  const block: Block = (value) => {
    lines.push(`calls block with ${print(value)}`);
    return value;
  };
  const trial = {
    block: schedule === undefined ? block : linkSuspending((value: unknown) => block(value), block, schedule),
    log: (value: unknown) => void lines.push(`logs ${print(value)}`),
    dry: () => fuel-- <= 0,
  };
  Object.assign(globalThis, { [TRIAL]: trial });
  try {
    const file = pathToFileURL(join(directory, texts[0]?.name ?? '')).href;
    const { main } = await import(/* @vite-ignore */ file);
    lines.push('is loaded');
    fuel = FUEL;
    const isAsync = Object.prototype.toString.call(main) === '[object AsyncFunction]';
    const form = schedule === undefined || isAsync ? main : twin(main);
    lines.push(`returns ${print(await form())}`);
  } catch (error) {
    lines.push(`throws ${print(error)}`);
  }
  return lines.join('\n');
}

/** What the compiled forms of a program do otherwise; undefined if nothing. */
async function differenceOf(program: ModuleProgram, place: string): Promise<string | undefined> {
  const texts = writeModules(program);
  const original = await traceOf(texts, place, undefined);
  for (const [how, options] of Object.entries(COMPILED)) {
    const compiled = compiledTexts(texts, options);
    for (const [when, schedule] of Object.entries(SCHEDULES)) {
      const trace = await traceOf(compiled, place, schedule?.());
      if (trace !== original) {
        const modules = texts.map(({ name, text }) => `// ${name}\n${text}`).join('\n\n');
        return `Compiled ${how}, ${when}:\n${trace}\n\nThe original:\n${original}\n\n${modules}`;
      }
    }
  }
  return undefined;
}

/** How long a program is made smaller, in milliseconds. */
const REDUCING = 60_000;

/** What there is to say of the random program number `seed`, made small; undefined if it does what it should. */
export async function moduleMistakeIn(seed: number): Promise<string | undefined> {
  const place = mkdtempSync(join(tmpdir(), 'unblock-modules-'));
  try {
    let last: string | undefined;
    await fc.check(
      fc.asyncProperty(modulePrograms(), async (program) => {
        const difference = await differenceOf(program, place);
        last = difference ?? last;
        return difference === undefined;
      }),
      { seed, numRuns: 1, interruptAfterTimeLimit: REDUCING, markInterruptAsFailure: false },
    );
    return last && `The random program ${seed} of several modules does otherwise.\n\n${last}`;
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}
