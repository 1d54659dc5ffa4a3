/** What a function does to shared state, in the order in which it does it: blocks of events, and where control goes from each. */
import type { Expression, Node, Program, SpreadElement, Statement } from '@babel/types';
import { keyName } from '../facts/names.js';
import { childrenOf, type FunctionNode, isFunction, isMember, type MemberNode, unwrap } from '../syntax/nodes.js';
import type { FileAccess } from './files.js';
import { type Binding, isEvaluated, type Names } from './names.js';
import { COLLECTION_METHODS, type Path, type Paths } from './paths.js';

/** What a value depends on: what a local variable held, what an event read, or what a call gave. */
export type Source = Binding | number;
/** Each with whether the value is what the source gave, or was computed from it by a call. */
export type Sources = ReadonlyMap<Source, 'itself' | 'computed'>;

/**
 * What is written.
 * - `empty`: nothing, in place of what there was: `[]`, `null`, `0`.
 * - `literal`: another constant.
 * - `instance`: an object of a class, which is not like another one.
 */
export type Shape = 'empty' | 'literal' | 'instance' | 'other';

export interface Read {
  readonly kind: 'read';
  readonly id: number;
  readonly path: Path;
  /** What the place leads to is read as well. */
  readonly deep: boolean;
  readonly node: Node;
}

/** A variable is read for the object that it holds, whose members have places of their own. */
export interface Take {
  readonly kind: 'take';
  readonly path: Path;
  readonly node: Node;
}

export interface Write {
  readonly kind: 'write';
  readonly path: Path;
  readonly node: Node;
  readonly value: Sources;
  readonly shape: Shape;
}

export interface Call {
  readonly kind: 'call';
  readonly id: number;
  readonly node: Node;
  readonly args: Sources;
  readonly receiver: Path | undefined;
}

export type Event =
  | Read
  | Take
  | Write
  | Call
  | { readonly kind: 'set'; readonly binding: Binding; readonly value: Sources }
  | { readonly kind: 'return'; readonly value: Sources }
  /** A suspension that is in the source. */
  | { readonly kind: 'await'; readonly value: Sources };

/** A part of a condition, and whether it only asks if something is there. */
export interface Test {
  readonly value: Sources;
  readonly ofPresence: boolean;
}

export interface Block {
  readonly events: Event[];
  readonly next: Set<Block>;
  /** The condition by which control goes on. */
  tests: readonly Test[];
}

export interface ControlFlow {
  readonly entry: Block;
  readonly exit: Block;
  readonly blocks: readonly Block[];
}

/** What the rest of the analysis knows about a function's parts. */
export interface Knowledge {
  readonly names: Names;
  readonly paths: Paths;
  /** Whether other code may write to a place while the function is suspended. */
  isShared(path: Path): boolean;
  /** Whether other code may change the object that is at a place. */
  isSharedObject(path: Path): boolean;
  /** Whether a call is one of a method of the language's collections, as far as is known. */
  isOfCollection(call: Node): boolean;
  /** What a call does to files. */
  fileAccess(call: Node): FileAccess | undefined;
  /** Whether a call may suspend that could not do so in the source. */
  suspends(call: Node): boolean;
  /** Whether an access runs an accessor of the program. */
  runsAccessor(access: Node): boolean;
}

type Frame =
  | { readonly kind: 'catch'; readonly entry: Block }
  | { readonly kind: 'finally'; readonly entry: Block; readonly exits: Set<Block> }
  | {
      readonly kind: 'jump';
      readonly labels: readonly string[];
      readonly breakTo: Block;
      readonly continueTo: Block | undefined;
      /** Whether `break` without a label ends it. */
      readonly plain: boolean;
    };

/** What has events of its own. */
const CALLS = /^((Optional)?Call|New|TaggedTemplate)Expression$/;

export const NONE: Sources = new Map();

function only(source: Source): Sources {
  return new Map([[source, 'itself']]);
}

export function union(...parts: readonly Sources[]): Sources {
  const [first = NONE, ...others] = parts.filter(({ size }) => size > 0);
  if (others.length === 0) return first;
  const all = new Map(first);
  for (const [source, how] of others.flatMap((part) => [...part])) {
    if (how === 'itself' || !all.has(source)) all.set(source, how);
  }
  return all;
}

