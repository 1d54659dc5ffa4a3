/** What flow analysis has found: which functions calls may reach, and what places hold. */
import type { AccessFact, CallFact, ModuleFacts } from '../facts/facts.js';
import type { Accessors } from './accessors.js';
import type { Arrival } from './tokens.js';

export interface ResolvedCall {
  readonly module: number;
  readonly fact: CallFact;
  readonly caller: number;
  readonly callees: readonly Arrival[];
  /** What may arrive at each argument, object literals included. */
  readonly args: readonly (readonly Arrival[])[];
  readonly receivers: readonly Arrival[];
  /** Nothing is known of the callee but what is stored on the receiver under keys that only running tells. */
  readonly isByKey: boolean;
  /** What runs because a builtin iterates an argument. */
  readonly iterated: readonly Arrival[];
}

export interface Flow {
  readonly modules: readonly ModuleFacts[];
  readonly calls: readonly ResolvedCall[];
  /** The program-wide ids of what a module numbers by itself. */
  functionOf(module: number, fn: number): number;
  classOf(module: number, cls: number): number;
  /** What arrives at a place of a module. */
  heldAt(module: number, vertex: number): readonly Arrival[];
  /** What makes the instances of a class: its constructor, or a function that stands for the one that is not written. */
  constructionOf(cls: number): number;
  /** A class and those of the program that it extends. */
  lineage(cls: number): readonly number[];
  /** The paths of what a class extends that is not the program's. */
  parentsOf(cls: number): readonly string[];
  /** Methods of objects of a class, those of classes that extend it included. */
  membersNamed(cls: number, name: string): readonly number[];
  /** What makes the instances of classes that extend the language's errors. */
  readonly errorConstructions: ReadonlySet<number>;
  /** Functions and object literals held by an object literal. */
  membersOf(obj: number): readonly Arrival[];
  readonly accessors: Accessors;
  /** What may arrive at the object whose property an access reads or writes. */
  receiversOf(module: number, access: AccessFact): readonly Arrival[];
  /** What array literals hold that may be an argument of a call, or a property of one: arrays in arrays included. */
  listedIn(call: ResolvedCall, argument: number): readonly Arrival[];
  /** What a function may return. */
  resultsOf(fn: number): readonly Arrival[];
  /** Functions exported by a module. */
  exportsOf(module: number): readonly Arrival[];
  /** Functions that are stored under keys that only running tells, on objects of which nothing is known. */
  readonly strays: ReadonlySet<number>;
  /** Functions that are assigned to properties of what Node or a package has made (`agent.createConnection = f`), and whether it is Node. */
  readonly assignedOutside: ReadonlyMap<number, boolean>;
  /** Functions that the language may call by their names: `toString` and the like, `then` where a value is awaited, or resolves a promise, and what stacks dispose of. */
  readonly calledByLanguage: ReadonlySet<number>;
  /** What any value stands for: as the callee of a method call, what properties of that name hold; else whatever is held in too many places. */
  anyOf(property: string | undefined): readonly Arrival[];
}
