/** The compiler as a library. */
export { defineConfig, type UnblockOptions } from './config/config.js';
export { type Compilation, compile, type RewrittenModule } from './engine.js';
export { UnblockError } from './errors.js';
export type { CompilerOptions, ModuleInput, ModuleKind, ProgramInput, Span, Syntax } from './program.js';
export type { Frame, Reason, Verdict, VerdictStatus } from './report/verdict.js';
