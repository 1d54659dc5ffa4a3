/** The program as this analysis sees it: syntax trees, names and places, next to the functions and calls of colouring. */
import type { Class, Node, PrivateName } from '@babel/types';
import type { ColouredFunction, Colouring } from '../colour/colour.js';
import type { Site } from '../colour/site.js';
import { spellingIn } from '../facts/constantKeys.js';
import type { ModuleFacts } from '../facts/facts.js';
import type { ParsedModule } from '../parse/parse.js';
import { spanKey } from '../program.js';
import { type FunctionNode, spanOf } from '../syntax/nodes.js';
import { hasBodyApart } from '../syntax/parameters.js';
import { classesOfPrivateNames } from '../syntax/privateNames.js';
import type { Binding } from './bindings.js';
import { CONTENT } from './files.js';
import { type Names, resolveNames } from './names.js';
import { ELEMENTS, type Path, type Paths, pathsIn, type Root } from './paths.js';

export interface ModuleModel {
  readonly index: number;
  readonly source: ParsedModule;
  readonly facts: ModuleFacts;
  readonly names: Names;
  readonly paths: Paths;
}

export interface FunctionModel {
  /** The id that colouring knows it by. */
  readonly id: number;
  readonly module: ModuleModel;
  readonly node: FunctionNode;
  readonly coloured: ColouredFunction;
}

export interface Model {
  readonly colouring: Colouring;
  /** Whether nothing but the program calls its functions. */
  readonly closed: boolean;
  readonly modules: readonly ModuleModel[];
  readonly functions: ReadonlyMap<number, FunctionModel>;
  /** The sites of a function's own calls. */
  sitesIn(fn: number): readonly Site[];
  siteAt(module: ModuleModel, call: Node): Site | undefined;
  nodeOf(site: Site): Node | undefined;
  functionAt(module: ModuleModel, node: FunctionNode): FunctionModel | undefined;
  /** The variable that an import denotes, where a module of the program declares it. */
  canonical(module: ModuleModel, binding: Binding): Binding;
  /** The same path with the variable that an import denotes. */
  canonicalPath(module: ModuleModel, path: Path): Path;
  /** Whether functions lie in each other. */
  isInside(
    inner: { readonly module: ModuleModel; readonly node: FunctionNode | undefined },
    outer: FunctionNode,
  ): boolean;
}

