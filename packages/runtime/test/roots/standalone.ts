/** The runtime's modules for processes of their own, which have no TypeScript loader on Node 20. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import ts from 'typescript';
import { afterAll } from 'vitest';

const SOURCES = fileURLToPath(new URL('../../src/', import.meta.url));

/** Transpiles the twin protocol and the root adapters, those of packages too, into a temporary folder, and returns its URL. */
export function standaloneRuntime(): string {
  const folder = mkdtempSync(join(tmpdir(), 'unblock-roots-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  for (const area of ['green', 'twin', 'node', 'node/roots', 'packs']) {
    for (const name of readdirSync(join(SOURCES, area)).filter((file) => file.endsWith('.ts'))) {
      const target = join(folder, area, name.replace(/\.ts$/, '.js'));
      const { outputText } = ts.transpileModule(readFileSync(join(SOURCES, area, name), 'utf8'), {
        compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2023 },
      });
      mkdirSync(dirname(target), { recursive: true });
      writeFileSync(target, outputText);
    }
  }
  return pathToFileURL(folder).href;
}
