/** Applications and published packages: what analysis promises of them is written, and what is written can be parsed. */
import { readdirSync, readFileSync, realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { compile } from '../../src/engine.js';
import { hasModuleSyntax, parseModule } from '../../src/parse/parse.js';
import type { ModuleInput } from '../../src/program.js';
import { unfulfilled } from './fulfilment.js';

const root = fileURLToPath(new URL('../../../../', import.meta.url));

function directoryOf(name: string, from: string): string {
  return dirname(realpathSync(createRequire(join(root, from, 'package.json')).resolve(`${name}/package.json`)));
}

const DIRECTORIES: Readonly<Record<string, string>> = {
  'the sample application': join(root, 'fixtures/docs-server/src'),
  'json-server': join(directoryOf('json-server', 'fixtures/json-server'), 'lib'),
  express: directoryOf('express', 'packages/runtime'),
};

function modulesIn(directory: string): ModuleInput[] {
  const names = readdirSync(directory, { recursive: true, encoding: 'utf8' });
  return names
    .filter((name) => /(?<!\.d)\.[cm]?[jt]s$/.test(name) && !/node_modules|\.min\./.test(name))
    .map((name) => {
      const fileName = join(directory, name);
      const text = readFileSync(fileName, 'utf8');
      return { fileName, text, kind: hasModuleSyntax(fileName, text) ? 'esm' : 'commonjs' };
    });
}

describe.each(Object.entries(DIRECTORIES))('%s', (_, directory) => {
  const modules = modulesIn(directory);

  it.each([
    ['each module on its own', modules.map((module) => [module])],
    ['as a program', [modules]],
  ])('%s', (_, programs) => {
    for (const program of programs) {
      const known = new Map(program.map((module) => [module.fileName, module]));
      const compilation = compile({
        modules: program,
        resolve: (specifier, from) =>
          ['', '.js', '.ts', '/index.js']
            .map((end) => join(dirname(from), specifier).replace(/\.js$/, end === '.ts' ? '' : '.js') + end)
            .find((file) => specifier.startsWith('.') && known.has(file)),
        closed: program.length > 1,
        options: { patch: {}, runtime: '@unblock/runtime/compiled' },
      });
      for (const module of program) {
        const rewritten = compilation.rewrite(module.fileName);
        expect(unfulfilled(compilation, module.fileName, module.text, rewritten)).toEqual([]);
        if (rewritten) expect(() => parseModule({ ...module, text: rewritten.code })).not.toThrow();
      }
    }
  });
});
