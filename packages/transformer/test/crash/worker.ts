/**
 * Inspects packages in a process of its own: the parent sends a {@link Task}, and gets {@link Progress} for each file before it is compiled, so that it
 * knows which one hangs, and {@link Result} at the end.
 */
import { type Inspection, inspectFile, inspectProgram, type Unreadable, unreadable } from './inspect.js';
import { type Limits, sourcesOf } from './sources.js';

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

export interface Result extends Inspection {
  readonly kind: 'result';
  /** The files that were compiled. */
  readonly files: readonly string[];
  readonly size: number;
  readonly unreadable: Readonly<Record<string, Unreadable>>;
}

function inspect({ directory, limits, only = '' }: Task): Result {
  const sources = sourcesOf(directory, limits).filter(({ fileName }) => fileName.includes(only));
  const broken: Record<string, Unreadable> = {};
  const readable = sources.filter((module) => {
    const why = unreadable(module);
    if (why !== undefined) broken[module.fileName] = why;
    return why === undefined;
  });
  const inspections = readable.map((module) => {
    report({ kind: 'progress', fileName: module.fileName });
    return inspectFile(module);
  });
  report({ kind: 'progress', fileName: `${directory}, as a program` });
  inspections.push(inspectProgram(readable));
  return {
    kind: 'result',
    files: readable.map(({ fileName }) => fileName),
    size: readable.reduce((sum, { text }) => sum + text.length, 0),
    unreadable: broken,
    findings: inspections.flatMap(({ findings }) => findings),
    measures: inspections.flatMap(({ measures }) => measures),
  };
}

function report(message: Progress | Result): void {
  process.send?.(message);
}

process.on('message', (task: Task) => report(inspect(task)));
