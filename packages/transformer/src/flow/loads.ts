/** What a read of a member means: which values flow from what has arrived at the object to where the member is used. */
import { assumedPath, blockingAt, isBlockingModule, objectMadeBy } from '../catalogue/blocking.js';
import { DISPOSE, isIndex } from '../facts/names.js';
import type { Span } from '../program.js';
import { APART, FOREIGN, isOfNode, NODE_RESULT } from './externalPaths.js';
import type { Graph } from './graph.js';
import type { Hierarchy } from './hierarchy.js';
import { generatorPlaces } from './iteration.js';
import type { Keyed } from './keyed.js';
import type { ModuleExports } from './moduleExports.js';
import type { Named } from './named.js';
import type { Numbering } from './numbering.js';
import type { Passing } from './passing.js';
import type { Properties } from './properties.js';
import type { ReceiverTypes } from './receiverTypes.js';
import type { Arrival, Token } from './tokens.js';

/** Where a method call stands whose callee is loaded. */
export interface MethodCall {
  readonly fileName: string;
  readonly span: Span;
}

export interface Loads {
  /**
   * Lets a member of what has arrived flow into a place; undefined: any member.
   *
   * @param call the method call for which the member is loaded, if that is so
   */
  load(token: Arrival, property: string | undefined, target: number, call?: MethodCall): void;
  /** Lets any member of an object flow into a place; other than {@link load}, it does not take the object for a collection of such objects. */
  loadAny(token: Token, target: number): void;
  /** A member of an object at which nothing of the program is known to arrive: what its type says, or anything of this name. */
  loadUnknown(property: string | undefined, target: number, call: MethodCall | undefined): void;
}

/** What reads refer to. */
export interface LoadContext {
  readonly numbering: Numbering;
  readonly graph: Graph<Token>;
  readonly properties: Properties;
  readonly hierarchy: Hierarchy;
  readonly exported: ModuleExports;
  readonly keyed: Keyed;
  readonly named: Named;
  readonly passing: Passing;
  readonly receiverTypes: ReceiverTypes;
  readonly memberPath: (path: string, property: string) => string;
}

/** Methods that run a generator. */
const STEPS: ReadonlySet<string> = new Set(['next', 'return', 'throw', DISPOSE]);

/** What `map` returns holds what its callback returns, so that elements of a function, or of an object, stand for itself. */
function isElement(property: string | undefined): boolean {
  return property === undefined || isIndex(property);
}