/** What a call makes of its arguments. */
function computed(sources: Sources): Sources {
  return new Map([...sources.keys()].map((source) => [source, 'computed']));
}

/** @param node a function, or a module's program */
export function controlFlowOf(node: FunctionNode | Program, knowledge: Knowledge): ControlFlow {
  const fn = node.type === 'Program' ? undefined : node;
  const { names, paths } = knowledge;
  const blocks: Block[] = [];
  const frames: Frame[] = [];
  /** What parts of conditions depend on. */
  const values = new Map<Node, Sources>();
  let next = 0;
  /** Labels in front of the statement that comes next. */
  let labels: string[] = [];

  const block = (): Block => {
    const made: Block = { events: [], next: new Set(), tests: [] };
    blocks.push(made);
    return made;
  };
  const entry = block();
  const exit = block();
  let current = entry;

  const emit = (event: Event) => current.events.push(event);
  /** Goes on in `to`, from here. */
  function goTo(to: Block): void {
    current.next.add(to);
    current = to;
  }
  function handler(): Block | undefined {
    const frame = frames.findLast(({ kind }) => kind !== 'jump');
    return frame === undefined || frame.kind === 'jump' ? undefined : frame.entry;
  }
  function isCaught(): boolean {
    return frames.some(({ kind }) => kind === 'catch');
  }
  function mayThrow(): void {
    const to = handler();
    if (to === undefined) return;
    current.next.add(to);
    goTo(block());
  }
  /** Leaves for `target`, by way of the `finally` blocks of the frames above `depth`. */
  function jump(target: Block, depth: number): void {
    let link = (to: Block): unknown => current.next.add(to);
    for (const frame of frames.slice(depth).reverse()) {
      if (frame.kind !== 'finally') continue;
      link(frame.entry);
      link = (to) => frame.exits.add(to);
    }
    link(target);
    current = block();
  }

  function read(path: Path, node: Node, deep = false): number {
    const id = next++;
    emit({ kind: 'read', id, path, deep, node });
    return id;
  }
  function write(path: Path, node: Node, value: Sources, given: Node | undefined): void {
    emit({ kind: 'write', path, node, value, shape: given === undefined ? 'other' : shapeOf(given, names) });
  }
  function sharedAt(node: Node): Path | undefined {
    // What an accessor reads and writes is found in it.
    if (/MemberExpression$/.test(node.type) && callsUnseen(node)) return undefined;
    const path = paths.of(node, fn);
    return path !== undefined && knowledge.isShared(path) ? path : undefined;
  }
  function local(node: Node): Sources {
    const binding = names.of(node);
    // Variables of the functions around say what those knew when this one was called.
    return binding !== undefined && (binding.owner !== undefined || fn === undefined) ? only(binding) : NONE;
  }

  /** Goes two ways: through `work`, or past it. */
  function branch(test: Node, work: () => void, otherwise: () => void = () => {}): void {
    current.tests = partsOf(test);
    const from = current;
    const end = block();
    current = block();
    from.next.add(current);
    work();
    current.next.add(end);
    current = block();
    from.next.add(current);
    otherwise();
    goTo(end);
  }
  function partsOf(wrapped: Node): Test[] {
    const node = unwrap(wrapped);
    if (node.type === 'LogicalExpression') return [...partsOf(node.left), ...partsOf(node.right)];
    if (node.type === 'UnaryExpression' && node.operator === '!') return partsOf(node.argument);
    return [{ value: values.get(node) ?? NONE, ofPresence: asksForPresence(node) }];
  }

  function value(wrapped: Node): Sources {
    const node = unwrap(wrapped);
    const evaluated = evaluate(node);
    const found = union(evaluated, callUnseen(node, evaluated));
    values.set(node, found);
    return found;
  }
  /** Other things than calls may call functions: steps of iterations, accessors. */
  function callsUnseen(node: Node): boolean {
    return !CALLS.test(node.type) && (knowledge.suspends(node) || knowledge.runsAccessor(node));
  }
  /**
   * @param object whose accessors or iterator it may call
   * @returns what such a call gives, if there is one
   */
  function callUnseen(node: Node, args: Sources, object?: Node): Sources {
    if (!callsUnseen(node)) return NONE;
    const id = next++;
    const receiver = object && paths.objectAt(object, fn);
    emit({ kind: 'call', id, node, args, receiver: isMember(node) ? receiverOf(node) : receiver });
    mayThrow();
    return only(id);
  }
  function receiverOf({ object }: MemberNode): Path | undefined {
    return object.type === 'Super' ? paths.self(fn) : paths.objectAt(object, fn);
  }
  function all(nodes: readonly (Node | null | undefined)[]): Sources {
    return union(...nodes.map((node) => (node ? value(node) : NONE)));
  }
  function evaluate(node: Node): Sources {
    if (isFunction(node)) return NONE;
    switch (node.type) {
      case 'Identifier': {
        const path = sharedAt(node);
        return path === undefined ? local(node) : only(read(path, node));
      }
      case 'MemberExpression':
      case 'OptionalMemberExpression': {
        const sources = base(node);
        const path = sharedAt(node);
        return path === undefined ? sources : union(sources, only(read(path, node)));
      }
      case 'CallExpression':
      case 'OptionalCallExpression':
        return call(node, node.callee, node.arguments);
      case 'NewExpression':
        return call(node, node.callee, node.arguments);
      case 'TaggedTemplateExpression':
        return call(node, node.tag, node.quasi.expressions);
      case 'AssignmentExpression':
        return assignment(node.left, node.operator, node.right, node);
      case 'UpdateExpression': {
        const before = value(node.argument);
        assign(node.argument, before, undefined, node);
        return before;
      }
      case 'LogicalExpression':
        return logical(node.left, () => value(node.right));
      case 'ConditionalExpression': {
        const test = value(node.test);
        let [yes, no] = [NONE, NONE];
        branch(
          node.test,
          () => {
            yes = value(node.consequent);
          },
          () => {
            no = value(node.alternate);
          },
        );
        return union(test, yes, no);
      }
      case 'AwaitExpression':
      case 'YieldExpression': {
        const given = node.argument ? value(node.argument) : NONE;
        emit({ kind: 'await', value: given });
        mayThrow();
        return given;
      }
      case 'UnaryExpression': {
        const target = unwrap(node.argument);
        if (node.operator !== 'delete') return value(target);
        if (!isMember(target)) return value(target);
        const sources = base(target);
        const path = sharedAt(target);
        if (path !== undefined) emit({ kind: 'write', path, node, value: NONE, shape: 'empty' });
        return sources;
      }
      case 'BinaryExpression': {
        const sources = all([node.left, node.right]);
        const object = node.operator === 'in' ? paths.objectAt(node.right, fn) : undefined;
        if (object === undefined || !knowledge.isSharedObject(object)) return sources;
        return union(sources, only(read(paths.element(object, node.left), node)));
      }
      case 'ClassExpression':
        return NONE;
      default:
        return all(childrenOf(node).filter((child) => isEvaluated(node, child)));
    }
  }
  /** The object of a member expression, and its computed key. */
  function base(node: MemberNode): Sources {
    const object = unwrap(node.object);
    if (object.type === 'Identifier') take(object);
    const sources = object.type === 'Identifier' ? local(object) : isMember(object) ? accessed(object) : value(object);
    return node.computed ? union(sources, value(node.property)) : sources;
  }
  function take(node: Node): void {
    const binding = names.of(node);
    if (binding?.rewritten !== true) return;
    const path: Path = { root: { kind: 'variable', binding }, steps: [] };
    if (knowledge.isShared(path)) emit({ kind: 'take', path, node });
  }
  /** A member expression whose value is the object of another, or is called. */
  function accessed(node: MemberNode): Sources {
    const sources = base(node);
    return union(sources, callUnseen(node, sources));
  }
  /** @param right evaluates what stands behind the operator */
  function logical(left: Node, right: () => Sources): Sources {
    const first = value(left);
    let second = NONE;
    const start = blocks.length;
    branch(left, () => {
      second = right();
    });
    // What is there already is not what something that had to be waited for depends on.
    const suspends = blocks.slice(start).some(({ events }) => events.some(isSuspension));
    return suspends ? second : union(first, second);
  }
  function isSuspension(event: Event): boolean {
    return event.kind === 'call' && knowledge.suspends(event.node);
  }

  function call(node: Node, wrapped: Node, args: readonly Node[]): Sources {
    const callee = unwrap(wrapped);
    let sources = NONE;
    let receiver: Path | undefined;
    let method: string | undefined;
    if (isMember(callee)) {
      sources = accessed(callee);
      receiver = receiverOf(callee);
      method = callee.computed ? undefined : keyName(callee.property);
    } else if (callee.type === 'Identifier') sources = local(callee);
    else if (callee.type !== 'Super' && callee.type !== 'Import') sources = value(callee);
    const given = args.map((argument) => passed(argument as Expression | SpreadElement));
    const asked = membership(callee, args);
    if (asked !== undefined) return union(...given.map(computed), only(read(asked, node)));
    const collection =
      method === undefined ||
      receiver === undefined ||
      !knowledge.isOfCollection(node) ||
      !knowledge.isSharedObject(receiver)
        ? undefined
        : COLLECTION_METHODS.get(method);
    const place = (which: 'element' | 'elements') =>
      which === 'element' ? paths.element(receiver as Path, args[0]) : paths.element(receiver as Path, undefined);
    if (collection?.reads) sources = union(sources, only(read(place(collection.reads), node)));
    const file = knowledge.fileAccess(node);
    const placeOf = (i: number) => (args[i] ? paths.fileAt(args[i], fn) : undefined);
    const source = file?.reads === undefined ? undefined : placeOf(file.reads);
    if (source !== undefined) sources = union(sources, only(read(source, node)));
    for (const i of file?.writes ?? []) {
      const target = placeOf(i);
      if (target === undefined || (file?.expects && isCaught())) continue;
      const value = file?.value === undefined ? NONE : (given[file.value] ?? NONE);
      emit({ kind: 'write', path: target, node, value, shape: file?.expects ? 'literal' : 'other' });
    }
    const id = next++;
    emit({ kind: 'call', id, node, args: union(...given), receiver });
    mayThrow();
    if (collection?.writes) {
      const held = collection.value === undefined ? undefined : args[collection.value];
      const path = place(collection.writes);
      if (collection.empties || method === 'delete') emit({ kind: 'write', path, node, value: NONE, shape: 'empty' });
      else write(path, node, union(...given), held);
    }
    if (isAssign(callee) && args[0] !== undefined) {
      const target = paths.objectAt(args[0], fn);
      if (target !== undefined && knowledge.isSharedObject(target))
        write(paths.element(target, undefined), node, union(...given.slice(1)), undefined);
    }
    return union(only(id), sources, ...given.map(computed));
  }
  /** An argument. An object that is handed over is read as a whole. */
  function passed(argument: Expression | SpreadElement): Sources {
    const node = unwrap(argument.type === 'SpreadElement' ? argument.argument : argument);
    let sources = value(node);
    if (argument.type === 'SpreadElement') sources = union(sources, callUnseen(argument, sources));
    if (node.type !== 'Identifier' && !/MemberExpression$/.test(node.type)) return sources;
    const object = paths.objectAt(node, fn);
    if (object === undefined || !knowledge.isSharedObject(object)) return sources;
    return union(sources, only(read(object, node, true)));
  }
  /** The place that `Object.hasOwn(object, key)` and its kin ask for. */
  function membership(callee: Node, args: readonly Node[]): Path | undefined {
    const [object, key] = args;
    if (callee.type !== 'MemberExpression' || object === undefined || key === undefined) return undefined;
    const name = keyName(callee.property);
    const isCall = name === 'call' && /\bhasOwnProperty$/.test(lastName(callee.object));
    if (name !== 'hasOwn' && !isCall) return undefined;
    const path = paths.objectAt(object, fn);
    return path !== undefined && knowledge.isSharedObject(path) ? paths.element(path, key) : undefined;
  }

  function assignment(target: Node, operator: string, right: Node, node: Node): Sources {
    if (operator === '=') {
      const filled = filling(target, right);
      if (filled !== undefined) return assignment(target, `${filled.operator}=`, filled.right, node);
    }
    if (/^(\|\||\?\?|&&)=$/.test(operator)) {
      return logical(target, () => {
        const sources = value(right);
        assign(target, sources, right, node);
        return sources;
      });
    }
    const before = operator === '=' ? reference(target) : value(target);
    const sources = operator === '=' ? value(right) : union(before, value(right));
    assign(target, operator === '=' ? union(sources, before) : sources, operator === '=' ? right : undefined, node);
    return sources;
  }
  /** `place = place || value` */
  function filling(target: Node, wrapped: Node) {
    const right = unwrap(wrapped);
    if (right.type !== 'LogicalExpression') return undefined;
    const [own, first] = [paths.of(target, fn), paths.of(right.left, fn)];
    return own !== undefined && first !== undefined && isSamePlace(own, first) ? right : undefined;
  }
  /** What is evaluated of an assignment's target before its value is; the sources of a computed key. */
  function reference(wrapped: Node): Sources {
    const target = unwrap(wrapped);
    if (target.type !== 'MemberExpression') return NONE;
    base(target);
    return target.computed ? (values.get(unwrap(target.property)) ?? NONE) : NONE;
  }
  /** @param given the expression that is assigned, if it is one that tells what is written */
  function assign(wrapped: Node, sources: Sources, given: Node | undefined, node: Node): void {
    const target = unwrap(wrapped);
    switch (target.type) {
      case 'Identifier': {
        const binding = names.of(target);
        if (binding !== undefined && binding.owner === fn && sharedAt(target) === undefined)
          emit({ kind: 'set', binding, value: sources });
        else {
          const path = sharedAt(target);
          if (path !== undefined) write(path, node, sources, given);
        }
        return;
      }
      case 'MemberExpression': {
        callUnseen(target, sources);
        const path = sharedAt(target);
        if (path !== undefined) write(path, node, sources, given);
        return;
      }
      case 'AssignmentPattern':
        assign(target.left, union(sources, value(target.right)), undefined, node);
        return;
      case 'RestElement':
        assign(target.argument, sources, undefined, node);
        return;
      case 'ArrayPattern': {
        const items = union(sources, callUnseen(target, sources));
        for (const element of target.elements) if (element) assign(element, items, undefined, node);
        return;
      }
      case 'ObjectPattern':
        for (const property of target.properties) {
          if (property.type !== 'RestElement' && property.computed) value(property.key);
          const read = union(sources, callUnseen(property, sources, given));
          assign(property.type === 'RestElement' ? property.argument : property.value, read, undefined, node);
        }
        return;
      default:
    }
  }

  function statements(list: readonly Statement[]): void {
    for (const statement of list) visit(statement);
  }
  function visit(node: Node): void {
    const own = labels;
    labels = [];
    switch (node.type) {
      case 'BlockStatement':
        if (own.length === 0) statements(node.body);
        else jumpable(own, () => statements(node.body));
        return;
      case 'ExpressionStatement':
        value(node.expression);
        return;
      case 'VariableDeclaration':
        for (const { id, init } of node.declarations) {
          if (init) assign(id, value(init), init, node);
        }
        return;
      case 'IfStatement':
        value(node.test);
        branch(
          node.test,
          () => visit(node.consequent),
          () => {
            if (node.alternate) visit(node.alternate);
          },
        );
        return;
      case 'WhileStatement':
        loop(own, { test: node.test, body: () => visit(node.body) });
        return;
      case 'DoWhileStatement':
        loop(own, { test: node.test, body: () => visit(node.body), first: true });
        return;
      case 'ForStatement':
        if (node.init) {
          if (node.init.type === 'VariableDeclaration') visit(node.init);
          else value(node.init);
        }
        loop(own, {
          test: node.test ?? undefined,
          body: () => visit(node.body),
          update: () => {
            if (node.update) value(node.update);
          },
        });
        return;
      case 'ForOfStatement':
      case 'ForInStatement': {
        const items = passed(node.right as Expression);
        loop(own, {
          test: undefined,
          ends: true,
          body: () => {
            const item = union(items, callUnseen(node, items));
            if (node.type === 'ForOfStatement' && node.await) emit({ kind: 'await', value: item });
            const target = node.left.type === 'VariableDeclaration' ? node.left.declarations[0]?.id : node.left;
            if (target) assign(target, item, undefined, node);
            visit(node.body);
          },
        });
        return;
      }
      case 'SwitchStatement':
        switchStatement(node, own);
        return;
      case 'LabeledStatement':
        labels = [...own, node.label.name];
        visit(node.body);
        labels = [];
        return;
      case 'ReturnStatement':
        if (node.argument) emit({ kind: 'return', value: value(node.argument) });
        jump(exit, 0);
        return;
      case 'ThrowStatement': {
        value(node.argument);
        current.next.add(handler() ?? exit);
        current = block();
        return;
      }
      case 'BreakStatement':
      case 'ContinueStatement': {
        const isBreak = node.type === 'BreakStatement';
        const name = node.label?.name;
        const depth = frames.findLastIndex(
          (frame) =>
            frame.kind === 'jump' &&
            (name === undefined
              ? isBreak
                ? frame.plain
                : frame.continueTo !== undefined
              : frame.labels.includes(name)),
        );
        const frame = frames[depth];
        if (frame?.kind !== 'jump') return;
        jump(isBreak ? frame.breakTo : (frame.continueTo ?? frame.breakTo), depth + 1);
        return;
      }
      case 'TryStatement':
        tryStatement(node);
        return;
      case 'FunctionDeclaration':
      case 'ClassDeclaration':
        return;
      case 'ExportNamedDeclaration':
        if (node.declaration) visit(node.declaration);
        return;
      default:
        for (const child of childrenOf(node)) {
          if (/Statement$|^VariableDeclaration$/.test(child.type)) visit(child);
          else if (isEvaluated(node, child)) value(child);
        }
    }
  }
  function jumpable(own: readonly string[], work: () => void): void {
    const end = block();
    frames.push({ kind: 'jump', labels: own, breakTo: end, continueTo: undefined, plain: false });
    work();
    frames.pop();
    goTo(end);
  }
  function loop(
    own: readonly string[],
    parts: { test: Node | undefined; body: () => void; update?: () => void; first?: true; ends?: true },
  ): void {
    const [head, body, again, end] = [block(), block(), block(), block()];
    current.next.add(parts.first ? body : head);
    current = head;
    if (parts.test) {
      value(parts.test);
      current.tests = partsOf(parts.test);
    }
    current.next.add(body);
    if (parts.test || parts.ends) current.next.add(end);
    current = body;
    frames.push({ kind: 'jump', labels: own, breakTo: end, continueTo: again, plain: true });
    parts.body();
    frames.pop();
    goTo(again);
    parts.update?.();
    current.next.add(head);
    current = end;
  }
  function switchStatement(node: Extract<Node, { type: 'SwitchStatement' }>, own: readonly string[]): void {
    const discriminant = value(node.discriminant);
    const end = block();
    frames.push({ kind: 'jump', labels: own, breakTo: end, continueTo: undefined, plain: true });
    const bodies = node.cases.map(() => block());
    let fallback = end;
    node.cases.forEach(({ test }, i) => {
      const body = bodies[i] as Block;
      if (!test) {
        fallback = body;
        return;
      }
      const compared = union(discriminant, value(test));
      current.tests = [{ value: compared, ofPresence: false }];
      current.next.add(body);
      goTo(block());
    });
    current.next.add(fallback);
    node.cases.forEach(({ consequent }, i) => {
      current = bodies[i] as Block;
      statements(consequent);
      current.next.add(bodies[i + 1] ?? end);
    });
    frames.pop();
    current = end;
  }
  function tryStatement(node: Extract<Node, { type: 'TryStatement' }>): void {
    const end = block();
    const last = node.finalizer
      ? ({ kind: 'finally', entry: block(), exits: new Set([handler() ?? exit]) } as const)
      : undefined;
    if (last) frames.push(last);
    const caught = node.handler ? block() : undefined;
    if (caught) frames.push({ kind: 'catch', entry: caught });
    goTo(block());
    mayThrow();
    visit(node.block);
    if (caught) frames.pop();
    current.next.add(last?.entry ?? end);
    if (caught && node.handler) {
      current = caught;
      visit(node.handler.body);
      current.next.add(last?.entry ?? end);
    }
    if (last && node.finalizer) {
      frames.pop();
      current = last.entry;
      visit(node.finalizer);
      for (const to of last.exits) current.next.add(to);
      current.next.add(end);
    }
    current = end;
  }

  if (node.type === 'Program') statements(node.body);
  else {
    for (const param of node.params) {
      const pattern = param.type === 'TSParameterProperty' ? param.parameter : param;
      assign(pattern, NONE, undefined, pattern);
    }
    if (node.body.type === 'BlockStatement') statements(node.body.body);
    else emit({ kind: 'return', value: value(node.body) });
  }
  current.next.add(exit);
  return { entry, exit, blocks };
}

