/** What one configuration of the Babel plugin does with the files that Babel hands over. */
import { statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { type LoadedSettings, loadSettings } from '../config/config.js';
import { compile, type RewrittenModule } from '../engine.js';
import { UnblockError } from '../errors.js';
import type { ModuleInput, Syntax } from '../program.js';
import { fileResolver, resolverOfWorkspace } from './fileResolver.js';
import { moduleKinds } from './moduleKind.js';
import { fileId } from './paths.js';
import { filesProject, type Project, tsconfigProject } from './project.js';
import { requireRuntime } from './runtimeCheck.js';
import { WatchedProject } from './watchedProject.js';

/** How messages call the plugin. */
const ORIGIN = 'Babel plugin @unblock/transformer';

/** A file as Babel is about to parse it. */
export interface BabelFile {
  /** Absolute; undefined for text without a file. */
  readonly fileName: string | undefined;
  /** Without a byte order mark. */
  readonly text: string;
  readonly sourceType: string | undefined;
  readonly syntax: Syntax;
  /** Whether ES modules stay so, for engines that know top-level `await`. */
  readonly keepsModules: boolean;
}

/** The options of the plugin that are not the compiler's. */
interface OwnOptions {
  readonly project?: string | readonly string[];
  readonly wholeProgram?: boolean;
}

const OWN = ['project', 'wholeProgram'];

const processed = new Map<string, BabelFiles>();

/**
 * The one for these options in this process, so that a project is analysed once, though Babel makes plugins anew for each file.
 *
 * @param cwd absolute; Babel's
 * @param options the plugin's, unchecked
 */
export function babelFiles(cwd: string, options: Readonly<Record<string, unknown>>): BabelFiles {
  const key = JSON.stringify([cwd, options]);
  const files = processed.get(key) ?? new BabelFiles(cwd, options);
  processed.set(key, files);
  return files;
}

class BabelFiles {
  readonly #cwd: string;
  readonly #options: Readonly<Record<string, unknown>>;
  readonly #own: OwnOptions;
  #settings: LoadedSettings;
  #configChanged: number;
  #kinds = moduleKinds();
  /** By what of Babel's configuration the analysis depends on. */
  readonly #projects = new Map<string, WatchedProject>();
  /** What Babel accepts in files of a language; known for those of which it has handed over one. */
  readonly #syntaxes = new Map<string, Syntax>();
  #isRuntimeKnown = false;
  readonly #resolveAlone = resolverOfWorkspace(() => undefined, fileResolver());

  /** @throws {UnblockError} for wrong options */
  constructor(cwd: string, options: Readonly<Record<string, unknown>>) {
    this.#cwd = cwd;
    this.#options = options;
    this.#settings = this.#loadSettings();
    this.#configChanged = changedAt(this.#settings.configFile);
    this.#own = ownOptions(options);
  }

  /**
   * The rewritten file; undefined if it stays as it is.
   *
   * @throws {UnblockError} for mistakes in options, project, file and installation
   */
  rewrite(file: BabelFile): RewrittenModule | undefined {
    this.#refresh();
    const rewritten = this.#inProject(file) ?? this.#alone(file);
    if (rewritten.module !== undefined) this.#requireRuntime(file.fileName);
    return rewritten.module;
  }

  #loadSettings(): LoadedSettings {
    return loadSettings(this.#cwd, { options: this.#options, origin: ORIGIN, others: OWN });
  }

  /** Watch builds see an edited configuration file. */
  #refresh(): void {
    const changed = changedAt(this.#settings.configFile);
    if (changed === this.#configChanged) return;
    this.#settings = this.#loadSettings();
    this.#configChanged = changed;
    this.#projects.clear();
    this.#isRuntimeKnown = false;
  }

  /** As part of the project; undefined if the file has to be compiled on its own. */
  #inProject(file: BabelFile): { readonly module: RewrittenModule | undefined } | undefined {
    const { fileName } = file;
    if (fileName === undefined || this.#own.project === undefined) return undefined;
    const language = languageOf(fileName);
    if (this.#projects.size === 0 && !this.#syntaxes.has(language)) this.#syntaxes.set(language, file.syntax);
    const project = this.#project(file, this.#own.project);
    const own = this.#module({ ...file, fileName });
    const read = () => {
      const known = project.module(fileName, file.text);
      if (known === undefined) return undefined;
      const isRight = known.kind === own.kind && typesOf(known) === typesOf(own) && project.canRead(known);
      return isRight ? { module: project.rewrite(known) } : undefined;
    };
    const result = read();
    if (result !== undefined || this.#syntaxes.has(language)) return result;
    // How Babel reads files of this language was guessed before, and now it is known.
    this.#syntaxes.set(language, file.syntax);
    project.forget();
    return read();
  }

  /** What it imports from other files of the project may block, which costs a lookup at run time and is always safe. */
  #alone(file: BabelFile): { readonly module: RewrittenModule | undefined } {
    const fileName = file.fileName ?? fileId(resolve(this.#cwd, 'unknown.js'));
    const { compiler } = this.#settings;
    const modules = [this.#module({ ...file, fileName })];
    const compilation = compile({ modules, resolve: this.#resolveAlone, closed: false, options: compiler });
    return { module: compilation.rewrite(fileName) };
  }

  #project(file: BabelFile, project: string | readonly string[]): WatchedProject {
    const key = JSON.stringify([file.sourceType, file.keepsModules]);
    const found = this.#projects.get(key);
    if (found !== undefined) return found;
    const made = new WatchedProject({
      load: () => this.#load(project),
      read: ({ fileName, text }) => {
        const syntax = this.#syntaxes.get(languageOf(fileName));
        return this.#module({ ...file, fileName, text, ...{ syntax } });
      },
      options: this.#settings.compiler,
    });
    this.#projects.set(key, made);
    return made;
  }

  #load(project: string | readonly string[]): Project {
    this.#kinds = moduleKinds();
    if (typeof project !== 'string') {
      return filesProject(project, this.#cwd, { closed: this.#own.wholeProgram === true });
    }
    return tsconfigProject(project, this.#cwd, `Name a tsconfig, or files, in the option project of the ${ORIGIN}.`);
  }

  #module(
    file: Pick<BabelFile, 'text' | 'sourceType' | 'keepsModules'> & { fileName: string; syntax?: Syntax | undefined },
  ): ModuleInput {
    const { fileName, text, sourceType, syntax } = file;
    const isScript = sourceType === 'script' || sourceType === 'commonjs';
    const kind = isScript ? 'commonjs' : this.#kinds.kindOf(fileName, text, syntax);
    const topLevelAwait = this.#settings.topLevelAwait && file.keepsModules && kind === 'esm';
    return { fileName, text, kind, topLevelAwait, ...(syntax && { syntax }) };
  }

  #requireRuntime(fileName: string | undefined): void {
    if (this.#isRuntimeKnown) return;
    const own = fileName === undefined ? [] : [dirname(fileName)];
    requireRuntime([...own, this.#cwd], this.#settings.compiler.runtime);
    this.#isRuntimeKnown = true;
  }
}

/** @throws {UnblockError} `bad-option` */
function ownOptions({ project, wholeProgram }: Readonly<Record<string, unknown>>): OwnOptions {
  const fail = (message: string): never => {
    throw new UnblockError('bad-option', `${ORIGIN}: ${message}`);
  };
  const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';
  const isList = (value: unknown): value is string[] => Array.isArray(value) && value.length > 0 && value.every(isText);
  if (project !== undefined && !isText(project) && !isList(project)) {
    return fail('the option project has to be the path of a tsconfig, or an array of files and globs.');
  }
  if (wholeProgram === undefined) return project === undefined ? {} : { project };
  if (typeof wholeProgram !== 'boolean') return fail('the option wholeProgram has to be true or false.');
  if (!isList(project)) return fail('the option wholeProgram goes with an array of files in the option project.');
  return { project, wholeProgram };
}

/** Files that Babel reads alike, as a rule. */
function languageOf(fileName: string): string {
  return /\.([mc]?ts|tsx)$/.exec(fileName)?.[0].replace(/^\.[mc]/, '.') ?? '.js';
}

/** What decides how some texts are read that may be read in two ways: `f<T>(x)`. */
function typesOf({ fileName, syntax }: ModuleInput): string {
  const names = syntax?.plugins?.map((plugin) => (Array.isArray(plugin) ? plugin[0] : plugin));
  if (names === undefined) return languageOf(fileName) === '.js' ? 'none' : 'typescript';
  return names.includes('typescript') ? 'typescript' : names.includes('flow') ? 'flow' : 'none';
}

function changedAt(file: string | undefined): number {
  return file === undefined ? 0 : (statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0);
}
