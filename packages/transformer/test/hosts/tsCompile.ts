/** Compiles small projects with and without the tspc host, in this process. */
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type ts from 'typescript';
import { transformProgram } from '../../src/hosts/tspc.js';

type TypeScript = typeof ts;

const here = dirname(fileURLToPath(import.meta.url));

/** What the test programs use of Node, so that no test has to check all of `@types/node`. */
export const NODE_DECLARATIONS = `
declare module 'node:fs' {
  export function readFileSync(path: string, encoding: 'utf8'): string;
  export function readdirSync(path: string): string[];
  const fs: { readFileSync: typeof readFileSync; readdirSync: typeof readdirSync };
  export default fs;
}
declare function require(name: string): any;
declare const module: { exports: any };
declare function setInterval(callback: () => void, ms: number): number;
declare function clearInterval(timer: number): void;
declare function setTimeout(callback: () => void, ms: number): number;
declare const __filename: string;
`;

/** A folder with what a project needs: both packages, `tslib`, declarations. */
export function workspace(directory: string, require: NodeJS.Require): void {
  mkdirSync(join(directory, 'node_modules/@unblock'), { recursive: true });
  for (const name of ['runtime', 'transformer']) {
    symlinkSync(resolve(here, '../../..', name), join(directory, 'node_modules/@unblock', name));
  }
  symlinkSync(dirname(require.resolve('tslib/package.json')), join(directory, 'node_modules/tslib'));
}

/** Writes files; objects as JSON. */
export function write(root: string, files: Readonly<Record<string, string | object>>): void {
  for (const [name, content] of Object.entries(files)) {
    const path = join(root, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  }
}

export interface Compiled {
  /** Emitted text by path relative to the project. */
  readonly outputs: ReadonlyMap<string, string>;
  readonly diagnostics: readonly string[];
  readonly emitSkipped: boolean;
}

const libraries = new Map<string, ts.SourceFile | undefined>();

/**
 * Compiles the project of `root/tsconfig.json` as `tsc` does and writes its output.
 *
 * @param plugin the entry of ours in `plugins`, as ts-patch hands it over; undefined for plain TypeScript
 */
export function compileProject(
  typescript: TypeScript,
  root: string,
  plugin?: Readonly<Record<string, unknown>>,
): Compiled {
  const path = join(root, 'tsconfig.json');
  const json = typescript.readConfigFile(path, typescript.sys.readFile);
  const parsed = typescript.parseJsonConfigFileContent(json.config, typescript.sys, root, undefined, path);
  const host = typescript.createCompilerHost(parsed.options);
  const { getSourceFile } = host;
  host.getSourceFile = (fileName, languageVersion, onError, create) => {
    if (!/\/typescript\/lib\//.test(fileName)) return getSourceFile(fileName, languageVersion, onError, create);
    const target = typeof languageVersion === 'object' ? languageVersion.languageVersion : languageVersion;
    const key = `${typescript.version} ${target} ${fileName}`;
    if (!libraries.has(key)) libraries.set(key, getSourceFile(fileName, languageVersion, onError, create));
    return libraries.get(key);
  };
  const outputs = new Map<string, string>();
  host.writeFile = (fileName, text, bom) => {
    outputs.set(relative(root, fileName), text);
    typescript.sys.writeFile(fileName, text, bom);
  };
  const references = parsed.projectReferences;
  const options = { rootNames: parsed.fileNames, options: parsed.options, host };
  const program = typescript.createProgram({ ...options, ...(references && { projectReferences: references }) });
  const used = plugin === undefined ? program : transformProgram(program, host, plugin, { ts: typescript });
  const before = typescript.getPreEmitDiagnostics(used);
  const emitted = used.emit();
  const diagnostics = [...parsed.errors, ...before, ...emitted.diagnostics];
  return {
    outputs,
    diagnostics: typescript.sortAndDeduplicateDiagnostics(diagnostics).map((diagnostic) => {
      const text = typescript.flattenDiagnosticMessageText(diagnostic.messageText, '\n');
      const place =
        diagnostic.file === undefined ? '' : `${relative(root, diagnostic.file.fileName)}:${diagnostic.start}: `;
      return `${place}TS${diagnostic.code}: ${text}`;
    }),
    emitSkipped: emitted.emitSkipped,
  };
}
