/**
 * A copy of the sources and of the tests of rewriting, compiled to JavaScript that plain Node runs: for commands that start many
 * processes, or that change the compiler on purpose. Nothing outside the copy is written.
 */
import { mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

export const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** Below the package whose dependencies the sources and tests find there. */
export const PLACE = join(ROOT, 'packages/transformer/.cache');

const COPIED = ['packages/runtime/src', 'packages/transformer/src', 'packages/transformer/test/rewrite'];

/** The entry points of the runtime, which have to be those of the copy. */
const ENTRIES = {
  '@unblock/runtime': 'packages/runtime/src/index.ts',
  '@unblock/runtime/compiled': 'packages/runtime/src/compiled.ts',
};

const compiled = new Map();

/** The JavaScript of a source file, given by its path in the repository. */
export function compileSource(file, text) {
  const { outputText, diagnostics } = ts.transpileModule(text, {
    reportDiagnostics: true,
    compilerOptions: { target: ts.ScriptTarget.ES2023, module: ts.ModuleKind.ES2022, verbatimModuleSyntax: true },
  });
  const [mistake] = diagnostics ?? [];
  if (mistake) throw new Error(`${file}: ${ts.flattenDiagnosticMessageText(mistake.messageText, '\n')}`);
  return outputText.replace(/(from |import )'(@unblock\/runtime(?:\/compiled)?)'/g, (_, before, entry) => {
    const path = relative(dirname(file), javaScriptName(ENTRIES[entry])).replaceAll('\\', '/');
    return `${before}'${path}'`;
  });
}

function javaScriptName(file) {
  return file.replace(/\.ts$/, '.js');
}

/** Makes the copy `name` anew, and returns its directory. */
export function makeScratch(name) {
  const directory = join(PLACE, name);
  rmSync(directory, { recursive: true, force: true });
  for (const folder of COPIED) {
    for (const entry of readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })) {
      if (entry.endsWith('.ts') && !entry.endsWith('.test.ts')) writeSource(directory, join(folder, entry));
    }
  }
  symlinkSync(join(ROOT, 'fixtures'), join(directory, 'fixtures'), 'junction');
  return directory;
}

/** Writes one file of a copy: as it is in the repository, or with the text `changed`. */
export function writeSource(directory, file, changed) {
  let code = compiled.get(file);
  if (changed !== undefined) code = compileSource(file, changed);
  else if (code === undefined) {
    code = compileSource(file, readFileSync(join(ROOT, file), 'utf8'));
    compiled.set(file, code);
  }
  const target = join(directory, javaScriptName(file));
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, code);
}
