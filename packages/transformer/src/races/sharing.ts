/** Which objects several flows of control can get hold of, and so which places hold state that they share. */
import type { Node } from '@babel/types';
import type { FunctionFact } from '../facts/facts.js';
import { type Arrival, keyOf, type Token } from '../flow/tokens.js';
import { type FunctionNode, unwrap } from '../syntax/nodes.js';
import type { Binding } from './bindings.js';
import { type Flows, MANY, OWN } from './flows.js';
import type { FunctionModel, Model, ModuleModel } from './model.js';
import { parameterName } from './parameters.js';
import type { Path } from './paths.js';

export interface Sharing {
  /** Whether a place that a function names holds state that other flows may write to. */
  isShared(fn: FunctionModel, path: Path): boolean;
  /** Whether other flows may get hold of the object at a place. */
  isSharedObject(fn: FunctionModel, path: Path): boolean;
}

/** More kinds of objects at a place say nothing of any of them. */
const FEW = 4;
const ROUNDS = 3;

export function sharingIn(model: Model, flows: Flows): Sharing {
  const { colouring, closed } = model;
  const { flow } = colouring;
  const shared = new Map<string, Token>();
  /** Constructor functions in the style before classes, by their variables, of which an object is shared. */
  const constructors = new Set<Binding>();

  function share(values: readonly Arrival[]): void {
    const tokens = values.flatMap((token) => (token.kind === 'any' ? [] : [token]));
    const objects = tokens.filter(({ kind }) => kind === 'object' || kind === 'instance' || kind === 'class');
    if (objects.length > FEW) return;
    for (const token of objects) {
      if (shared.has(keyOf(token))) continue;
      shared.set(keyOf(token), token);
      if (token.kind === 'object') share(flow.membersOf(token.obj));
    }
  }
  const isKnown = (values: readonly Arrival[]) =>
    values.some((token) => token.kind !== 'any' && shared.has(keyOf(token)));
  /** Whether a value can be nothing but one of the shared objects. */
  const isSurely = (values: readonly Arrival[]) =>
    values.length > 0 && values.every((token) => token.kind !== 'any' && shared.has(keyOf(token)));

  for (const { index, facts } of model.modules) {
    const held = [...facts.variables, ...facts.exports.map(({ value }) => value)];
    for (const vertex of held) {
      const values = flow.heldAt(index, vertex);
      share(values);
      // Whoever imports a class may share its objects.
      if (!closed)
        share(values.flatMap((token) => (token.kind === 'class' ? [{ kind: 'instance', cls: token.cls }] : [])));
    }
  }

  function factOf(module: ModuleModel, fn: FunctionNode | undefined): FunctionFact | undefined {
    return fn === undefined ? module.facts.functions[0] : model.functionAt(module, fn)?.coloured.fact;
  }
  /** What a variable of a function may hold. */
  function heldBy(module: ModuleModel, binding: Binding, seen = new Set<Binding>()): readonly Arrival[] {
    if (seen.has(binding)) return [];
    seen.add(binding);
    if (binding.kind === 'parameter' && binding.owner !== undefined) {
      const index = binding.owner.params.findIndex((param) => parameterName(param) === binding.name);
      const vertex = factOf(module, binding.owner)?.params[index];
      return vertex === undefined ? [] : flow.heldAt(module.index, vertex);
    }
    return binding.given.flatMap((given) =>
      given === undefined || given.steps.length > 0 ? [] : heldAt(module, given.from, seen),
    );
  }
  function heldAt(module: ModuleModel, wrapped: Node, seen: Set<Binding>): readonly Arrival[] {
    const node = unwrap(wrapped);
    if (node.type === 'Identifier') {
      const binding = module.names.of(node);
      return binding === undefined ? [] : heldBy(module, binding, seen);
    }
    if (node.type === 'AwaitExpression') return heldAt(module, node.argument, seen);
    if (node.type === 'LogicalExpression')
      return [...heldAt(module, node.left, seen), ...heldAt(module, node.right, seen)];
    const site = model.siteAt(module, node);
    return site === undefined ? [] : flow.heldAt(module.index, site.call.fact.result);
  }

  /** Whether the object that is `this` in a function, which is no arrow function, is shared. */
  function isSharedSelf(module: ModuleModel, fn: FunctionNode | undefined): boolean {
    if (fn === undefined) return true;
    // Nobody has the object yet.
    if (fn.type === 'ClassMethod' && fn.kind === 'constructor') return false;
    const fact = factOf(module, fn);
    if (fact !== undefined && isKnown(flow.heldAt(module.index, fact.self))) return true;
    const holder = module.names.holderOf(fn);
    return holder !== undefined && isSharedHolder(module, holder, fn);
  }
  function isSharedHolder(module: ModuleModel, holder: Node, fn: FunctionNode): boolean {
    if (holder.type === 'ObjectExpression') {
      const place = module.names.holderOf(holder);
      const within = module.names.literals.get(holder);
      if (place?.type === 'MemberExpression') return isSharedTarget(module, place, within);
      return place !== undefined && within === undefined;
    }
    return holder.type === 'MemberExpression' && isSharedTarget(module, holder, module.names.parentOf(fn));
  }
  /** Whether the object is shared to which a property is assigned, such as `f` in `f.prototype.m = function () {}`. */
  function isSharedTarget(module: ModuleModel, target: Node, within: FunctionNode | undefined): boolean {
    const path = module.paths.of(target, within);
    if (path === undefined) return false;
    const { root, steps } = path;
    if (steps[0] === '.prototype')
      return root.kind === 'variable' && constructors.has(model.canonical(module, root.binding));
    if (root.kind === 'variable') return root.binding.owner === undefined && root.binding.kind !== 'import';
    // `module.exports = function () {}` is called, or constructed.
    if (root.kind !== 'global' || (root.name === 'module' && steps.length === 1)) return false;
    return /^(exports|module|globalThis|global)$/.test(root.name);
  }

  function isSharedRoot(fn: FunctionModel, { root }: Path): boolean {
    const { module, node } = fn;
    switch (root.kind) {
      case 'global':
      case 'file':
        return true;
      case 'this': {
        const isCaptured = root.fn !== undefined && root.fn !== node && model.isInside(fn, root.fn);
        return (isCaptured && flows.within(fn, root.fn) === MANY) || isSharedSelf(module, root.fn);
      }
      case 'result': {
        const site = model.siteAt(module, root.call);
        return site !== undefined && isSurely(flow.heldAt(module.index, site.call.fact.result));
      }
      default: {
        const { binding } = root;
        if (binding.owner === undefined) return true;
        if (binding.owner !== node && model.isInside(fn, binding.owner) && flows.within(fn, binding.owner) === MANY)
          return true;
        return isSurely(heldBy(module, binding));
      }
    }
  }

  /** Takes note of the objects that are put where flows share them, or got from there. */
  function follow(): void {
    for (const fn of model.functions.values()) {
      if (flows.of(fn.id) === undefined) continue;
      const { module } = fn;
      for (const site of model.sitesIn(fn.id)) {
        const node = model.nodeOf(site);
        if (node === undefined || !('callee' in node)) continue;
        const { fact } = site.call;
        const callee = unwrap(node.callee);
        if (callee.type !== 'MemberExpression' && callee.type !== 'OptionalMemberExpression') continue;
        if (callee.object.type === 'Super') continue;
        const object = module.paths.objectAt(callee.object, fn.node);
        if (object === undefined || !isSharedRoot(fn, object)) continue;
        if (fact.receiver !== undefined) share(flow.heldAt(module.index, fact.receiver));
        if (site.targets.length === 0) for (const arg of fact.args) share(flow.heldAt(module.index, arg));
      }
    }
    for (const module of model.modules) {
      const at = (vertex: number) => flow.heldAt(module.index, vertex);
      for (const { object, value } of module.facts.stores)
        if (object !== undefined && isKnown(at(object))) share(at(value));
      for (const { cls, value, isStatic } of module.names.fields) {
        const i = module.facts.classes.findIndex(({ end }) => end === cls.end);
        const id = flow.classOf(module.index, i);
        if (i !== -1 && shared.has(keyOf({ kind: isStatic ? 'class' : 'instance', cls: id })))
          share(heldAt(module, value, new Set()));
      }
    }
  }
  /** Takes note of the constructor functions of which some object is shared. */
  function followConstructors(): void {
    for (const module of model.modules) {
      for (const [node, within] of module.names.calls) {
        if (node.type !== 'NewExpression' || node.callee.type !== 'Identifier') continue;
        const binding = module.names.of(node.callee);
        if (binding === undefined) continue;
        const holder = module.names.holderOf(node);
        const owner = within === undefined ? undefined : model.functionAt(module, within);
        const place = holder === undefined ? undefined : module.paths.of(holder, within);
        const isKept =
          owner === undefined
            ? within === undefined
            : place !== undefined &&
              (place.steps.length > 0 ? isSharedRoot(owner, place) : isSharedVariable(owner, place));
        if (isKept) constructors.add(model.canonical(module, binding));
      }
      if (closed) continue;
      for (const fn of module.names.functions) {
        const binding = fn.type === 'FunctionDeclaration' && fn.id ? module.names.of(fn.id) : undefined;
        if (binding !== undefined) constructors.add(binding);
      }
    }
  }

  function isSharedVariable({ module, node, ...fn }: FunctionModel, { root }: Path): boolean {
    if (root.kind !== 'variable') return false;
    const binding = model.canonical(module, root.binding);
    if (!binding.rewritten) return false;
    if (binding.owner === undefined) return true;
    const self: FunctionModel = { module, node, ...fn };
    if (binding.owner === node || !model.isInside(self, binding.owner)) return false;
    const own = flows.within(self, binding.owner);
    if (own === MANY) return true;
    return [...binding.writers].some((writer) => {
      const other = writer === undefined ? undefined : model.functionAt(module, writer);
      const flow = other === undefined ? OWN : flows.within(other, binding.owner as FunctionNode);
      return flow !== undefined && flow !== own;
    });
  }

  for (let round = 0, before = -1; round < ROUNDS && before !== shared.size + constructors.size; round++) {
    before = shared.size + constructors.size;
    follow();
    followConstructors();
  }
  return {
    isSharedObject: isSharedRoot,
    isShared: (fn, path) => (path.steps.length === 0 ? isSharedVariable(fn, path) : isSharedRoot(fn, path)),
  };
}
