/** The search in one package. */
import { readdirSync } from 'node:fs';
import { relative } from 'node:path';
import { fileId } from '../../src/hosts/paths.js';
import type { ModuleInput } from '../../src/program.js';
import { type Exclusion, judgeExclusions } from './exclusions.js';
import { type Finding, type Inspection, inspectFile, inspectProgram, type Unreadable } from './inspect.js';
import { type Limits, type SourceKind, sourceKindOf, sourcesOf } from './sources.js';

export interface Task {
  readonly directory: string;
  readonly limits: Limits;
  readonly exclusions: readonly Exclusion[];
  /** Only files whose name contains this. */
  readonly only?: string;
}

/** A file that was compiled. */
export interface Compiled {
  readonly fileName: string;
  readonly is: SourceKind;
  /** In characters. */
  readonly size: number;
}

/** File names are those within the package. */
export interface PackageInspection extends Pick<Inspection, 'findings' | 'measures'> {
  readonly files: readonly Compiled[];
}

/** Compiles the files of a package, each on its own and all as a program. @param begin is told of each before it is compiled */
export function inspectPackage(task: Task, begin: (name: string) => void = () => {}): PackageInspection {
  const { directory, limits, exclusions, only = '' } = task;
  const sources = sourcesOf(directory, limits).filter(({ fileName }) => fileName.includes(only));
  const root = fileId(directory);
  const nameOf = (fileName: string) => relative(root, fileName).replaceAll('\\', '/');
  const unreadable: Record<string, Unreadable> = {};
  const readable: ModuleInput[] = [];
  const inspections = sources.map((module) => {
    begin(nameOf(module.fileName));
    const inspection = inspectFile(module);
    if (inspection.unreadable === undefined) readable.push(module);
    else unreadable[nameOf(module.fileName)] = inspection.unreadable;
    return inspection;
  });
  begin('the package as a program');
  inspections.push(inspectProgram(readable));
  const files = readable.map((module) => ({
    fileName: nameOf(module.fileName),
    is: sourceKindOf(module),
    size: module.text.length,
  }));
  const compiled = files.map(({ fileName }) => fileName);
  const present = exclusions.length === 0 ? [] : readdirSync(directory, { recursive: true }).map(String);
  const found: Finding[] = inspections.flatMap(({ findings }) => findings);
  return {
    files,
    measures: inspections.flatMap(({ measures }) => measures),
    findings: [
      ...found.map((one) => ({ ...one, fileName: nameOf(one.fileName) })),
      ...judgeExclusions(exclusions, {
        ...{ compiled, unreadable },
        present: present.map((name) => name.replaceAll('\\', '/')),
      }),
    ],
  };
}
