/** Compiler options from what a host was given, with defaults. */
import type { CompilerOptions } from '../program.js';

const DEFAULTS: CompilerOptions = { patch: {}, roots: [], runtime: '@unblock/runtime/compiled' };

/** Host settings that are not options of the compiler: ts-patch passes its own. */
export function compilerOptions(given: Readonly<Record<string, unknown>>): CompilerOptions {
  const {
    patch = DEFAULTS.patch,
    roots = DEFAULTS.roots,
    runtime = DEFAULTS.runtime,
  } = given as Partial<CompilerOptions>;
  return { patch, roots, runtime };
}