function isSamePlace(a: Path, b: Path): boolean {
  const isSameRoot =
    (a.root.kind === 'variable' && b.root.kind === 'variable' && a.root.binding === b.root.binding) ||
    (a.root.kind === 'this' && b.root.kind === 'this') ||
    (a.root.kind === 'global' && b.root.kind === 'global' && a.root.name === b.root.name);
  return isSameRoot && a.steps.join() === b.steps.join();
}

function lastName(node: Node): string {
  return node.type === 'MemberExpression'
    ? (keyName(node.property) ?? '')
    : node.type === 'Identifier'
      ? node.name
      : '';
}

/** `Object.assign` */
function isAssign(callee: Node): boolean {
  return callee.type === 'MemberExpression' && lastName(callee) === 'assign' && lastName(callee.object) === 'Object';
}

const PRESENCE = new Set(['has', 'hasOwn', 'hasOwnProperty', 'call']);

/** Whether a condition only asks if something is there: `x`, `x === undefined`, `key in x`, `x.has(key)`. */
function asksForPresence(node: Node): boolean {
  switch (node.type) {
    case 'Identifier':
    case 'ThisExpression':
      return true;
    case 'MemberExpression':
    case 'OptionalMemberExpression':
      return lastName(node) !== 'length' && lastName(node) !== 'size';
    case 'CallExpression':
    case 'OptionalCallExpression':
      return PRESENCE.has(lastName(node.callee)) || lastName(node.callee) === 'get';
    case 'BinaryExpression':
      return (
        node.operator === 'in' || (/^[!=]==?$/.test(node.operator) && (isNothing(node.left) || isNothing(node.right)))
      );
    case 'AssignmentExpression':
      return true;
    default:
      return false;
  }
}

