/**
 * Races that suspensions open: state that several flows of control share, read before and written after a call that blocked and may
 * now suspend. Read by the report only.
 */
import type { Colouring } from '../colour/colour.js';
import type { ModuleFacts } from '../facts/facts.js';
import type { ParsedModule } from '../parse/parse.js';
import type { Finding } from '../report/finding.js';
import { controlFlowOf } from './controlFlow.js';
import { type Descent, descentIn } from './descent.js';
import { eagerPrefixesIn, type Readers } from './eagerPrefix.js';
import type { ControlFlow } from './events.js';
import { fileAccess } from './files.js';
import { type Flows, flowsIn, MANY } from './flows.js';
import type { Knowledge } from './knowledge.js';
import { excludes, type Locks, locksIn } from './locks.js';
import { changes, changesPart, type FunctionModel, isFile, type Model, modelOf } from './model.js';
import { originsIn } from './origins.js';
import { ELEMENTS, type Path } from './paths.js';
import { hazard } from './sentences.js';
import { type Sharing, sharingIn } from './sharing.js';
import type { Sources } from './sources.js';
import { isKept, type Straddle, straddlesIn } from './straddles.js';
import { type Summaries, summariesIn } from './summaries.js';
import type { Touch } from './touches.js';
import type { Caller } from './translate.js';
import { directoryAccess } from './workingDirectory.js';

export interface RaceInput {
  readonly sources: readonly ParsedModule[];
  readonly facts: readonly ModuleFacts[];
  readonly colouring: Colouring;
  readonly closed: boolean;
  resolve(specifier: string, fromFile: string): string | undefined;
}

/** The functions that write to places, by what the places are called. */
type Writers = ReadonlyMap<string, ReadonlySet<FunctionModel>>;

interface Analysis {
  readonly model: Model;
  readonly flows: Flows;
  readonly sharing: Sharing;
  readonly descent: Descent;
  readonly summaries: Summaries;
  readonly locks: Locks;
  readonly writers: Writers;
}

export function racesIn({ sources, facts, colouring, closed, resolve }: RaceInput): Finding[] {
  const model = modelOf(sources, facts, colouring, closed, resolve);
  const flows = flowsIn(model);
  const sharing = sharingIn(model, flows);
  const descent = descentIn(model);
  const graphs = new Map<number, ControlFlow>();
  for (const fn of model.functions.values()) {
    if (flows.of(fn.id) !== undefined)
      graphs.set(fn.id, controlFlowOf(fn.node, knowledgeOf(fn, model, sharing, descent)));
  }
  const writers = writersIn(model, graphs);
  const isWritten = (path: Path) => writers.has(fieldOf(path));
  const owned = ownedIn(graphs);
  const isOwned = ({ root, steps }: Path) =>
    owned.has(fieldOf({ root, steps: [] })) ||
    steps.some((_, i) => owned.has(fieldOf({ root, steps: steps.slice(0, i + 1) })));
  const summaries = summariesIn({ model, sharing, flows: graphs, suspends: descent.suspends, isWritten, isOwned });
  const locks = locksIn(model, flows);
  const analysis: Analysis = { model, flows, sharing, descent, summaries, locks, writers };
  const hazards = [...graphs].flatMap(([id, graph]) => {
    const fn = model.functions.get(id);
    return fn === undefined || !runsAsynchronously(fn) ? [] : hazardsIn(fn, graph, analysis);
  });
  const prefixes = eagerPrefixesIn(
    model,
    flows,
    descent,
    summaries,
    (caller, isShared) => ({
      ...partsOf(caller, model, descent),
      isShared,
      isSharedObject: ({ root, steps }) => isShared({ root, steps: [...steps, ELEMENTS] }),
    }),
    readersIn(model, flows, graphs),
  );
  return [...hazards, ...prefixes];
}

function runsAsynchronously({ coloured }: FunctionModel): boolean {
  return coloured.arrivals.has('async');
}

function knowledgeOf(fn: FunctionModel, model: Model, sharing: Sharing, descent: Descent): Knowledge {
  return {
    ...partsOf(fn, model, descent),
    isShared: (path) => sharing.isShared(fn, path),
    isSharedObject: (path) => sharing.isSharedObject(fn, path),
  };
}

function partsOf({ module }: Caller, model: Model, descent: Descent): Omit<Knowledge, 'isShared' | 'isSharedObject'> {
  const { names, paths } = module;
  const { colouring } = model;
  const canonical = (path: Path | undefined) => path && model.canonicalPath(module, path);
  return {
    names,
    paths: {
      ...paths,
      of: (expression, at) => canonical(paths.of(expression, at)),
      objectAt: (expression, at) => canonical(paths.objectAt(expression, at)),
      fileAt: (expression, at) => canonical(paths.fileAt(expression, at)),
    },
    isOfCollection(call) {
      const site = model.siteAt(module, call);
      return (
        site === undefined ||
        !site.call.receivers.some(({ kind }) => kind === 'instance' || kind === 'class') ||
        !site.targets.some((target) => target < colouring.functions.length)
      );
    },
    fileAccess: (call) => fileAccess(model.siteAt(module, call), call, module.source.text),
    directoryAccess: (call) => directoryAccess(model.siteAt(module, call), call),
    suspends(call) {
      const site = model.siteAt(module, call);
      return site !== undefined && descent.suspends(site);
    },
    runsAccessor(access) {
      const site = model.siteAt(module, access);
      return site?.access !== undefined && site.targets.some((target) => target < colouring.functions.length);
    },
  };
}

