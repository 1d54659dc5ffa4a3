/** Facts of one module: what it defines, calls and passes around. Plain data; indices instead of references. */
import type { Span } from '../program.js';
import type { RuleId } from '../report/rules.js';
import type { PragmaRemark } from './pragmas.js';

/** A place that holds values: a variable, a parameter, the result of an expression. Index, local to the module. */
export type Vertex = number;
/** Index into {@link ModuleFacts.functions}; the module body is function 0. */
export type FunctionIndex = number;

export type FunctionKind = 'module' | 'function' | 'arrow' | 'method' | 'getter' | 'setter' | 'constructor';

export interface FunctionFact {
  readonly kind: FunctionKind;
  readonly name: string;
  /** That of its node; of the body of an async generator where that is a function of its own, the body's. */
  readonly span: Span;
  /** It may await: an `async` function, or a module whose top level awaits. */
  readonly async: boolean;
  /** The parts of an `async` function that it does not run before its caller goes on, and those of a module that awaits. */
  readonly behindAwait: readonly Span[];
  readonly parent: FunctionIndex;
  readonly params: readonly Vertex[];
  /** The last parameter is a rest parameter, which holds its items. */
  readonly hasRest: boolean;
  /** `arguments`, which holds its items; undefined where nothing names it. */
  readonly given: Vertex | undefined;
  readonly self: Vertex;
  /** `this` is more than the object whose members are named: handed on, returned, assigned. */
  readonly usesSelf: boolean;
  readonly result: Vertex;
  /** For a generator that is not `async`: what it yields, and what it is resumed with. */
  readonly yields: Vertex | undefined;
  readonly resumed: Vertex | undefined;
  /** The key of an instance method in a class that extends another: what it extends may call it. */
  readonly inheritedKey: string | undefined;
  /** It may be asked for as `arguments.callee`. */
  readonly isCallee: boolean;
  /** The rule that names why this function can have no asynchronous form. */
  readonly barrier: RuleId | undefined;
}

export interface CallFact {
  readonly span: Span;
  readonly caller: FunctionIndex;
  /** For an iteration, what is run is found by flow analysis from what is iterated, and arrives here. */
  readonly callee: Vertex;
  /** Not a call in the text, but something that asks an iterable for its items: `for...of`, spread, an array pattern, `yield*`. */
  readonly iteration: IterationFact | undefined;
  /** For method calls: the receiver, and the method's name unless it is computed. */
  readonly receiver: Vertex | undefined;
  readonly property: string | undefined;
  /** What the text calls the callee, for the report: `read` of `store.read()` and `read()`. */
  readonly calleeName: string | undefined;
  readonly args: readonly Vertex[];
  /** The first argument that is spread: from there on, positions say nothing. */
  readonly firstSpread: number | undefined;
  /** The builtin's name in `Array.prototype.map.call(list, f)` and `[].map.call(list, f)`. */
  readonly borrowed: string | undefined;
  /** The first argument, if it is a string literal: the name of an event. */
  readonly firstString: string | undefined;
  /** The second, if it is a key that is known: the name of a property. */
  readonly secondKey: string | undefined;
  /** Which arguments are neither literals nor functions written in place: what they hold depends on the flow of values. */
  readonly argsFromElsewhere: readonly boolean[];
  /** Where each argument stands; undefined for spread ones and for what a template tag is given. */
  readonly argSpans: readonly (Span | undefined)[];
  readonly result: Vertex;
  readonly construct: boolean;
  /** `super(...)`, which nothing can stand in for. */
  readonly isSuper: boolean;
  /** It is not written as a call, so that nothing can await it: a decorator is called where its class is defined, and an element of JSX becomes a call. */
  readonly isImplicit: boolean;
  /** It calls a name, and its function does nothing any more behind it. */
  readonly isLast: boolean;
  /** The rule that names why this place forbids awaiting. */
  readonly barrier: RuleId | undefined;
}

export interface IterationFact {
  readonly iterable: Vertex;
  /** Holds the items. */
  readonly items: Vertex;
  /** `for await`: async iterators are asked before others. */
  readonly isAsync: boolean;
}

export interface ClassFact {
  readonly name: string;
  /** The offset at which its text ends: no two classes of a module share one. */
  readonly end: number;
  readonly superClass: Vertex | undefined;
  /** The constructor that is written. */
  readonly constructor: FunctionIndex | undefined;
  /** What makes the instances: the constructor, or a function that stands for the one that is not written. */
  readonly construction: FunctionIndex;
  readonly members: readonly { readonly name: string; readonly isStatic: boolean; readonly fn: FunctionIndex }[];
  /** Fields, which are properties of each object's own. */
  readonly fields: readonly { readonly name: string; readonly isStatic: boolean }[];
}