/** `null`, `undefined`, and what `typeof` says of the latter. */
function isNothing(node: Node): boolean {
  return (
    node.type === 'NullLiteral' ||
    (node.type === 'Identifier' && node.name === 'undefined') ||
    (node.type === 'StringLiteral' && node.value === 'undefined') ||
    (node.type === 'UnaryExpression' && node.operator === 'void')
  );
}

const COLLECTIONS = /^(Map|Set|WeakMap|WeakSet|WeakRef|Array|Date|RegExp|URL|Promise|Buffer|\w*Array|\w*Error)$/;

function shapeOf(wrapped: Node, names: Names, seen: ReadonlySet<Binding> = new Set()): Shape {
  const node = unwrap(wrapped);
  switch (node.type) {
    case 'NullLiteral':
      return 'empty';
    case 'NumericLiteral':
      return node.value === 0 ? 'empty' : 'literal';
    case 'StringLiteral':
      return node.value === '' ? 'empty' : 'literal';
    case 'BooleanLiteral':
      return node.value ? 'literal' : 'empty';
    case 'ArrayExpression':
      return node.elements.length === 0 ? 'empty' : 'other';
    case 'ObjectExpression':
      return node.properties.length === 0 ? 'empty' : 'other';
    case 'UnaryExpression':
      return node.operator === 'void' ? 'empty' : 'other';
    case 'NewExpression': {
      const name = node.callee.type === 'Identifier' ? node.callee.name : lastName(node.callee);
      if (!COLLECTIONS.test(name)) return 'instance';
      return node.arguments.length === 0 && name !== 'Date' ? 'empty' : 'other';
    }
    case 'AssignmentExpression':
      return shapeOf(node.right, names, seen);
    case 'Identifier': {
      if (node.name === 'undefined') return 'empty';
      const binding = names.of(node);
      if (binding === undefined || binding.given.length !== 1 || seen.has(binding)) return 'other';
      const [given] = binding.given;
      if (given === undefined || given.steps.length > 0) return 'other';
      const shape = shapeOf(given.from, names, new Set([...seen, binding]));
      // An object that was empty when it was made has been filled by now.
      return shape === 'empty' && /^(Array|Object|New)Expression$/.test(unwrap(given.from).type) ? 'other' : shape;
    }
    default:
      return 'other';
  }
}
