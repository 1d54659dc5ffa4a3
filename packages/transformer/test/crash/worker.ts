/**
 * Inspects packages in a process of its own: the parent sends a {@link Task}, and gets {@link Progress} for each file before it is compiled, so that it
 * knows which one hangs, and {@link Result} at the end.
 */
import type { ModuleInput } from '../../src/program.js';
import { type Inspection, inspectFile, inspectProgram, type Unreadable } from './inspect.js';
import { type Limits, type SourceKind, sourceKindOf, sourcesOf } from './sources.js';

export interface Task {
  readonly directory: string;
  readonly limits: Limits;
  /** Only files whose name contains this. */
  readonly only?: string;
}

export interface Progress {
  readonly kind: 'progress';
  readonly fileName: string;
}

/** A file that was compiled. */
export interface Compiled {
  readonly fileName: string;
  readonly is: SourceKind;
  /** In characters. */
  readonly size: number;
}

export interface Result extends Pick<Inspection, 'findings' | 'measures'> {
  readonly kind: 'result';
  readonly files: readonly Compiled[];
  readonly unreadable: Readonly<Record<string, Unreadable>>;
}

function inspect({ directory, limits, only = '' }: Task): Result {
  const sources = sourcesOf(directory, limits).filter(({ fileName }) => fileName.includes(only));
  const broken: Record<string, Unreadable> = {};
  const readable: ModuleInput[] = [];
  const inspections = sources.map((module) => {
    report({ kind: 'progress', fileName: module.fileName });
    const inspection = inspectFile(module);
    if (inspection.unreadable === undefined) readable.push(module);
    else broken[module.fileName] = inspection.unreadable;
    return inspection;
  });
  report({ kind: 'progress', fileName: `${directory}, as a program` });
  inspections.push(inspectProgram(readable));
  return {
    kind: 'result',
    files: readable.map((module) => ({
      fileName: module.fileName,
      is: sourceKindOf(module),
      size: module.text.length,
    })),
    unreadable: broken,
    findings: inspections.flatMap(({ findings }) => findings),
    measures: inspections.flatMap(({ measures }) => measures),
  };
}

function report(message: Progress | Result): void {
  process.send?.(message);
}

process.on('message', (task: Task) => report(inspect(task)));
