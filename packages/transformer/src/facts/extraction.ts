/** What the visitors of this phase share while they walk one module. */
import type { Class, Node, PrivateName } from '@babel/types';
import type { ParsedModule } from '../parse/parse.js';
import type { Span } from '../program.js';
import type { RuleId } from '../report/rules.js';
import { seenDeclarations } from '../syntax/staticElements.js';
import { spellingIn } from './constantKeys.js';
import type { CallFact, FunctionFact, ModuleFacts, Source, Vertex } from './facts.js';
import { isIndex, keyName, literalKey } from './names.js';
import { type Pragmas, pragmasOf } from './pragmas.js';
import { privateKeysIn } from './privateKeys.js';
import { lookup, type Scope } from './scopes.js';
import { SleepCells } from './sleepCells.js';
import { type Traits, traitsOf } from './traits.js';

/** Where the walk is. */
export interface Place {
  readonly scope: Scope;
  /** The scope of the function's own statements, or of the module's. */
  readonly body: Scope;
  readonly strict: boolean;
  readonly fn: number;
  readonly self: Vertex | undefined;
  readonly superClass: Vertex | undefined;
  /** The rule of a position that forbids awaiting. */
  readonly barrier: RuleId | undefined;
  /** Whether the statements around cannot be put into a `try` statement, so that array patterns stay as they are. */
  readonly keepsArrayPatterns: boolean;
  /** The scope of statements that are not put into a `try` statement, so that what they declare with `using` is disposed of by the language. */
  readonly keepsDisposals?: Scope | undefined;
  /** In static elements, `super` is not that of the function. */
  readonly inStatics?: boolean;
}

export type Mutable<T> = { -readonly [K in keyof T]: T[K] extends readonly (infer E)[] ? E[] : T[K] };

/** One module's facts in the making. */
export interface Extraction {
  readonly module: ParsedModule;
  readonly facts: Mutable<ModuleFacts>;
  readonly cells: SleepCells;
  readonly traits: Traits;
  readonly pragmas: Pragmas;
  /** Function expressions by the place that their own name denotes. */
  readonly selfNames: Map<Vertex, Mutable<FunctionFact>>;
  /** What `this` may be in static elements of a class, by the place of the class: that or what extends it. Once somebody has asked. */
  readonly classSelves: Map<Vertex, Vertex | undefined>;
  readonly globals: Map<string, Vertex>;
  /**
   * Methods and accessors whose asynchronous form is written where the object is at hand that `super` belongs to. That of an arrow
   * function in them is also written in their original, where it is not.
   */
  readonly homed: Set<number>;
  /** The name under which facts know a private member. */
  readonly privateKey: (name: PrivateName) => string | undefined;
  /** What may stand in the place of a key: what a constant holds, or the key itself. */
  readonly spelled: (key: Node) => Node;
  /** Classes that are declared where their static elements may see it, once somebody has asked. */
  readonly seenDeclarations: () => ReadonlySet<Class>;
  /** What the declarations of each namespace so far export. */
  readonly namespaces: Map<string, Map<string, Vertex>>;
  /** Variables that loops count with. */
  readonly counters: Set<Vertex>;
  /** Places that hold the items of a list in place of the list: `arguments`, rest parameters, and what is filled from these. */
  readonly itemHolders: Set<Vertex>;
  /** Places that hold an item of one. */
  readonly items: Set<Vertex>;
}

