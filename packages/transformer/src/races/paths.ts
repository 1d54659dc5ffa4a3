/** Places where state is kept, by the way that leads there from a variable, `this` or a global: `this.cache[key]`. */
import type { Node, PrivateName } from '@babel/types';
import { keyName, literalKey } from '../facts/names.js';
import { childrenOf, type FunctionNode, isNamed, unwrap } from '../syntax/nodes.js';
import type { Binding } from './bindings.js';
import { CONTENT, isUnique } from './files.js';
import type { Names } from './names.js';

export type Root =
  | { readonly kind: 'variable'; readonly binding: Binding }
  /** `this` of a function that is no arrow function; undefined: of the module. */
  | { readonly kind: 'this'; readonly fn: FunctionNode | undefined }
  | { readonly kind: 'global'; readonly name: string }
  /** What a call returns, by the text of the call. */
  | { readonly kind: 'result'; readonly call: Node; readonly text: string }
  /** A file, by the text of the expression that names it; `local` if the text means something in one function only. */
  | { readonly kind: 'file'; readonly text: string; readonly local: FunctionNode | undefined };

export interface Path {
  readonly root: Root;
  /**
   * `.name`, or `[key]` with the text of the key: also of what maps hold under a key. `[*]`: elements, whichever. `.#name@class`: private names, which
   * classes have each for itself.
   */
  readonly steps: readonly string[];
}

/** Elements of a collection, or how many they are. */
export const ELEMENTS = '[*]';

/** What calls of a method of a collection do with what the collection holds. */
export interface CollectionMethod {
  /** Reads or writes the element that the first argument names, or elements whichever. */
  readonly reads?: 'element' | 'elements';
  readonly writes?: 'element' | 'elements';
  /** The argument that is written. */
  readonly value?: number;
  /** Nothing is left. */
  readonly empties?: true;
}

function methods(names: string, method: CollectionMethod): [string, CollectionMethod][] {
  return names.split(' ').map((name) => [name, method]);
}

export const COLLECTION_METHODS: ReadonlyMap<string, CollectionMethod> = new Map([
  ...methods('get has hasOwnProperty', { reads: 'element' }),
  ...methods(
    'includes indexOf lastIndexOf find findIndex findLast some every filter map forEach reduce keys values entries join slice concat flat flatMap at',
    { reads: 'elements' },
  ),
  ...methods('set', { writes: 'element', value: 1 }),
  ...methods('add', { writes: 'element', value: 0 }),
  ...methods('delete', { writes: 'element' }),
  ...methods('push unshift', { writes: 'elements', value: 0 }),
  ...methods('pop shift splice sort reverse fill copyWithin', { writes: 'elements' }),
  ...methods('clear', { writes: 'elements', empties: true }),
]);

/** A step as it may be written. */
export function displayOfStep(step: string): string {
  return step.startsWith('.#') ? step.replace(/@.*/, '') : step;
}

export interface Paths {
  /** The place that an expression names; undefined for what is computed. */
  of(expression: Node, fn: FunctionNode | undefined): Path | undefined;
  /** The place of the object that an expression names, looking through the local variables that stand for it. */
  objectAt(expression: Node, fn: FunctionNode | undefined): Path | undefined;
  /** The file that an expression names; undefined for a name that is made for one use. */
  fileAt(expression: Node, fn: FunctionNode | undefined): Path | undefined;
  /** `this` */
  self(fn: FunctionNode | undefined): Path;
  /** The element of an object that a key names. */
  element(object: Path, key: Node | undefined): Path;
  /** The property of an object that a key names, as in a pattern or a literal. */
  member(object: Path, key: Node, isComputed: boolean): Path;
}

/** Methods of collections that return an element. */
const GETTERS: ReadonlySet<string> = new Set(['get', 'at', 'find', 'findLast']);

/** No path is longer. */
export const MAX_STEPS = 6;

/**
 * @param classOf tells the class that declares a private name from all others
 * @param spelled what may stand in the place of a key
 */
