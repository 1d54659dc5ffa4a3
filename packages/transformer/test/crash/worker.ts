/**
 * Inspects packages in a process of its own: the parent sends a {@link Task}, and gets {@link Progress} for each file before it is compiled, so
 * that it knows which one hangs, and {@link Result} at the end.
 */
import { inspectPackage, type PackageInspection, type Task } from './packages.js';

export interface Progress {
  readonly kind: 'progress';
  readonly fileName: string;
}

export interface Result extends PackageInspection {
  readonly kind: 'result';
}

function report(message: Progress | Result): void {
  process.send?.(message);
}

process.on('message', (task: Task) => {
  const inspection = inspectPackage(task, (fileName) => report({ kind: 'progress', fileName }));
  report({ kind: 'result', ...inspection });
});