/** An accessor that a class or an object literal declares. */
export interface AccessorFact {
  readonly kind: 'get' | 'set';
  /** Private names begin with `#`; undefined: computed. */
  readonly name: string | undefined;
  readonly fn: FunctionIndex;
  readonly owner:
    | { readonly kind: 'class'; readonly index: number; readonly isStatic: boolean }
    | { readonly kind: 'object'; readonly index: number };
}

/**
 * - `get`, `set`: a read and a write.
 * - `update`: both, as `+=` and `++` do.
 * - `copy`: a read of all own properties, as spread and rest do.
 */
export type AccessKind = 'get' | 'set' | 'update' | 'copy';

/** A place that reads or writes a property, and so may run an accessor. */
export interface AccessFact {
  readonly kind: AccessKind;
  /** The member expression, the property of a pattern, or the spread or rest element. */
  readonly span: Span;
  readonly caller: FunctionIndex;
  readonly object: Vertex;
  /** Undefined: computed, or all. */
  readonly property: string | undefined;
  /** Sloppy code says nothing where a write fails. */
  readonly sloppy: boolean;
  /** The rule that names why this place forbids awaiting. */
  readonly barrier: RuleId | undefined;
}

export type Source =
  | { readonly kind: 'function'; readonly index: FunctionIndex }
  | { readonly kind: 'class'; readonly index: number }
  | { readonly kind: 'instance'; readonly index: number }
  | { readonly kind: 'super'; readonly index: number; readonly isStatic: boolean }
  /** An object literal, by index into {@link ModuleFacts.objects}. */
  | { readonly kind: 'object'; readonly index: number }
  | { readonly kind: 'external'; readonly path: string }
  /** `name` is an export, or `*` for the namespace. */
  | { readonly kind: 'import'; readonly specifier: string; readonly name: string }
  /** A module of which only running tells the name. */
  | { readonly kind: 'some module' };

/** A call with which a statement of a module begins something. */
export interface StartingCallFact {
  readonly call: Span;
  /** Where the statement begins. */
  readonly statement: number;
  /** What is evaluated up to where others have their turn. */
  readonly part: Span;
}

export interface ModuleFacts {
  readonly fileName: string;
  readonly vertices: number;
  readonly functions: readonly FunctionFact[];
  readonly classes: readonly ClassFact[];
  readonly objects: readonly (readonly { readonly name: string; readonly value: Vertex }[])[];
  /** Array literals, and what they hold. */
  readonly lists: readonly { readonly result: Vertex; readonly items: readonly Vertex[] }[];
  readonly accessors: readonly AccessorFact[];
  readonly calls: readonly CallFact[];
  readonly accesses: readonly AccessFact[];
  readonly sources: readonly { readonly target: Vertex; readonly source: Source }[];
  readonly edges: readonly { readonly from: Vertex; readonly to: Vertex }[];
  /** `property` undefined: computed. */
  readonly loads: readonly {
    readonly object: Vertex;
    readonly property: string | undefined;
    readonly target: Vertex;
    /** The member expression, or the name that a pattern binds; undefined for elements of iterables. */
    readonly span: Span | undefined;
  }[];
  /** Those among them of which only running tells the key, and it may be a name: `o[name]`. */
  readonly keyedLoads: readonly { readonly object: Vertex; readonly target: Vertex }[];
  readonly stores: readonly {
    readonly object: Vertex | undefined;
    readonly property: string | undefined;
    readonly value: Vertex;
  }[];
  /** Those among them of which only running tells the key, and it may be a name: `o[name] = f`. */
  readonly keyedStores: readonly { readonly object: Vertex; readonly value: Vertex }[];
  readonly exports: readonly { readonly name: string; readonly value: Vertex }[];
  readonly exportAll: readonly string[];
  readonly imports: readonly string[];
  /** What decorators return for what is no method: code that build tools write calls it. */
  readonly replacements: readonly Vertex[];
  /** Calls of `require` with a literal. */
  readonly requires: readonly { readonly specifier: string; readonly span: Span }[];
  /** `new Int32Array(new SharedArrayBuffer(n))` that only calls of Atomics.wait ever see: nobody can notify those who wait there. */
  readonly sleepCells: readonly Span[];
  /** Whether the module's own statements run nothing. */
  readonly onlyDeclares: boolean;
  /** The call that the first of the module's own statements awaits which awaits. */
  readonly firstAwaited: StartingCallFact | undefined;
  /** The call with which a module ends that exports nothing; undefined in all others. */
  readonly lastCall: StartingCallFact | undefined;
  /** The variables of the module itself. */
  readonly variables: readonly Vertex[];
  readonly pragmaRemarks: readonly PragmaRemark[];
}
