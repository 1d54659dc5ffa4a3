/** Places in a called function, in terms of who calls it. */
import type { FunctionNode } from '../syntax/nodes.js';
import type { Call } from './events.js';
import { type FunctionModel, isFile, isSameRoot, type Model, type ModuleModel } from './model.js';
import { argumentFor } from './parameters.js';
import { ELEMENTS, MAX_STEPS, type Path } from './paths.js';

/** A function, or a module as what runs when it is loaded. */
export interface Caller {
  readonly module: ModuleModel;
  readonly node: FunctionNode | undefined;
}

/** The place that a path of `callee` is for the caller; undefined where the caller has no name for it. */
export function translated(
  path: Path,
  callee: FunctionModel,
  caller: Caller,
  call: Call,
  model: Model,
): Path | undefined {
  const { root, steps } = path;
  const { module, node } = caller;
  // A key means nothing where its names mean something else.
  const isOwnText = node !== undefined && callee.module === module && model.isInside(callee, node);
  if (!isOwnText && steps.some((step) => step.startsWith('[') && step !== ELEMENTS)) return undefined;
  const below = (base: Path | undefined): Path | undefined => {
    if (base === undefined || base.root.kind === 'result' || base.steps.length + steps.length > MAX_STEPS)
      return undefined;
    return model.canonicalPath(module, { root: base.root, steps: [...base.steps, ...steps] });
  };
  switch (root.kind) {
    case 'result':
      return undefined;
    case 'file':
      return root.local === undefined ? path : undefined;
    case 'global':
      return path;
    case 'this':
      if (callee.module === module && isSameRoot(module.paths.self(node).root, root)) return path;
      return root.fn === callee.node ? below(call.receiver) : undefined;
    default: {
      const { binding } = root;
      if (binding.owner === undefined) return path;
      if (binding.owner !== callee.node)
        return node !== undefined && model.isInside(caller, binding.owner) ? path : undefined;
      const argument = binding.kind === 'parameter' ? argumentFor(binding, callee.node, call.node) : undefined;
      if (argument === undefined) return undefined;
      if (steps.length > 1 || !isFile(path)) return below(module.paths.objectAt(argument, node));
      const file = module.paths.fileAt(argument, node);
      return file && model.canonicalPath(module, file);
    }
  }
}
