/** A project for hosts that hand over one file after the other: analysed once, and again when its files have changed. */
import { readFileSync, realpathSync, statSync } from 'node:fs';
import { type Compilation, compile, type RewrittenModule } from '../engine.js';
import { UnblockError } from '../errors.js';
import type { CompilerOptions, ModuleInput } from '../program.js';
import { fileId } from './paths.js';
import type { Project } from './project.js';

/** How a project comes to be. */
export interface ProjectSource {
  load(): Project;
  /** A module as this host reads it; called for each module of an analysis. */
  read(module: ModuleInput): ModuleInput;
  readonly options: CompilerOptions;
}

interface Analysed {
  readonly modules: ReadonlyMap<string, ModuleInput>;
  readonly compilation: Compilation;
  /** See `Project.name`. */
  readonly name: string;
  /** When loading began, in milliseconds. */
  readonly since: number;
  /** When the file of that name was changed, as it was after loading. */
  readonly changed: number;
}

/** Milliseconds by which the times of files may lag behind the clock: file systems take them from a coarser one. */
const LAG = 20;

export class WatchedProject {
  readonly #source: ProjectSource;
  #analysed: Analysed | undefined;

  constructor(source: ProjectSource) {
    this.#source = source;
  }

  /**
   * The module of the project that a host hands over as `text`; undefined if the text is not what stands on disk, because something else
   * has changed it before. The project is analysed anew if it has seen another text.
   *
   * @throws {UnblockError} `outside` for a file on disk that is not of the project
   */
  module(fileName: string, text: string): ModuleInput | undefined {
    if (textOnDisk(fileName) !== text) return undefined;
    let found = this.#find(fileName);
    if (this.#analysed !== undefined && this.#isOutdated(this.#analysed, fileName, text, found)) {
      this.#analysed = undefined;
      found = this.#find(fileName);
    }
    if (found !== undefined) return found;
    throw new UnblockError(
      'outside',
      `${fileName}: file outside the project (${this.#current().name}). Make it a file of the project, or keep the plugin from it.`,
    );
  }

  /** Whether the module could be parsed. */
  canRead(module: ModuleInput): boolean {
    return !this.#current().compilation.unreadable.has(module.fileName);
  }

  rewrite(module: ModuleInput): RewrittenModule | undefined {
    return this.#current().compilation.rewrite(module.fileName);
  }

  /** The next file finds the project analysed anew. */
  forget(): void {
    this.#analysed = undefined;
  }

  #current(): Analysed {
    this.#analysed ??= analyse(this.#source);
    return this.#analysed;
  }

  /** By its own name, or by that of the file which it is a link to. */
  #find(fileName: string): ModuleInput | undefined {
    const { modules } = this.#current();
    return modules.get(fileName) ?? modules.get(fileId(realpathSync(fileName)));
  }

  #isOutdated(analysed: Analysed, fileName: string, text: string, found: ModuleInput | undefined): boolean {
    if (found === undefined ? changedAt(fileName) > analysed.since - LAG : found.text !== text) return true;
    const changed = changedAt(analysed.name);
    return changed !== analysed.changed || changed > analysed.since;
  }
}

function analyse({ load, read, options }: ProjectSource): Analysed {
  const since = Date.now();
  const project = load();
  const { resolve, closed, types, name } = project;
  const modules = project.modules.map(read);
  const compilation = compile({
    modules,
    resolve,
    closed,
    options,
    skipsUnreadable: () => true,
    ...(types && { types }),
  });
  return {
    modules: new Map(modules.map((module) => [module.fileName, module])),
    compilation,
    name,
    since,
    changed: changedAt(name),
  };
}

function textOnDisk(fileName: string): string | undefined {
  try {
    return readFileSync(fileName, 'utf8').replace(/^\uFEFF/, '');
  } catch {
    return undefined;
  }
}

/** When the file was last written, or put in its place; 0 if there is none. */
function changedAt(fileName: string): number {
  return statSync(fileName, { throwIfNoEntry: false })?.ctimeMs ?? 0;
}