export function loadsIn({
  numbering,
  graph,
  properties,
  hierarchy,
  exported,
  keyed,
  named,
  passing,
  receiverTypes,
  memberPath,
}: LoadContext): Loads {
  const { place, add, edge, watchAll } = graph;
  /** Modules that any value may be, and what members of any value from outside the program are: one of many needs no path of its own. */
  const modulesHeld = graph.keptPlace('modules');
  const outsideResults = place('outside results');
  /** Modules of Node with blocking functions that any value may be: a copy of `fs` has these under their own names. */
  const blockingModulesHeld = graph.keptPlace('blocking modules');
  watchAll(undefined, (token) => {
    if (token.kind === 'namespace') add(modulesHeld, token);
    if (token.kind !== 'external') return;
    if (isBlockingModule(token.path)) add(blockingModulesHeld, token);
    add(outsideResults, { kind: 'external', path: isOfNode(token.path) ? NODE_RESULT : FOREIGN });
  });

  function load(token: Arrival, property: string | undefined, target: number, call?: MethodCall): void {
    switch (token.kind) {
      case 'any':
        edge(anyMember(property), target);
        break;
      case 'external':
        add(target, { kind: 'external', path: memberPath(token.path, property ?? '*') });
        if (isElement(property) && (blockingAt(token.path) !== undefined || isBlockingModule(token.path)))
          add(target, token);
        if (token.path === FOREIGN || token.path === APART) loadUnknown(property, target, call);
        else properties.assignedInto(property, target);
        break;
      case 'namespace':
        for (const name of property === undefined ? exported.namesOf(token.module) : []) {
          edge(exported.placeOf(token.module, name), target);
        }
        if (property !== undefined) edge(exported.memberOf(token.module, property), target);
        break;
      case 'class':
      case 'instance':
        // What a prototype has, the instances have.
        if (token.kind === 'class' && property === 'prototype') add(target, { kind: 'instance', cls: token.cls });
        if (token.kind === 'instance' && property === 'constructor') {
          for (const cls of [token.cls, ...hierarchy.descendants(token.cls)]) add(target, { kind: 'class', cls });
        }
        if (token.kind === 'instance' && property !== undefined) inheritBlocking(token.cls, property, target);
        // An array of instances is told from one of them as little as one of functions is.
        if (token.kind === 'instance' && property === undefined) add(target, token);
        if (classMember(token.cls, token.kind === 'class', property, target)) break;
        properties.flowInto(property, target);
        if (property !== undefined) keyed.readInto(token, property, target);
        break;
      case 'object':
        if (property === undefined || passing.isMember(token.obj, property))
          edge(place(`members ${token.obj}`), target);
        if (isElement(property)) add(target, token);
        properties.flowInto(property, target);
        if (property !== undefined) keyed.readInto(token, property, target);
        break;
      case 'function':
        properties.flowInto(property, target);
        if (property !== undefined) keyed.readInto(token, property, target);
        if (isElement(property)) add(target, token);
        break;
      case 'generator': {
        if (property !== undefined && STEPS.has(property)) add(target, { kind: 'step', fn: token.fn });
        const places = generatorPlaces(token.fn, numbering);
        if (places === undefined || (property !== undefined && property !== 'value')) break;
        edge(places.yields, target);
        edge(places.result, target);
      }
    }
  }

  function loadAny(token: Token, target: number): void {
    named.readInto(token, target);
    if (token.kind === 'object') edge(place(`members ${token.obj}`), target);
    else if (token.kind === 'class' || token.kind === 'instance')
      classMember(token.cls, token.kind === 'class', undefined, target);
    else if (token.kind === 'namespace') load(token, undefined, target);
  }

  /** The place of a member of any value. */
  function anyMember(property: string | undefined): number {
    const name = `member ${property ?? '*'}`;
    const isKnown = !graph.isNew(name);
    const found = place(name);
    if (isKnown) return found;
    properties.flowInto(property, found);
    watchAll(modulesHeld, (token) => load(token, property, found));
    edge(outsideResults, found);
    if (property !== undefined && assumedPath(property) !== undefined) {
      watchAll(blockingModulesHeld, (token) => {
        if (token.kind !== 'external') return;
        const path = memberPath(token.path, property);
        if (blockingAt(path) !== undefined) add(found, { kind: 'external', path });
      });
    }
    return found;
  }

  function loadUnknown(property: string | undefined, target: number, call: MethodCall | undefined): void {
    const type = call && receiverTypes(call.fileName, call.span);
    if (type?.kind === 'instance') load(type, property, target);
    else if (type?.kind === 'platform') {
      // Classes of the program may extend the platform's, and properties of its objects may be assigned.
      properties.assignedInto(property, target);
      edge(properties.inherited(property), target);
    } else properties.flowInto(property, target);
  }

  /** Members of a class, of its ancestors, and what subclasses override; false if it has none of this name. */
  function classMember(cls: number, isStatic: boolean, property: string | undefined, target: number): boolean {
    const key = `member ${isStatic ? 'of' : 'in'} class ${cls} ${property ?? '*'}`;
    const isKnown = !graph.isNew(key);
    const members = place(key);
    if (property === undefined) {
      if (!isKnown) {
        for (const fn of hierarchy.membersOf(cls, isStatic)) add(members, { kind: 'function', fn });
        for (const name of hierarchy.fieldsOf(cls, isStatic)) edge(properties.declared(name), members);
      }
      edge(members, target);
      return false;
    }
    // A class may have thousands of subclasses, each with accesses to what it inherits.
    if (!isKnown)
      for (const fn of hierarchy.membersNamed(cls, isStatic, property)) add(members, { kind: 'function', fn });
    edge(members, target);
    edge(properties.assigned(property), target);
    return !graph.isEmpty(members);
  }

  /** Blocking methods that a class of the program inherits from one that is not. */
  function inheritBlocking(cls: number, property: string, target: number): void {
    for (const parent of hierarchy.parentsOf(cls)) {
      const path = `${objectMadeBy(parent)}.${property}`;
      if (blockingAt(path) !== undefined) add(target, { kind: 'external', path });
    }
  }

  return { load, loadAny, loadUnknown };
}