export function pathsIn(
  names: Names,
  text: string,
  classOf: (name: PrivateName) => string,
  spelled: (key: Node) => Node,
): Paths {
  const aliases = new Map<Binding, Path | undefined>();
  const textOf = (node: Node) => text.slice(node.start as number, node.end as number).replace(/\s+/g, ' ');

  /** The function whose `this` is meant in `fn`. */
  function owner(fn: FunctionNode | undefined): FunctionNode | undefined {
    let at = fn;
    while (at?.type === 'ArrowFunctionExpression') at = names.parentOf(at);
    return at;
  }
  function self(fn: FunctionNode | undefined): Path {
    return { root: { kind: 'this', fn: owner(fn) }, steps: [] };
  }
  function stepOf(node: Extract<Node, { type: 'MemberExpression' | 'OptionalMemberExpression' }>): string {
    if (node.property.type === 'PrivateName') return `.#${node.property.id.name}@${classOf(node.property)}`;
    return keyStep(node.property, node.computed);
  }
  function keyStep(key: Node, isComputed: boolean): string {
    const name = isComputed ? literalKey(spelled(key)) : keyName(key);
    if (name === 'length' || name === 'size') return ELEMENTS;
    return name === undefined ? `[${textOf(key)}]` : `.${name}`;
  }
  function extended(path: Path | undefined, steps: readonly string[]): Path | undefined {
    if (path === undefined || path.steps.length + steps.length > MAX_STEPS) return undefined;
    return { root: path.root, steps: [...path.steps, ...steps] };
  }
  function of(wrapped: Node, fn: FunctionNode | undefined): Path | undefined {
    const node = unwrap(wrapped);
    switch (node.type) {
      case 'Identifier': {
        const binding = names.of(node);
        if (binding !== undefined) return { root: { kind: 'variable', binding }, steps: [] };
        return node.name === 'undefined' ? undefined : { root: { kind: 'global', name: node.name }, steps: [] };
      }
      case 'ThisExpression':
        return self(fn);
      case 'MemberExpression':
      case 'OptionalMemberExpression':
        return node.object.type === 'Super' ? undefined : extended(objectAt(node.object, fn), [stepOf(node)]);
      default:
        return undefined;
    }
  }
  function objectAt(wrapped: Node, fn: FunctionNode | undefined): Path | undefined {
    const node = unwrap(wrapped);
    switch (node.type) {
      case 'CallExpression':
      case 'OptionalCallExpression':
        // A module is the same for everybody who asks for it.
        if (isNamed(node.callee, 'require') && names.of(node.callee) === undefined)
          return { root: { kind: 'global', name: textOf(node) }, steps: [] };
        return elementGot(node, fn) ?? { root: { kind: 'result', call: node, text: textOf(node) }, steps: [] };
      case 'LogicalExpression':
        return objectAt(node.left, fn) ?? objectAt(node.right, fn);
      case 'ConditionalExpression':
        return objectAt(node.consequent, fn) ?? objectAt(node.alternate, fn);
      case 'AssignmentExpression':
        return objectAt(node.left, fn);
      default:
    }
    const path = of(node, fn);
    if (path?.root.kind !== 'variable') return path;
    const place = aliased(path.root.binding);
    return place === undefined ? path : extended(place, path.steps);
  }
  /** Where the object of a variable lives, if that is some other place than the variable. */
  function aliased(binding: Binding): Path | undefined {
    if (binding.kind === 'import' || binding.kind === 'definition') return undefined;
    if (aliases.has(binding)) return aliases.get(binding);
    // Variables that are given each other stand for themselves.
    aliases.set(binding, undefined);
    for (const given of binding.given) {
      const found = given && extended(objectAt(given.from, binding.owner), given.steps);
      if (found === undefined || !isPlace(found)) continue;
      aliases.set(binding, found);
      return found;
    }
    return undefined;
  }
  /** Results are objects made for the caller, unless they are known to be shared. */
  function isPlace({ root, steps }: Path): boolean {
    return root.kind !== 'global' || steps.length > 0 || root.name === 'globalThis';
  }
  /** `map.get(key)`, `list.find(test)` */
  function elementGot(
    node: Extract<Node, { type: 'CallExpression' | 'OptionalCallExpression' }>,
    fn: FunctionNode | undefined,
  ): Path | undefined {
    const { callee } = node;
    if (callee.type !== 'MemberExpression' && callee.type !== 'OptionalMemberExpression') return undefined;
    const method = callee.computed ? undefined : keyName(callee.property);
    if (method === undefined || !GETTERS.has(method) || callee.object.type === 'Super') return undefined;
    const object = objectAt(callee.object, fn);
    return object && extended(object, [elementStep(node.arguments[0])]);
  }
  function fileAt(wrapped: Node, fn: FunctionNode | undefined): Path | undefined {
    const node = unwrap(wrapped);
    const used = new Set<Binding>();
    const visit = (at: Node): void => {
      const binding = at.type === 'Identifier' ? names.of(at) : undefined;
      if (binding?.owner !== undefined) used.add(binding);
      for (const child of childrenOf(at)) visit(child);
    };
    visit(node);
    const [only] = used;
    const given =
      used.size === 1 && node.type === 'Identifier' && only?.given.length === 1 ? only.given[0]?.from : undefined;
    if (isUnique(textOf(node)) || (given && isUnique(textOf(given)))) return undefined;
    const path = node.type === 'Identifier' || /MemberExpression$/.test(node.type) ? of(node, fn) : undefined;
    if (path !== undefined) return extended(path, [CONTENT]);
    return { root: { kind: 'file', text: textOf(node), local: used.size === 0 ? undefined : fn }, steps: [CONTENT] };
  }
  function elementStep(key: Node | undefined): string {
    if (key === undefined) return ELEMENTS;
    const literal = literalKey(spelled(key));
    return literal === undefined ? `[${textOf(key)}]` : `.${literal}`;
  }

  return {
    of,
    objectAt,
    self,
    fileAt,
    element: ({ root, steps }, key) => ({ root, steps: [...steps, elementStep(key)] }),
    member: ({ root, steps }, key, isComputed) => ({ root, steps: [...steps, keyStep(key, isComputed)] }),
  };
}