export function startExtraction(module: ParsedModule): Extraction {
  const pragmas = pragmasOf(module);
  let seen: ReadonlySet<Class> | undefined;
  return {
    module,
    facts: {
      fileName: module.fileName,
      vertices: 0,
      functions: [],
      classes: [],
      objects: [],
      accessors: [],
      calls: [],
      accesses: [],
      sources: [],
      edges: [],
      loads: [],
      keyedLoads: [],
      stores: [],
      lists: [],
      keyedStores: [],
      exports: [],
      exportAll: [],
      imports: [],
      replacements: [],
      requires: [],
      sleepCells: [],
      onlyDeclares: false,
      firstAwaited: undefined,
      lastCall: undefined,
      variables: [],
      pragmaRemarks: [...pragmas.remarks],
    },
    cells: new SleepCells(),
    traits: traitsOf(module.ast.program),
    pragmas,
    selfNames: new Map(),
    classSelves: new Map(),
    globals: new Map(),
    homed: new Set(),
    privateKey: privateKeysIn(module.ast.program),
    spelled: spellingIn(module),
    seenDeclarations: () => {
      seen ??= seenDeclarations(module.ast.program);
      return seen;
    },
    namespaces: new Map(),
    counters: new Set(),
    itemHolders: new Set(),
    items: new Set(),
  };
}

/** The name of a member that is not computed. */
export function memberKey(x: Extraction, key: Node): string | undefined {
  return key.type === 'PrivateName' ? x.privateKey(key) : keyName(key);
}

/** The name of a member; undefined if only running tells. */
export function keyOf(x: Extraction, key: Node, isComputed: boolean | null | undefined): string | undefined {
  return isComputed === true ? literalKey(x.spelled(key)) : memberKey(x, key);
}

export function vertex({ facts }: Extraction): Vertex {
  return facts.vertices++;
}

/** A vertex that holds `source`. */
export function from(x: Extraction, source: Source): Vertex {
  const target = vertex(x);
  x.facts.sources.push({ target, source });
  return target;
}

export function flow({ facts }: Extraction, source: Vertex, target: Vertex): void {
  facts.edges.push({ from: source, to: target });
}

/** Adds a call, of which nothing else is true than what is said of it. */
export function addCall(
  x: Extraction,
  call: Pick<CallFact, 'span' | 'caller' | 'callee' | 'barrier'> & Partial<CallFact>,
): CallFact {
  const { args = [] } = call;
  const fact: CallFact = {
    iteration: undefined,
    receiver: undefined,
    property: undefined,
    calleeName: undefined,
    args,
    firstSpread: undefined,
    borrowed: undefined,
    firstString: undefined,
    secondKey: undefined,
    argsFromElsewhere: args.map(() => false),
    argSpans: args.map(() => undefined),
    result: vertex(x),
    construct: false,
    isSuper: false,
    isImplicit: false,
    isLast: false,
    ...call,
  };
  x.facts.calls.push(fact);
  return fact;
}

/** A vertex that holds what any of `sources` holds. */
export function join(x: Extraction, sources: readonly Vertex[]): Vertex {
  const target = vertex(x);
  for (const source of sources) flow(x, source, target);
  return target;
}

/** A vertex that holds a member of `object`; `property` undefined: any. */
export function load(x: Extraction, object: Vertex, property: string | undefined, span?: Span): Vertex {
  const target = vertex(x);
  x.facts.loads.push({ object, property, target, span });
  if (x.itemHolders.has(object) && (property === undefined || isIndex(property))) {
    flow(x, object, target);
    x.items.add(target);
  }
  return target;
}

/** The same, where the key is no literal, and may be a name. */
export function loadByKey(x: Extraction, object: Vertex, span?: Span): Vertex {
  const target = load(x, object, undefined, span);
  x.facts.keyedLoads.push({ object, target });
  return target;
}

export function declare(x: Extraction, scope: Scope, names: readonly string[]): void {
  for (const name of names) if (!scope.bindings.has(name)) scope.bindings.set(name, vertex(x));
}

export function nested(at: Place): Place {
  return { ...at, scope: { parent: at.scope, bindings: new Map() } };
}

/** The variable of this name, or the global. */
export function variable(x: Extraction, name: string, at: Place): Vertex {
  return lookup(at.scope, name) ?? global(x, name);
}

function global(x: Extraction, name: string): Vertex {
  let found = x.globals.get(name);
  if (found === undefined) {
    found = name === 'undefined' ? vertex(x) : from(x, { kind: 'external', path: name === 'globalThis' ? '' : name });
    x.globals.set(name, found);
  }
  return found;
}
