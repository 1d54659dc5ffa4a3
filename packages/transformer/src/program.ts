/** What goes into the compiler and what comes out: plain data, the same for every host. */
import type { ParserOptions } from '@babel/parser';
import type { Switches } from './catalogue/blocking.js';
import type { LoadingEnd } from './colour/loading.js';
import type { AccessPlan, CallPlan, FunctionPlan, Wrapper } from './colour/plan.js';
import type { Finding } from './report/finding.js';
import type { StayingCall, Verdict } from './report/verdict.js';

/** A half-open range of offsets (UTF-16 code units) in a module's text. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A {@link Span} as a map key; unique among nodes of one kind. */
export type SpanKey = number;

const KEY_BASE = 2 ** 26;

/** The key of a span. Texts are limited to 64 Mi code units, so that the key is an exact integer. */
export function spanKey(span: Span): SpanKey {
  return span.start * KEY_BASE + span.end;
}

/** The `start` of the span that `key` stands for. */
export function startOfKey(key: SpanKey): number {
  return Math.floor(key / KEY_BASE);
}

/** The `end` of the span that `key` stands for. */
export function endOfKey(key: SpanKey): number {
  return key % KEY_BASE;
}

export type ModuleKind = 'esm' | 'commonjs';

/** How a host has its files parsed: options of `@babel/parser` that say what is accepted. */
export type Syntax = Pick<
  ParserOptions,
  'plugins' | 'strictMode' | 'annexB' | Extract<keyof ParserOptions, `allow${string}`>
>;

/** One source file of the program. */
export interface ModuleInput {
  /** Absolute path with forward slashes; the file's identity. */
  readonly fileName: string;
  readonly text: string;
  /** How the text is to be read; TypeScript's ESM syntax that is emitted as CommonJS counts as `esm`. */
  readonly kind: ModuleKind;
  /** The module's top level may await: it runs as an ES module, and the user has asked for it. False by default. */
  readonly topLevelAwait?: boolean;
  /** How the text is parsed, where the host says so; by default the file's name tells. */
  readonly syntax?: Syntax;
}

/** A whole program, or a single module if `closed` is false and the other modules are unknown. */
export interface ProgramInput {
  readonly modules: readonly ModuleInput[];
  /** Resolves an import to the `fileName` of a module of the program; undefined if it is not part of it. */
  resolve(specifier: string, fromFile: string): string | undefined;
  /**
   * True if `modules` is everything that is compiled: imports that do not resolve are uncompiled packages. False if project
   * imports (relative specifiers) outside `modules` may lead to compiled code.
   */
  readonly closed: boolean;
  /** Of which modules a syntax error leaves them out, and the program open, instead of failing. Of none by default. */
  readonly skipsUnreadable?: (fileName: string) => boolean;
  readonly options: CompilerOptions;
  /** Static types, where the host has them; they make the analysis more exact. */
  readonly types?: TypeOracle;
}

/** What a type checker knows about a value. */
export type StaticType =
  /** An object of the language or of Node itself. */
  | { readonly kind: 'platform' }
  /** An instance of the class of the program whose text ends at the offset `end`, or of one that extends it. */
  | { readonly kind: 'instance'; readonly fileName: string; readonly end: number };

export interface TypeOracle {
  /** The type of `o` in the method call `o.m()` or the member expression `o.m` at `place`; undefined if it says nothing that could be relied on, such as `any`. */
  receiver(fileName: string, place: Span): StaticType | undefined;
  /** Whether the member expression or the binding of a pattern at `place` is a string, a number or another primitive value. */
  isPrimitive(fileName: string, place: Span): boolean;
}

/** The options that the compiler itself reads; hosts have more. */
export interface CompilerOptions {
  /** Categories and functions of the catalogue that are left blocking, such as `{ fs: false, 'fs.readFileSync': true }`. */
  readonly patch: Switches;
  /** Specifier of the runtime's helpers in compiled code. */
  readonly runtime: string;
  /**
   * Functions of uncompiled packages whose callbacks may run asynchronously, because their caller awaits or ignores what they return:
   * `bullmq.Worker` by module and export, `.process` for methods of this name on objects that are not the program's.
   */
  readonly roots?: readonly string[];
  /** Names of packages that are compiled apart from the program: their functions may have twins. None by default. */
  readonly packages?: readonly string[];
  /** Functions that only asynchronous code is seen to call are written once. False by default. */
  readonly compact?: boolean;
  /** Forced colour, for tests of the compiler: every function counts as one that may suspend, and every call too. False by default. */
  readonly forced?: boolean;
  /** What calls do of which nothing is known, where the program is open and nothing comes from project code that is not at hand. `block` by default. */
  readonly unknownCalls?: 'block' | 'suspend';
  /** For tests of the compiler, whose code may grow: functions nested in this many originals have no asynchronous form there. 2 by default. */
  readonly maxOriginals?: number;
}

/** What analysis decided about one module: all that rewriting reads. */
export interface ModulePlan {
  readonly functions: ReadonlyMap<SpanKey, FunctionPlan>;
  readonly calls: ReadonlyMap<SpanKey, CallPlan>;
  /** Accesses of properties that may run an accessor which suspends. */
  readonly accesses: ReadonlyMap<SpanKey, AccessPlan>;
  /** Expressions that are put into a helper: callbacks which start their asynchronous form, memory that is only slept on. */
  readonly wrapped: ReadonlyMap<SpanKey, Wrapper>;
  /** The module's own statements are rewritten like those of an `async` function. */
  readonly topLevelAwait: boolean;
  /**
   * `async` functions do not suspend while the module is loaded, because what comes behind finds done what they do at once; up to the statement `end`,
   * if there is one. Undefined where the module calls none.
   */
  readonly loading: { readonly end: LoadingEnd | undefined } | undefined;
  /** Functions nested in this many originals have no asynchronous form there. */
  readonly maxOriginals: number;
  /** Calls that return an emitter of Node's which has just been made. */
  readonly made: ReadonlySet<SpanKey>;
  /** Whether there are any in the program. */
  readonly tells: boolean;
  /** Packages imported here that have a pack at run time: their specifier, as in `import express from 'express'`. */
  readonly packs: readonly string[];
  /** Calls of `require` for such packages. */
  readonly packRequires: readonly SpanKey[];
  /** Whether handlers here wait for what they start by `next`. */
  readonly awaitsNext: boolean;
}

/** The result of analysis over the program. */
export interface Analysis {
  readonly plans: ReadonlyMap<string, ModulePlan>;
  readonly verdicts: readonly Verdict[];
  /** Calls that block by what they call, and stay as they are. Found when it is asked for. */
  staying(): readonly StayingCall[];
  /** What else there is to report. Found when it is first asked for. */
  findings(): readonly Finding[];
}