function writersIn(model: Model, graphs: ReadonlyMap<number, ControlFlow>): Writers {
  const writers = new Map<string, Set<FunctionModel>>();
  for (const [id, { blocks }] of graphs) {
    const fn = model.functions.get(id);
    if (fn === undefined) continue;
    for (const { events } of blocks) {
      for (const event of events) {
        if (event.kind !== 'write') continue;
        const set = writers.get(fieldOf(event.path)) ?? new Set();
        set.add(fn);
        writers.set(fieldOf(event.path), set);
      }
    }
  }
  return writers;
}

/** What places are called to which something is written that depends on something else. */
function ownedIn(graphs: ReadonlyMap<number, ControlFlow>): ReadonlySet<string> {
  const owned = new Set<string>();
  for (const { blocks } of graphs.values()) {
    for (const event of blocks.flatMap(({ events }) => events))
      if (event.kind === 'write' && event.value.size > 0 && !isKept(event.path)) owned.add(fieldOf(event.path));
  }
  return owned;
}

/** Reads of places by functions that run when the program has been loaded. */
function readersIn(model: Model, flows: Flows, graphs: ReadonlyMap<number, ControlFlow>): Readers {
  const readers = new Map<string, Touch[]>();
  for (const [id, { blocks }] of graphs) {
    const fn = model.functions.get(id);
    if (fn === undefined || flows.of(id) === 'start') continue;
    for (const event of blocks.flatMap(({ events }) => events)) {
      if (event.kind !== 'read') continue;
      const touch = { path: event.path, writes: false, module: fn.module, node: event.node };
      readers.set(fieldOf(event.path), [...(readers.get(fieldOf(event.path)) ?? []), touch]);
    }
  }
  return (path) =>
    (readers.get(fieldOf(path)) ?? []).filter((touch) => changes(path, touch.path) || changesPart(path, touch.path));
}

/** Properties of objects are told apart by their names. */
function fieldOf({ root, steps }: Path): string {
  const named = steps.findLast((step) => step.startsWith('.'));
  if (named !== undefined) return isFile({ root, steps }) ? `file ${named}` : named;
  switch (root.kind) {
    case 'file':
      return `file ${root.text}`;
    case 'variable':
      return `${root.binding.name} ${root.binding.id}`;
    case 'global':
      return root.name;
    default:
      return ELEMENTS;
  }
}

function hazardsIn(fn: FunctionModel, graph: ControlFlow, analysis: Analysis): Finding[] {
  const { summaries, descent, model } = analysis;
  const origins = originsIn(fn.node, graph);
  const isGiven = (value: Sources) => origins(value).has('parameter');
  const found = straddlesIn(graph, (call) => summaries.effectOf(fn, call), { changes, changesPart }, isGiven);
  const reported = new Set<string>();
  return found.flatMap((straddle) => {
    // One message a write: a value that is used several times is one matter.
    const key = `${straddle.write.node.start} ${straddle.kind === 'mixed'} ${fieldOf(straddle.write.path)}`;
    const site = model.siteAt(fn.module, straddle.suspension.node);
    if (reported.has(key) || site === undefined) return [];
    // What happens within one call is the matter of the called function.
    if (straddle.write.by !== undefined && straddle.write.by === straddle.read) return [];
    const rival = rivalOf(fn, straddle, analysis);
    if (rival === undefined) return [];
    reported.add(key);
    const { by, path } = straddle.write;
    const behind =
      straddle.kind === 'mixed' && straddle.read.kind === 'call'
        ? summaries.readBehind(fn, straddle.read, straddle.path)
        : by && summaries.writeBehind(fn, by, path);
    return [hazard(fn, straddle, { chain: descent.suspends(site) ? descent.chain(site) : [], rival, behind })];
  });
}

/** A function that may write to the place while `fn` is suspended: another one, or another run of `fn`. */
function rivalOf(
  fn: FunctionModel,
  { write }: Straddle,
  { flows, locks, writers }: Analysis,
): FunctionModel | undefined {
  const flow = flows.of(fn.id);
  const candidates = [fn, ...(writers.get(fieldOf(write.path)) ?? [])];
  return candidates.find((other) => {
    const theirs = flows.of(other.id);
    const overlaps = theirs !== undefined && theirs !== 'start' && (flow === MANY || theirs !== flow);
    return overlaps && !excludes(locks, fn, other);
  });
}