export function modelOf(
  sources: readonly ParsedModule[],
  facts: readonly ModuleFacts[],
  colouring: Colouring,
  closed: boolean,
  resolve: (specifier: string, fromFile: string) => string | undefined,
): Model {
  const modules = sources.map((source, index): ModuleModel => {
    const names = resolveNames(source.ast.program);
    let classes: ReadonlyMap<PrivateName, Class> | undefined;
    const classOf = (name: PrivateName) => {
      classes ??= classesOfPrivateNames(source.ast.program);
      return `${index}:${classes.get(name)?.start}`;
    };
    const paths = pathsIn(names, source.text, classOf, spellingIn(source));
    return { index, source, facts: facts[index] as ModuleFacts, names, paths };
  });
  const byFile = new Map(modules.map((module) => [module.source.fileName, module]));
  const bySpan = modules.map(
    (module) =>
      new Map(
        module.facts.functions.map((fact, i) => [spanKey(fact.span), colouring.flow.functionOf(module.index, i)]),
      ),
  );
  const idOf = (module: ModuleModel, node: FunctionNode) =>
    bySpan[module.index]?.get(spanKey(spanOf(hasBodyApart(node) ? node.body : node)));
  const functions = new Map<number, FunctionModel>();
  for (const module of modules) {
    for (const node of module.names.functions) {
      const id = idOf(module, node);
      const coloured = id === undefined ? undefined : colouring.functions[id];
      if (coloured !== undefined && coloured.fact.kind !== 'module')
        functions.set(coloured.id, { id: coloured.id, module, node, coloured });
    }
  }
  const sites = new Map<number, Site[]>();
  const siteBySpan = modules.map(() => new Map<number, Site>());
  for (const site of colouring.sites) {
    const list = sites.get(site.call.caller);
    if (list) list.push(site);
    else sites.set(site.call.caller, [site]);
    siteBySpan[site.call.module]?.set(spanKey(site.call.fact.span), site);
  }
  const callNodes = modules.map(
    ({ names }) => new Map([...names.calls.keys()].map((node) => [spanKey(spanOf(node)), node])),
  );

  function exportedBy(module: ModuleModel | undefined, name: string, depth = 0): Binding | undefined {
    const found = module?.names.exported.get(name);
    return module === undefined || found === undefined || depth > 5 ? found : follow(module, found, depth + 1);
  }
  function follow(module: ModuleModel, binding: Binding, depth: number): Binding {
    if (binding.imported === undefined) return binding;
    const file = resolve(binding.imported.specifier, module.source.fileName);
    return (file === undefined ? undefined : exportedBy(byFile.get(file), binding.imported.name, depth)) ?? binding;
  }
  const known = new Map<Binding, Binding>();
  function canonical(module: ModuleModel, binding: Binding): Binding {
    let found = known.get(binding);
    if (found === undefined) {
      found = follow(module, binding, 0);
      known.set(binding, found);
    }
    return found;
  }
  return {
    colouring,
    closed,
    modules,
    functions,
    sitesIn: (fn) => sites.get(fn) ?? [],
    siteAt: (module, call) => siteBySpan[module.index]?.get(spanKey(spanOf(call))),
    nodeOf: (site) => callNodes[site.call.module]?.get(spanKey(site.call.fact.span)),
    functionAt(module, node) {
      const id = idOf(module, node);
      return id === undefined ? undefined : functions.get(id);
    },
    canonical,
    canonicalPath(module, path) {
      if (path.root.kind !== 'variable') return path;
      const binding = canonical(module, path.root.binding);
      return binding === path.root.binding ? path : { ...path, root: { kind: 'variable', binding } };
    },
    isInside({ module, node }, outer) {
      for (let at: FunctionNode | undefined = node; at !== undefined; at = module.names.parentOf(at)) {
        if (at === outer) return true;
      }
      return false;
    },
  };
}

export function isSameRoot(a: Root, b: Root): boolean {
  switch (a.kind) {
    case 'variable':
      return b.kind === 'variable' && a.binding === b.binding;
    case 'this':
      return b.kind === 'this' && a.fn === b.fn;
    case 'global':
      return b.kind === 'global' && a.name === b.name;
    case 'result':
      return b.kind === 'result' && a.text === b.text;
    case 'file':
      return b.kind === 'file' && a.text === b.text && a.local === b.local;
  }
}

function isPrefix(a: Path, b: Path): boolean {
  return (
    a.steps.length <= b.steps.length && isSameRoot(a.root, b.root) && a.steps.every((step, i) => step === b.steps[i])
  );
}

/** Whether a write to one place changes what was read at the other: it is that place, or one on the way to it. */
export function changes(write: Path, read: Path): boolean {
  if (isPrefix(write, read)) return true;
  // Elements, or how many they are, against one of them.
  const [w, r] = [write.steps.at(-1), read.steps.at(-1)];
  const isElement = (step: string | undefined) => step?.startsWith('[');
  if (r !== ELEMENTS || !isElement(w) || write.steps.length !== read.steps.length) return false;
  return isPrefix({ ...write, steps: write.steps.slice(0, -1) }, read);
}

/** Whether a place is a file. */
export function isFile({ steps }: Path): boolean {
  return steps.at(-1) === CONTENT;
}

/** Whether a write changes a part of what was read as a whole. */
export function changesPart(write: Path, read: Path): boolean {
  return isPrefix(read, write);
}
